"""How clips run into each other."""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import re

from studio.document.model import ClipId
from studio.planner import references
from studio.planner.desk import Declined, Desk, Unsure
from studio.planner.grammar import Grammar, Said
from studio.planner.plan import Transition

grammar = Grammar()
_JOIN = r"(?:transition|blend|join|change|passage|seam|switch|crossing|cross ?fade|cut|overlap)"
_BETWEEN = r"(?:between |from |of )?{ref} (?:and|to|into|with|&) {ref2}"
_INTO = r"(?:in ?to|before|to|at|of) {ref2}"


@grammar.rule(
    rf"(?:make|let|have) (?:the )?{_JOIN}s? (?:(?:{_BETWEEN})|(?:{_INTO})|(?P<whole>)) ?(?:be |look |feel |more )?(?P<how>smooth|smoother|softer|nicer|better|more natural|natural|less abrupt|less jerky|less harsh|fluid|seamless)",
    rf"(?P<how>smooth(?: out)?|smoothen(?: out)?|improve|polish|fix|soften|clean up|synthesize|generate) (?:the |a )?(?:transition|blend|join|seam|passage|change|motion)s? (?:(?:{_BETWEEN})|(?:{_INTO}))",
    r"(?P<how>smooth(?: out)?|fix|improve|synthesize|generate) (?P<whole>(?:(?:all|all of|every|each)(?: the)? |the )(?:transition|blend|join|seam)s?)(?: between (?:the )?clips)?",
    r"(?P<how>make|create|add|generate|insert|put|use|do) (?:a |an |some )?(?:smooth |soft |nice |gentle |natural |good |better |smoother )?(?:transition|in between|bridge) (?:between|from) {ref} (?:and|to|into) {ref2}",
    r"(?P<how>connect|join|link|bridge|interpolate(?: between)?|generate a transition between|make a transition between|add a transition between|create a transition between|insert a transition between|fill (?:in )?(?:the )?gap between|fill the space between) {ref} (?:and|to|with) {ref2}(?: smoothly)?",
    r"(?P<how>fill) (?:in )?(?:the )?gap (?:between {ref} and |before |to ){ref2}",
    r"(?:the )?(?:transition|blend|join) (?:between|from) {ref} (?:and|to|into) {ref2} (?:should be|must be|has to be|needs to be|is not|looks not|is too|looks) (?P<how>smoother|smooth|more natural|softer|abrupt|harsh|jerky|hard|rough|bad|ugly|better)(?: enough)?(?: .*)?",
    r"(?P<how>ease|flow|glide|melt|morph) (?:smoothly )?(?:from )?{ref} (?:smoothly )?(?:to|into|in to) {ref2}",
)
def smooth(desk: Desk, said: Said) -> None:
    """Frames are generated between two clips."""
    if said.match.groupdict().get("whole") is not None and not said["ref2"]:
        for before, after in _all_pairs(desk, said):
            _joined(desk, before, after, "synthesize")
        return
    before, after = _pair(desk, said)
    _joined(desk, before, after, "synthesize")


@grammar.rule(
    rf"(?:make|let|do|use|have|set) (?:a )?(?P<how>hard cut|cut|cross ?fade|blend|fade|inertialized? blend) (?:{_BETWEEN})(?: (?:of|over|for|last(?:ing)?|in|take) {{dur}})?",
    r"(?P<how>hard cut|cut|cut hard|jump cut|cut directly|cut straight) (?:from )?{ref} (?:to|into) {ref2}",
    r"(?P<how>hard cut|cut hard|jump cut|cut straight|cut directly) (?:to|into|in to|before|at) {ref2}",
    r"(?P<how>cross ?fade|fade|blend|mix|dissolve|inertialize) (?:between |from )?{ref} (?:and|to|into|with) {ref2}(?: (?:over|for|in|with|within|during|by|of) {dur})?",
    r"(?P<how>cross ?fade|fade|blend|inertialize) (?:in ?to |to )?{ref2}(?: (?:over|for|in|with|by|during) {dur})?",
    r"(?:no|without(?: a| any)?|remove the|delete the) (?P<how0>blend|blending|transition|cross ?fade) (?:between {ref} and|before|to|into) {ref2}",
    r"(?:use|add|put|insert|set|make) (?:a |an )?(?:{dur} )?(?P<how>cross ?fade|blend|fade|hard cut|cut|inertialized? blend) (?:between {ref} and|before|to|into|on) {ref2}(?: of {dur2})?".replace(
        "{dur2}", r"(?P<dur2>\d+(?:\.\d+)?) (?P<unit2>seconds|frames)"
    ),
    r"{ref} (?:and|to|into) {ref2} (?:should |must )?(?P<how>cross ?fade|blend|fade|cut)(?: (?:over|for|in) {dur})?",
)
def blend(desk: Desk, said: Said) -> None:
    """How a clip takes over: "crossfade", "cut", "blend"; and how long."""
    before, after = _pair(desk, said)
    how = "cut" if said["how0"] or "cut" in said["how"] else "inertialize"
    how = "crossfade" if re.search("fade|mix|dissolve", said["how"]) else how
    seconds = said.seconds(desk) if said["dur"] else None
    if said["dur2"]:
        seconds = references.frames(desk, said["dur2"], said["unit2"]) / desk.fps
    _joined(desk, before, after, how, seconds)


