"""From a description to clips: who does what, in which order, where it goes."""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import re

from studio.document.model import (
    Aim,
    Append,
    CharacterId,
    ClipId,
    Continue,
    Insert,
    TrackId,
)
from studio.planner import beats, people, references
from studio.planner.beats import Beat
from studio.planner.desk import Declined, Desk
from studio.planner.inflection import lemma, verb
from studio.planner.plan import Generate, Place
from studio.planner.prompts import Prompt, guessed, sentence, styled
from studio.planner.tokens import Line

_LEAD = re.compile(
    r"^(?:(?:generate|create|animate|make|give me|show me|show|add|insert|append|do|perform|produce|build|put|i want|i need|have|let us see|let us have|start with|begin with|get|let) )"
    r"(?:(?:a|an|some|the|another|me|one|new|in|short|quick|long|little) )*(?:(?:animation|clip|motion|movement|scene|action|shot|sequence|take|video)s? )"
    r"(?:(?:of|where|in which|with|that shows|showing|for|, where|:|that|which)(?: |$))*"
)
_DO = re.compile(
    r"^(?P<do>add|insert|append|generate|create|animate|perform|do|make|let|have|put|include|throw in|i want|i need|want|need|give me|show me|start with|begin with|get|try)(?: (?:in|also|now|another|to see))* "
)
_SURE = re.compile(
    r"^(?:add|insert|append|generate|create|animate|perform|make (?:him|her|them|it)|let (?:him|her|them)|have (?:him|her|them)|include|he|she|they|a person|a man|a woman|someone|somebody|the person|the character)\b"
)
_PERSON = re.compile(
    r"^(?P<who>him|her|them|it|he|she|they|(?:the |a |an |that |my |our )?(?:person|man|woman|boy|girl|guy|character|figure|actor|dancer|human|somebody|someone|lady|kid|child|avatar|player|performer)(?: \d+)?) "
    r"(?:(?:to|should|must|will|then|also|now|is|are|who|that|does|go|has to|needs to|finally|just|can|could|would|shall|start|starts)(?= [a-z])(?! (?:to|the|a|up|down|back|forwards?|left|right|on|in|at|over|away|through)\b) )*"
)


def describe(desk: Desk, line: Line, aim: Aim | None = None, *, sure: bool = False) -> None:
    """Make clips of a description.

    Args:
        aim: Where the first goes; what follows continues it. None for the end of a track.
        sure: Take a verb that is not known for one.

    Raises:
        Declined: nobody does anything in it.
    """
    sure = sure or bool(_SURE.match(line.text))
    if len(beats.clauses(line)) > 1:
        raise Declined
    made_before = len(desk.steps)
    several = people.group(desk, line)
    if several:
        everyone, rest = several
        rest = _towards(desk, everyone, rest)
        for who in everyone:
            _series(desk, rest, who, aim, sure=sure)
    else:
        _series(desk, line, None, aim, sure=sure)
    if len(desk.steps) == made_before:
        raise Declined


def _towards(desk: Desk, everyone: list[CharacterId], line: Line) -> Line:
    """Two who go towards each other stand apart, face to face."""
    match = re.search(
        r"(?:^| )(?P<how>towards? (?:each other|one another)|(?:facing|face) (?:each other|one another)|side by side|next to each other|(?:while )?face to face|back to back)(?= |$)",
        line.text,
    )
    if not match or len(everyone) != 2:
        return line
    how = match["how"]
    metres = people.APART if how.startswith("toward") else people.ARM
    side = (
        "beside"
        if how.startswith(("side", "next"))
        else "back to back"
        if "back" in how
        else "facing"
    )
    x, z, turn = people.beside(side, metres)
    desk.place(Place(everyone[1], x, z, turn, everyone[0]))
    start = match.start() + (match[0][0] == " ")
    rest = line.without(start, match.end())
    if how.startswith("toward"):
        before, after = line.part(0, start), line.part(match.end() + 1, 10**6)
        return Line((*before.tokens, *beats.with_words(line, ["forward"]).tokens, *after.tokens))
    return rest


def _series(
    desk: Desk, line: Line, who: CharacterId | None, aim: Aim | None, *, sure: bool
) -> None:
    last: ClipId | None = None
    for clause in beats.ordered(beats.trimmed(line)):
        for part in beats.soft(clause, _names(desk)):
            made = _one(desk, part, who, aim if last is None else _next(aim, last), last, sure=sure)
            if made is not None:
                last = made
                who = who or desk.speaker


def _names(desk: Desk) -> tuple[str, ...]:
    return tuple(who.name.lower() for who in desk.project.characters if who.name.strip())


def _next(aim: Aim | None, last: ClipId) -> Aim | None:
    return None if aim is None or isinstance(aim, Append) else Continue(last)


def _one(
    desk: Desk,
    line: Line,
    who: CharacterId | None,
    aim: Aim | None,
    last: ClipId | None,
    *,
    sure: bool,
) -> ClipId | None:
    """One beat; the clip that it becomes, or None where it only places someone."""
    new = people.newcomer(desk, line) if who is None or _other_person(line) else None
    if new:
        who, line = new
        desk.speaker = who
    line = _stripped(desk, line)
    actor, line = _actor(desk, line)
    if new is None and actor is not None:
        who = actor
    if who is None and new is None:
        who = actor or desk.who()
    assert who is not None
    desk.speaker = who
    ahead = people.following(desk, line, who)
    if ahead:
        desk.place(ahead[0])
        return _make(desk, Beat(line), who, styled(ahead[1]), aim, last)
    stand = people.standing(desk, line, who)
    if stand:
        desk.place(Place(who, stand.x, stand.z, stand.turn, stand.other))
        line = beats.trimmed(stand.rest)
    beat = beats.beat(line, desk.fps)
    if not beat.words:
        if new or stand:
            return None
        raise Declined
    if _of_the_timeline(desk, beat.line.text):
        raise Declined
    prompt = sentence(beat.words) or (guessed(beat.words) if sure else None)
    if prompt is None:
        raise Declined
    return _make(desk, beat, who, prompt, aim, last)


