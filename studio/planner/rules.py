"""The planner that needs no language model: a grammar over words that were spelled right.

A line is read as a whole by the grammars of edits and questions; if none takes it, in its parts:
sentences and what "then" divides, each an edit or a description of what someone does. Where two
readings are left it asks, and of what it cannot read it says so; it never raises.
"""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import re

from studio.document.errors import DocumentError, EditError
from studio.planner import (
    arranging,
    asking,
    beats,
    joining,
    people,
    playing,
    references,
    remaking,
    replies,
    scene,
)
from studio.planner.desk import Desk, Nearest, Unsure
from studio.planner.focus import answered
from studio.planner.inflection import command_forms, lemma
from studio.planner.performing import describe
from studio.planner.plan import MAX_STEPS, Ask, Plan
from studio.planner.summary import Abilities, Summary
from studio.planner.tokens import Line, Token, read

#: Tried in this order: what is exact before what is generated, what is done before what is asked.
_GRAMMARS = (
    asking.grammar,
    arranging.grammar,
    joining.grammar,
    playing.grammar,
    people.grammar,
    scene.grammar,
    remaking.grammar,
)
#: Longer than any edit that is said at once; more is read in parts.
_MOST_TOKENS = 40
#: More parts than anyone means with one line.
_MOST_PARTS = 40

_EXAMPLES = ("Walk forward, then wave", "Make it slower", "Undo")


def plan(
    text: str,
    summary: Summary,
    abilities: Abilities | None = None,
    nearest: Nearest | None = None,
) -> Plan:
    """The plan of a line.

    Args:
        text: As typed.
        summary: The project, and what the conversation is at.
        abilities: What can be generated and written here.
        nearest: Scores of candidates against a text, from sentence embeddings; used only where a
            name fits no clip by its words.
    """
    focus = summary.focus
    answer = answered(text, focus)
    if answer is not None:
        text, answers = focus.request, (*focus.answers, answer)
        if focus.asked == _WHICH:
            text = _about(text, answer)
    else:
        answers = ()
    desk = Desk(summary.project, focus, abilities or Abilities(), nearest, answers)
    desk.typed, desk.question = text.strip(), text.rstrip().endswith("?")
    try:
        line = _bare(read(text, _own_words(desk)))
        if asking.friendly.read(desk, line):
            return Plan(replies.reply(desk))
        line = _polished(line)
        if not _understood(desk, line):
            raise _puzzled(desk, line)
        if len(desk.steps) > MAX_STEPS:
            raise Unsure("That is too much for one turn; what comes first?", _EXAMPLES)
    except Unsure as unsure:
        return Plan(unsure.question, (Ask(unsure.question, unsure.options),))
    except (EditError, DocumentError) as error:
        return Plan(str(error))
    return Plan(replies.reply(desk), tuple(desk.steps))


def _own_words(desk: Desk) -> frozenset[str]:
    """The words that the document is made of, to put typos right by."""
    project = desk.project
    said = [f"{clip.name} {clip.text}" for clip in desk.clips[:300]]
    said += [who.name for who in project.characters]
    said += [track.name for track in project.timeline.tracks]
    said += [marker.name for marker in project.timeline.markers]
    found = re.findall(r"[^\W\d_][\w]{1,24}", " ".join(said).lower())
    return frozenset({*found, *map(lemma, found)})


# -- what is said around a line -------------------------------------------------------------------

