"""A project as questions see it: who is there, what they do, and what is measured of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from backends.api import Captioner
from motion.clip import Motion
from studio.document.errors import EditError
from studio.document.layout import pieces
from studio.document.model import (
    Character,
    CharacterId,
    Clip,
    ClipId,
    Media,
    MediaId,
    Project,
    Range,
    Timeline,
)
from studio.document.placing import blank
from studio.understanding.bodies import Together, together
from studio.understanding.facts import Facts, observe

#: Seconds of motion that can be told by what it looks like.
SHORTEST = 0.4

#: What a character does in frames of the timeline.
Evaluate = Callable[[CharacterId, Range], Motion]


@dataclass(frozen=True)
class Scene:
    """What can be asked about.

    Attributes:
        project: Who and when.
        evaluate: What they do.
        captioner: What says what a motion looks like, or None.
        explain: What answers a question from facts in its own words (a language model), or None.
    """

    project: Project
    evaluate: Evaluate
    captioner: Captioner | None = None
    explain: Callable[[str, str], str] | None = None
    _seen: dict[CharacterId, Motion] = field(default_factory=dict, compare=False)

    @property
    def people(self) -> tuple[Character, ...]:
        """Those that do something; everyone where nobody does."""
        moving = tuple(who for who in self.project.characters if pieces(self.project, who.id))
        return moving or self.project.characters

    def who(self, id: CharacterId) -> Character:
        """A character; :class:`EditError` where it has gone."""
        for each in self.project.characters:
            if each.id == id:
                return each
        raise EditError("The character that was asked about is no longer here; name another.")

    @property
    def all_of_it(self) -> Range:
        """Every frame of the timeline, one at least."""
        return Range(0, max(self.project.timeline.stop, 1))

    def span(self, asked: Range | None) -> Range:
        """The frames asked about, as many as there are."""
        everything = self.all_of_it
        if asked is None:
            return everything
        if asked.start >= everything.stop:
            end = everything.stop / self.project.fps
            raise EditError(f"The timeline ends at {end:.1f} s; ask about an earlier time.")
        start = max(asked.start, 0)
        return Range(start, min(max(asked.stop, start + 1), everything.stop))

    def motion(self, who: CharacterId) -> Motion:
        """All that a character does, evaluated once."""
        if who not in self._seen:
            self._seen[who] = self.evaluate(who, self.all_of_it)
        return self._seen[who]

    def facts(self, who: CharacterId, asked: Range | None = None) -> Facts:
        """What is measured of a character in some frames."""
        return observe(self.motion(who), self.span(asked))

    def together(self, one: CharacterId, other: CharacterId, asked: Range | None) -> Together:
        """What is measured of two."""
        span = self.span(asked)
        return together(*(self.motion(w).slice(span.start, span.stop) for w in (one, other)))

    def captions(self, who: CharacterId, asked: Range | None = None) -> list[tuple[str, float]]:
        """What a character's motion looks like, the best first; empty where nothing can say."""
        span = self.span(asked)
        if self.captioner is None or len(span) < SHORTEST * self.project.fps:
            return []
        return self.captioner.caption(self.motion(who).slice(span.start, span.stop))


def of_motion(motion: Motion, name: str, captioner: Captioner | None = None) -> Scene:
    """One person called ``name`` who does ``motion``, which is of the canonical body."""
    project, span = blank(name), Range(0, len(motion))
    media = Media(MediaId(name), len(motion), motion.fps)
    clip = Clip(ClipId("clip-1"), name, media, 0, len(motion), span)
    track = replace(project.timeline.tracks[0], clips=(clip,))
    who = replace(project.characters[0], name=name)
    shown = replace(project, fps=motion.fps, timeline=Timeline((track,)), characters=(who,))
    return Scene(shown, lambda _, span: motion.slice(span.start, span.stop), captioner)