_TIMELINE = re.compile(
    r"\b(?:clips?|timeline|project|fps|tracks?|markers?|transitions?|crossfade|blend|frames|bvh|fbx|glb|npz|file|export)\b"
)


def _of_the_timeline(desk: Desk, text: str) -> bool:
    """Whether words speak of the timeline, and so are an edit that could not be read."""
    if _TIMELINE.search(text):
        return True
    heads = {lemma(word) for each in desk.clips[:200] for word in each.text.split()[2:3]}
    named = re.findall(r"\bthe (\w+)", text)
    return any(verb(word) and lemma(word) in heads for word in named)


def _other_person(line: Line) -> bool:
    return bool(re.match(r"(?:a (?:second|third)|another|someone else|somebody else)\b", line.text))


def _stripped(desk: Desk, line: Line) -> Line:
    """Without what only asks for a motion: "add a clip of", "make him"."""
    for pattern in (_LEAD, _DO):
        match = pattern.match(line.text)
        if match and len(line.part(match.end(), 10**6)):
            rest = line.part(match.end(), 10**6)
            words = [token.word for token in rest.tokens]
            do = match.groupdict().get("do")
            if (
                do in ("do", "make", "have", "get", "put", "let")
                and sentence(words) is None
                and not _PERSON.match(rest.text + " ")
                and not rest.text.startswith(tuple(f"{name} " for name in _names(desk)))
            ):
                continue
            line = rest
    return line


def _actor(desk: Desk, line: Line) -> tuple[CharacterId | None, Line]:
    """Who a beat names at its start, and the rest."""
    text = line.text
    for who in sorted(desk.project.characters, key=lambda each: -len(each.name)):
        name = re.escape(who.name.lower())
        match = re.match(
            rf"{name}(?: (?:should|must|will|to|then|also|now|is|are|has to|needs to|who|can|could|,))*(?: |$)",
            text,
        )
        if match and who.name.strip():
            return who.id, line.part(match.end(), 10**6)
    match = _PERSON.match(text + " ")
    if match and match["who"]:
        rest = line.part(match.end(), 10**6)
        if not len(rest):
            return None, line
        phrase = match["who"]
        if phrase in ("him", "her", "he", "she", "they", "them", "it") or phrase.startswith(
            ("the ", "that ")
        ):
            return references.pronoun(desk), rest
        return None, rest
    match = re.match(
        r"(?:the )?(?P<who>(?:first|second|third|other|last)(?: (?:one|person|man|woman|guy|character|actor))?) ",
        text,
    )
    if match:
        try:
            return references.character(desk, match["who"]), line.part(match.end(), 10**6)
        except Declined:
            pass
    return None, line


def _make(
    desk: Desk, beat: Beat, who: CharacterId, prompt: Prompt, aim: Aim | None, last: ClipId | None
) -> ClipId:
    track = desk.track(who)
    if aim is None:
        aim = _meanwhile(desk, who, track) if beat.meanwhile else Append(track)
    elif isinstance(aim, Insert) and aim.track != track:
        aim = Insert(track, aim.start)
    made = desk.fresh_clip()
    step = Generate(
        text=prompt.text,
        character=who,
        aim=aim,
        made=made,
        seconds=beat.seconds,
        body_part=beat.part,
        style=prompt.style,
        bundle=_bundle(desk, beat),
        speed=beat.speed,
        loops=beat.loops,
    )
    desk.generate(step)
    previous = _previous(desk, made, track)
    if isinstance(aim, Append) and previous:
        desk.join(previous, made)
    return desk.touched[-1]


def _previous(desk: Desk, made: ClipId, track: TrackId) -> ClipId | None:
    """The clip generated before on the same track with this line."""
    steps = [s for s in desk.steps if isinstance(s, Generate) and s.made != made]
    for step in reversed(steps):
        if desk.clip(step.made)[0].id == track:
            lane = [clip.id for clip in desk.lane(made)]
            at = lane.index(made)
            return step.made if at and lane[at - 1] == step.made else None
    return None


def _meanwhile(desk: Desk, who: CharacterId, track: TrackId) -> Aim:
    """At the time of what was spoken of, if the one has nothing to do then yet."""
    ids = desk.touched or list(desk.focus.clips)
    starts = [c.start for c in desk.clips if c.id in ids and c.character != who]
    start = min(starts, default=0)
    stop = next(t.stop for t in desk.project.timeline.tracks if t.id == track)
    return Append(track) if start <= stop else Insert(track, start)


def _bundle(desk: Desk, beat: Beat) -> str | None:
    return next(
        (b for b in desk.abilities.bundles if beat.bundle and b.lower() == beat.bundle), None
    )


def prompt_of(desk: Desk, line: Line) -> tuple[Prompt, Beat]:
    """The sentence of one beat on its own; declines where it is more or less than one."""
    line = _stripped(desk, beats.trimmed(line))
    _, line = _actor(desk, line)
    beat = beats.beat(line, desk.fps)
    prompt = sentence(beat.words)
    if prompt is None:
        raise Declined
    return prompt, beat