_BEFORE = re.compile(
    r"^(?:"
    r"(?:ok|okay|basically|oops|ups|whoops|so|well|hmm+|um+|uh+|now|and|also|but|then|great|nice|cool|thanks|thank you|please|sorry|hey|hi|"
    r"hello|yes|yeah|yep|actually|oh|ah|alright|all right|right|perfect|good|wait|lol|maybe|perhaps|just|next|again|"
    r"no|good job|awesome|wow|lovely|wonderful|super|fine|excellent|hm|erm|anyway|look|listen|dear|sir|madam)"
    r"(?= (?!(?:one|forwards?|only|idea|idea|take|clip|left|right|leg|foot|hand|arm|to \w+|morning|day|evening)\b)|$)(?: [,.])*"
    r"|i think(?: that)?|i guess|i believe|i suppose|if (?:possible|you can|you could|you do not mind)(?: ,)?|as a next step|for now|this time(?= ,)"
    r"|(?:would|do) you (?:please )?mind|would it be possible to|is it possible to"
    r"|make (?:it so |sure )?that(?= (?:he|she|they|the|it) )|to(?= (?!the|his|her|my)\w+ )"
    r"|(?:can|could|would|will) (?:you|we)(?: please| maybe| just| also| kindly)*(?= \w)"
    r"|(?:can|could|may) i (?:please )?(?:get|have|see)(?= (?!.*\b(?:as|in) (?:a |an )?(?:bvh|fbx|glb|gltf|npz|mp4|video)\b))"
    r"|i would (?:like|love|prefer|want)(?: you)?(?: it if you)?(?: to| for)?(?: (?:see|have|get)(?= ))?|i want (?:you )?to(?: (?:see|have)(?= ))?|i need you to|i wish(?: to)?|i want that"
    r"|it would be (?:nice|great|good|cool) (?:if you (?:could )?|to)"
    r"|(?:can|could)(?= (?:he|she|they|the \w+) )|let us|lets|please|kindly|try to|go ahead and|you (?:should|can|could|must)|we (?:should|can|could|need to|want to)|i need to|time to|how about(?= \w+ing)|what about (?=\w+ing)|be so kind (?:and|to)|for me"
    r"|do me a favou?r and|start by(?= (?:making|deleting|removing|adding))"
    r"|[,.]"
    r") ?"
)
_KEEP = re.compile(
    r"^(?:no|right|again|just|next|now|quick|good|look|fine|super)(?: |$)(?:once|but|with|foot|leg|hand|arm|kick|turn|step|punch|clip|one|range|blend|gap|around|at|left|right|up|down|slower|faster|angr)"
)
_AFTER = re.compile(
    r" (?:[,.] ?)*(?:please|thanks|thank you(?: (?:very|so) much)?|thx|now|for me|if (?:possible|you can|you could|you do not mind|that is ok)|actually|will you|would you|could you|can you|right now|immediately|in the (?:timeline|scene)|so|a bit please|i think|or so|for now|this time|right away|, (?:ok|okay|right|yes|yeah)|mate|cheers|as well|too|also|lol|haha|asap|sir|and that is (?:all|it))$"
)
_GERUNDS = {form: base for form, base in command_forms().items() if form.endswith("ing")}


def _polished(line: Line) -> Line:
    """The line without greetings, courtesies and hesitation."""
    line = _bare(line)
    for _ in range(12):
        match = _BEFORE.match(line.text)
        if match and match.end() and not _KEEP.match(line.text):
            rest = _bare(line.part(match.end(), 10**6))
            if not len(rest):
                break
            line = rest
            continue
        break
    for _ in range(6):
        match = _AFTER.search(line.text)
        if not match or not match.start():
            break
        line = _bare(line.part(0, match.start() + 1))
    return _imperative(line)


def _imperative(line: Line) -> Line:
    """Such as "removing the bow" as "remove the bow"."""
    if (
        len(line) > 1
        and (base := _GERUNDS.get(line.tokens[0].norm))
        and line.tokens[0].norm
        not in (
            "ending",
            "starting",
            "turning",
            "holding",
            "closing",
            "opening",
            "moving",
            "clapping",
        )
    ):
        first = Token(line.tokens[0].raw, base, base)
        return Line((first, *line.tokens[1:]))
    return line


def _bare(line: Line) -> Line:
    tokens = list(line.tokens)
    while tokens and tokens[-1].norm in (".", ",", "?", "/", "-"):
        tokens.pop()
    while tokens and tokens[0].norm in (".", ",", "?", "/", "-"):
        tokens.pop(0)
    return Line(tuple(tokens))


# -- reading --------------------------------------------------------------------------------------