@grammar.rule(
    rf"(?:make|set|let|change|have) (?:the )?{_JOIN} (?:(?:{_BETWEEN})|(?:{_INTO})) (?:be |last |to |take |have )?(?:a length of )?{{dur}}(?: long)?",
    r"(?:the )?(?:transition|blend|cross ?fade) (?:(?:between|from) {ref} (?:and|to|into)|to|into|before) {ref2} (?:should|must|has to) (?:be|take|last) {dur}(?: long)?",
    r"(?:the )?(?P<kind>transition|blend|cross ?fade) (?:(?:between|from) {ref} (?:and|to|into)|to|into|before) {ref2} {dur}",
    rf"(?:make|let) (?:the )?{_JOIN} (?:(?:{_BETWEEN})|(?:{_INTO})) (?:be )?(?P<degree>a bit |a little |much |a lot )?(?P<way>longer|shorter|quicker|slower|faster)",
)
def blend_length(desk: Desk, said: Said) -> None:
    """A blend of another length; its kind stays."""
    before, after = _pair(desk, said)
    old = desk.clip(after)[1].blend
    if said["way"]:
        factor = 2.0 if said["way"] in ("longer", "slower") else 0.5
        seconds = round(old.frames * factor) / desk.fps
    else:
        seconds = said.seconds(desk)
    kind = "inertialize" if old.kind == "cut" else old.kind
    _joined(desk, before, after, "crossfade" if "fade" in said.match[0] else kind, seconds)


def _pair(desk: Desk, said: Said) -> tuple[ClipId, ClipId]:
    """The two clips: as they follow each other, whichever was named first."""
    if not said["ref2"]:
        found = references.it(desk)
        return _before(desk, found[-1])
    after = references.clips(desk, said["ref2"])
    if not said["ref"]:
        if len(after) == 2 and desk.clip(after[0])[0].id == desk.clip(after[1])[0].id:
            return _neighbours(desk, after[0], after[1])
        return _before(desk, references.clip(desk, said["ref2"]))
    return _neighbours(
        desk, references.clip(desk, said["ref"]), references.clip(desk, said["ref2"])
    )


def _neighbours(desk: Desk, one: ClipId, other: ClipId) -> tuple[ClipId, ClipId]:
    lane = [clip.id for clip in desk.lane(one)]
    if other not in lane or one == other:
        raise Declined
    if abs(lane.index(one) - lane.index(other)) != 1:
        raise Unsure(
            "These clips do not follow each other; which two do you mean?", references.names(desk)
        )
    return (one, other) if lane.index(one) < lane.index(other) else (other, one)


def _before(desk: Desk, after: ClipId) -> tuple[ClipId, ClipId]:
    lane = [clip.id for clip in desk.lane(after)]
    at = lane.index(after)
    if at == 0:
        raise Unsure(
            "Nothing comes before it; which transition do you mean?", references.names(desk)
        )
    return lane[at - 1], after


def _all_pairs(desk: Desk, said: Said) -> list[tuple[ClipId, ClipId]]:
    plural = re.search(r"\b(?:all|every|each|transitions|blends|joins|seams)\b", said.match[0])
    if not plural and desk.focus.clips:
        return [_before(desk, references.it(desk)[-1])]
    pairs = [
        (before.id, after.id)
        for track in desk.project.timeline.tracks
        for before, after in zip(track.clips, track.clips[1:], strict=False)
    ]
    if not pairs:
        raise Unsure("There are no two clips in a row yet; what should happen next?")
    if not plural and len(pairs) > 1:
        named = {f"{_name(desk, a)} to {_name(desk, b)}": (a, b) for a, b in pairs}
        return [named[desk.choose("Which transition?", list(named))]]
    return pairs


def _name(desk: Desk, id: ClipId) -> str:
    return desk.clip(id)[1].name


def _joined(
    desk: Desk, before: ClipId, after: ClipId, how: str, seconds: float | None = None
) -> None:
    if how == "synthesize" and seconds is None:
        gap = desk.clip(after)[1].start - desk.clip(before)[1].stop
        seconds = gap / desk.fps if gap > 0 else None
    desk.steps.append(Transition(before, after, how, seconds))  # type: ignore[arg-type]
    desk.touch(after)
