"""A planner that asks a language model, and falls back on the rules.

The model answers in the JSON of plans (``codec.py``) and is held to the scene (``llm_check.py``);
what it got wrong is told to it once. Whatever else happens, the rules answer and the plan's notice
says why. A model's answer can become nothing but steps.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from studio.planner import rules
from studio.planner.codec import PlanError, read_plan
from studio.planner.llm_check import checked
from studio.planner.llm_client import Client, Message, NoAnswer
from studio.planner.llm_prompt import correction, instructions, offered, question
from studio.planner.llm_settings import Endpoint
from studio.planner.plan import Plan
from studio.planner.summary import Abilities, Summary

#: How much of a wrong answer is shown to the model again.
_SHOWN = 8000


@dataclass
class LanguageModel:
    """A planner; one for each endpoint, for any thread.

    Attributes:
        offline: Who plans where the model cannot.
        hear: Told the reply so far, each time that more of it has come. What it raises ends the
            turn, so that waiting can be stopped; nothing else is raised.
    """

    endpoint: Endpoint
    offline: Callable[[str, Summary, Abilities], Plan] = rules.plan
    hear: Callable[[str], None] | None = None
    _way: int = field(default=0, repr=False)  # what the server was found to take

    def __call__(self, text: str, summary: Summary, abilities: Abilities) -> Plan:
        try:
            plan = self._asked(text, summary, abilities)
        except (NoAnswer, PlanError) as error:
            why = str(error) if isinstance(error, NoAnswer) else "made no plan that can be used"
            told = f"The language model {why}; this was understood without it."
            return Without(self.offline, told)(text, summary, abilities)
        return replace(plan, source=self.endpoint.without_key(self.endpoint.model), notice="")

    def _asked(self, text: str, summary: Summary, abilities: Abilities) -> Plan:
        client = Client(self.endpoint, _ways(), self._way)
        messages: list[Message] = [
            {"role": "system", "content": instructions(abilities)},
            {"role": "user", "content": question(text, summary)},
        ]
        answer = self._answer(client, messages)
        try:
            return checked(read_plan(plan_text(answer)), text, summary, abilities)
        except PlanError as error:
            messages += [
                {"role": "assistant", "content": answer[:_SHOWN].strip() or "(nothing)"},
                {"role": "user", "content": correction(str(error))},
            ]
        answer = self._answer(client, messages)
        return checked(read_plan(plan_text(answer)), text, summary, abilities)

    def _answer(self, client: Client, messages: list[Message]) -> str:
        answer = client.ask(messages, self._heard())
        self._way = client.way
        return answer

    def _heard(self) -> Callable[[str], None]:
        """Passes on the reply in what comes, each time that there is more of it."""
        told = ""

        def hear(so_far: str) -> None:
            nonlocal told
            said = reply_in(so_far)
            if self.hear is not None and said != told:
                told = said
                self.hear(said)

        return hear


@dataclass(frozen=True)
class Without:
    """The offline planner where there should have been a model: each plan's notice says why."""

    offline: Callable[[str, Summary, Abilities], Plan]
    why: str

    def __call__(self, text: str, summary: Summary, abilities: Abilities) -> Plan:
        return replace(self.offline(text, summary, abilities), notice=self.why)


def _ways() -> tuple[dict[str, Any], ...]:
    """From an answer that is held to the schema to one that is only asked for nicely."""
    schema = {"name": "plan", "schema": offered(), "strict": True}
    held = {"type": "json_schema", "json_schema": schema}
    return (
        {"response_format": held, "temperature": 0},
        {"response_format": held},
        {"response_format": {"type": "json_object"}},
        {},
    )


# -- what comes back -------------------------------------------------------------------------------

_FENCE = re.compile(r"```\w*\s*\n(.*?)```", re.DOTALL)


def plan_text(answer: str) -> str:
    """The JSON in an answer: without what a model thought aloud before it, and out of a fence."""
    text = answer.rpartition("</think>")[2].strip()
    fenced = None if text.startswith("{") else _FENCE.search(text)
    return fenced[1] if fenced else text


_REPLY = re.compile(r'\s*(?:```\w*\s*)?\{\s*"reply"\s*:\s*"((?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)')


def reply_in(so_far: str) -> str:
    """As much of the reply as there is in the beginning of an answer."""
    found = _REPLY.match(so_far.rpartition("</think>")[2])
    if found is None:
        return ""
    try:
        said = json.loads(f'"{found[1]}"', strict=False)
    except ValueError:
        return ""
    return said.encode("utf-8", "ignore").decode()  # half of a character is still to come