def _understood(desk: Desk, line: Line) -> bool:
    if not len(line):
        return False
    parts = _commands(line)
    if len(parts) > 1 and desk.tried(lambda: all(_reads(desk, part) for part in parts)):
        return True
    if len(beats.clauses(line)) > 1 and desk.tried(lambda: _in_parts(desk, line)):
        return True
    if _reads(desk, line) or desk.tried(lambda: _in_parts(desk, line)):
        return True
    return _same_again(desk, line)


_SAME = re.compile(
    r"(?:what about |how about |do )?(?:the same (?:thing )?(?:with|for|to|on) )?(?P<ref>.+?)(?: (?:too|also|as well|likewise))?"
)


def _same_again(desk: Desk, line: Line) -> bool:
    """Such as "and the bow" after "mirror the wave": the last edit, of other clips."""
    match = _SAME.fullmatch(line.text)
    if not match or not desk.focus.said or len(line) > _MOST_TOKENS:
        return False
    phrase = line.part(*match.span("ref"))
    if not desk.tried(lambda: bool(references.clips(desk, phrase.text))):
        return False
    last = _polished(read(desk.focus.said, _own_words(desk)))
    for grammar in (arranging.grammar, playing.grammar, remaking.grammar):
        for rule in grammar.rules:
            span = rule.pointed(last)
            if span is None:
                continue
            before, after = last.part(0, span[0]), last.part(span[1], 10**6)
            said = Line((*before.tokens, *phrase.tokens, *after.tokens))
            if grammar.read(desk, said):
                return True
    return False


def _reads(desk: Desk, line: Line) -> bool:
    """Whether a grammar takes the line as a whole."""
    if len(line) > _MOST_TOKENS:
        return False
    return any(grammar.read(desk, line) for grammar in _GRAMMARS)


#: Commands that are said in one word.
_ALONE = frozenset({"undo", "redo", "export", "mirror", "reverse", "split", "mute", "lock"})


def _commands(line: Line) -> list[Line]:
    """A line at every "and" that a command follows."""
    forms = command_forms()
    out, start = [], 0
    for i in range(1, len(line) - 1):
        joint, after = line.tokens[i].norm, line.tokens[i + 1].norm
        if joint in ("and", ",", ".", "then", "but") and i >= start:
            at = i + 1
            while at < len(line) - 1 and line.tokens[at].norm in (
                "and",
                ",",
                "then",
                "also",
                "but",
                "please",
                "finally",
            ):
                at += 1
            after = line.tokens[at].norm
            lone = at == len(line) - 1 and after not in _ALONE
            if ((after in forms and not lone) or joint == ".") and i > start:
                out.append(Line(line.tokens[start:i]))
                start = at
    out.append(Line(line.tokens[start:]))
    return [polished for each in out if len(polished := _polished(each))][:_MOST_PARTS]


def _in_parts(desk: Desk, line: Line) -> bool:
    """Sentence by sentence, "then" by "then": each an edit, or something that happens."""
    parts = beats.clauses(line)[:_MOST_PARTS]
    if not parts:
        return False
    for part in parts:
        polished = _polished(part) if len(parts) > 1 else part
        if not len(polished):
            continue
        if len(parts) > 1:
            polished = _ranked(polished)
            if _reads(desk, polished):
                continue
        describe(desk, polished)
    return bool(desk.steps or desk.said)


_RANK = re.compile(r"^(?:first(?:ly)?|first of all|to begin with|to start with|initially)(?: ,)? ")


def _ranked(line: Line) -> Line:
    """Without "first", where more follows."""
    match = _RANK.match(line.text)
    return line.part(match.end(), 10**6) if match else line


#: What is asked where a command names no clip that is there.
_WHICH = "Which clip do you mean?"


def _about(line: str, clip: str) -> str:
    """A command with the clip that was meant, in the place of what no clip is called."""
    named, found = re.subn(r"\b(?:the|that|this|my|her|his) \w+", lambda _: clip, line, count=1)
    return named if found else f"{line} {clip}"


def _puzzled(desk: Desk, line: Line) -> Unsure:
    """The question where nothing could be read."""
    words = [token.norm for token in line.tokens]
    if words and words[0] in command_forms() and desk.clips:
        return Unsure(_WHICH, references.names(desk))
    return Unsure("What should happen? Say it in other words.", _EXAMPLES)
