"""Clips in time: delete, move, order, swap, duplicate, split, trim."""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

from studio.document.commands import (
    DuplicateClip,
    EnableClip,
    MoveClip,
    RemoveClip,
    SetRange,
    SplitClip,
    TrimClip,
)
from studio.document.model import Clip, ClipId, Range
from studio.document.placing import fresh
from studio.planner import references
from studio.planner.desk import Declined, Desk, Unsure
from studio.planner.grammar import Grammar, Said

grammar = Grammar()
_CLIPS = r"(?:the )?(?:clips?|motions?|animations?|parts?)"


@grammar.rule(
    r"{delete} (?P<all>everything|all|all (?:of )?(?:the )?(?:clips|motions|animations|it|them)|every clip|the (?:whole |entire )?(?:timeline|scene|animation|thing|project))",
    r"(?:clear|empty|wipe) (?P<all>(?:the )?(?:whole )?(?:timeline|everything|scene|all|project))",
    r"start (?:all )?over(?: again)?(?: from scratch)?",
)
def delete_all(desk: Desk, said: Said) -> None:
    """All clips go, once that is confirmed."""
    if not desk.clips:
        raise Unsure("There is no clip to remove; what should happen first?")
    count = len(desk.clips)
    if desk.choose(f"Remove all {count} clips?", ("Yes", "No")) == "No":
        desk.said.append("Nothing is removed.")
        return
    desk.edit(RemoveClip(tuple(clip.id for clip in desk.clips)))


@grammar.rule(
    r"{delete} (?:everything |all |what is |the part |the bit )?{span}",
    r"cut (?:everything )?{span} out",
)
def delete_span(desk: Desk, said: Said) -> None:
    """What plays in a range goes, and what follows closes up."""
    span = references.span(desk, said["span"])
    inside = [c for c in desk.clips if c.start < span.stop and span.start < c.stop]
    who = desk.who()
    inside = [c for c in inside if c.character == who] or inside
    if not inside:
        raise Unsure("Nothing plays there; what do you want to remove?", references.names(desk))
    gone = [_cut_to(desk, clip.id, span) for clip in inside]
    desk.edit(RemoveClip(tuple(gone), ripple=True))


def _cut_to(desk: Desk, id: ClipId, span: Range) -> ClipId:
    """The part of a clip in ``span`` as a clip of its own."""
    clip = desk.clip(id)[1]
    if span.start > clip.start:
        made = desk.fresh_clip()
        desk.edit(SplitClip((id,), span.start, (made,)))
        id = made
    if span.stop < clip.stop:
        desk.edit(SplitClip((id,), span.stop, (desk.fresh_clip(),)))
    return id


@grammar.rule(
    r"(?:{delete}|cut) {ref}(?: from (?:the )?(?:timeline|scene|track))?",
    r"{delete} {ref} (?P<gap>(?:and |but )?(?:leave|keep|without closing|do not close)(?: a| the)? gap|without ripple|and do not close up|leaving a gap)",
    r"{ref} (?:must go|should go|can go|has to go|please delete|please remove|delete|remove|is not needed|should be (?:deleted|removed))",
    r"(?:i )?(?:do not|no longer) (?:want|need) {ref}(?: anymore| any more)?",
    r"(?:i )?(?:do not|no longer) (?:want|need|like) {ref} (?:, )?(?:so |please )*(?:remove|delete) (?:it|that)",
    r"take {ref} (?:out|away)",
)
def delete(desk: Desk, said: Said) -> None:
    """Clips go, and what follows closes up."""
    if said["ref"] in ("everything", "all", "stuff", "something"):
        raise Declined
    desk.edit(RemoveClip(references.clips(desk, said["ref"]), ripple=not said["gap"]))


# -- moving ---------------------------------------------------------------------------------------


@grammar.rule(
    r"(?:swap|switch|exchange|interchange|flip)(?: the order of)? {ref} (?:and|with|for) {ref2}(?: around)?",
    r"(?:swap|switch|exchange|reorder|interchange)(?: the order of)? {ref}(?: around)?",
    r"let {ref} and {ref2} (?:swap|switch|exchange|trade) places",
)
def swap(desk: Desk, said: Said) -> None:
    """Two clips of a track change places; what lies between stays between."""
    if said["ref2"]:
        pair = [references.clip(desk, said["ref"]), references.clip(desk, said["ref2"])]
    else:
        pair = list(references.clips(desk, said["ref"]))
        if len(pair) == 1 and len(desk.lane(pair[0])) == 2:
            pair = [clip.id for clip in desk.lane(pair[0])]
    if len(pair) != 2 or pair[0] == pair[1]:
        raise Unsure("Which two clips do you want to swap?", references.names(desk))
    lane = desk.lane(pair[0])
    order = [clip.id for clip in lane]
    if pair[1] not in order:
        raise Declined
    i, j = order.index(pair[0]), order.index(pair[1])
    order[i], order[j] = order[j], order[i]
    arrange(desk, lane, order)


@grammar.rule(
    r"(?:move|put|place|shift|bring|take|drag) {ref} (?P<side>before|after|in front of|behind|right before|right after|just before|just after|ahead of) {ref2}",
    r"{ref} (?:should|must|has to|needs to|can|ought to) (?:come|be|go|happen) (?P<side>before|after|right before|right after) {ref2}",
    r"(?:do|play) {ref} (?P<side>before|after) {ref2}",
)
def reorder(desk: Desk, said: Said) -> None:
    """A clip goes beside another."""
    moving, there = references.clip(desk, said["ref"]), references.clip(desk, said["ref2"])
    lane = desk.lane(there)
    order = [clip.id for clip in lane]
    if moving not in order or moving == there:
        raise Declined
    order.remove(moving)
    after = said["side"].endswith(("after", "behind"))
    order.insert(order.index(there) + after, moving)
    arrange(desk, lane, order)


@grammar.rule(
    r"(?:move|put|place|shift|bring|drag|send) {ref} (?:to|at) (?:the )?(?:very )?(?P<edge>start|beginning|front|end|back)(?: of (?:the )?(?:timeline|everything|it all|scene|track|sequence))?",
    r"(?:move|put|place|bring) {ref} (?P<edge>first|last)",
    r"(?:make|let|have) {ref} (?:come|be|go|happen|play) (?:at )?(?:the )?(?:very )?(?P<edge>first|last|end|start|beginning)",
    r"{ref} (?:should|must|has to|needs to|can|ought to) (?:come|be|go|happen|play) (?:at )?(?:the )?(?:very )?(?P<edge>first|last|end|start|beginning)",
    r"(?:start|begin|open) with {ref}(?: instead| first)?",
    r"(?P<edge>end|finish) with {ref}(?: instead)?",
)
def to_the_edge(desk: Desk, said: Said) -> None:
    """A clip goes to the start or the end of its track."""
    moving = references.clip(desk, said["ref"])
    lane = desk.lane(moving)
    order = [clip.id for clip in lane if clip.id != moving]
    at = len(order) if said["edge"] in ("end", "back", "last", "finish") else 0
    order.insert(at, moving)
    if order == [clip.id for clip in lane]:
        raise Declined
    arrange(desk, lane, order)


def arrange(desk: Desk, lane: list[Clip], order: list[ClipId]) -> None:
    """Bring the clips of a lane into another order; gaps stay where they are in it."""
    clips = {clip.id: clip for clip in lane}
    gaps = [b.start - a.stop for a, b in zip(lane, lane[1:], strict=False)] + [0]
    at, by = lane[0].start, {}
    for id, gap in zip(order, gaps, strict=True):
        by[id] = at - clips[id].start
        at += clips[id].frames + gap
    steps = dict.fromkeys(by[id] for id in order if by[id])
    desk.edits([MoveClip(tuple(id for id in order if by[id] == s), by=s) for s in steps])


@grammar.rule(
    r"(?:move|shift|slide|put|place|drag|bring) {ref} to {at}",
    r"(?:start|begin|play) {ref} at {at}",
    r"{ref} (?:should|must|has to|needs to|shall) (?:start|begin|come|happen|be|play) at {at}",
    r"(?:make|let|have) {ref} (?:start|begin) at {at}",
    r"(?:put|place) {ref} at {at}",
)
def move_to(desk: Desk, said: Said) -> None:
    """A clip begins at a time."""
    id = references.clip(desk, said["ref"])
    _moved(desk, (id,), said.time(desk) - desk.clip(id)[1].start)


@grammar.rule(
    r"(?:move|shift|slide|push|nudge|delay|offset|drag|pull) {ref} (?:by )?{dur}(?: (?P<way>later|earlier|to the right|to the left|back|forward|forwards|right|left|on the timeline))?",
    r"(?:move|shift|slide|push|nudge) {ref} (?P<way>later|earlier|back|forward) (?:by )?{dur}",
    r"(?P<way>delay|postpone|push back) {ref} (?:by|for) {dur}",
    r"(?:make|let|have) {ref} (?:start|begin|come|happen) {dur} (?P<way>later|earlier|sooner)",
    r"(?:start|begin|play) {ref} {dur} (?P<way>later|earlier|sooner)",
    r"{ref} (?:should |must |has to |needs to )?(?:start|begin|come|happen|be)s? {dur} (?P<way>later|earlier|sooner)",
    r"{ref} {dur} (?P<way>later|earlier|sooner)",
)
def move_by(desk: Desk, said: Said) -> None:
    """A clip goes so much later or earlier."""
    back = said["way"] in ("earlier", "sooner", "to the left", "left")
    if said["way"] in ("back", "forward", "forwards") and not said["ref"]:
        raise Declined
    _moved(desk, references.clips(desk, said["ref"]), said.length(desk) * (-1 if back else 1))


def _moved(desk: Desk, target: tuple[ClipId, ...], by: int) -> None:
    if not by:
        raise Unsure("It is there already; where should it go?")
    desk.edit(MoveClip(target, by=by, ripple=by > 0 and _in_the_way(desk, target, by)))


def _in_the_way(desk: Desk, target: tuple[ClipId, ...], by: int) -> bool:
    """Whether clips would run into others that come later."""
    for id in target:
        clip = desk.clip(id)[1]
        later = [c for c in desk.lane(id) if c.start > clip.start and c.id not in target]
        if later and later[0].start < clip.stop + by:
            return True
    return False


@grammar.rule(
    r"close (?:the |all |all the |up the |every )?gaps?(?: (?:between|before|after) .+)?",
    r"(?:remove|delete|get rid of) (?:the |all |all the |every |any )?(?:gaps?|pauses?|empty space)(?: between (?:the )?clips)?",
)
def close_gaps(desk: Desk, said: Said) -> None:
    """Clips that follow a gap close up."""
    found = False
    for track in desk.project.timeline.tracks:
        for i in range(1, len(track.clips)):
            lane = desk.lane(track.clips[0].id)
            gap = lane[i].start - lane[i - 1].stop
            if gap > 0:
                desk.edit(MoveClip(tuple(clip.id for clip in lane[i:]), by=-gap))
                found = True
    if not found:
        raise Unsure("There is no gap; what do you want to change?")


@grammar.rule(
    r"(?:leave|add|insert|put|make) (?:a |an )?(?:gap|pause|break|hold)(?: of)?(?: {dur})? (?:before|between (?P<ref0>.+?) and) {ref}",
    r"(?:add|insert|put) (?:a |an )?{dur} (?:gap|pause|break|hold) (?:before|between (?P<ref0>.+?) and) {ref}",
    r"(?:leave|add|insert|put|make) (?:a |an )?(?:gap|pause|break|hold)(?: of)?(?: {dur})? (?P<after>after) {ref}",
    r"(?:add|insert|put|leave|make) (?:a |an )?{dur} (?:long )?(?:gap|pause|break|hold|wait) (?P<after>after) {ref}",
    r"(?:hold|freeze) (?P<what>the (?:last|final|end) (?:pose|frame)(?: of (?P<of>.+?))?|{ref}|the end of (?P<end>.+?)) for (?:another )?{dur}",
    r"(?:pause|wait|hold|freeze)(?: for)? {dur} (?P<after>after) {ref}",
    r"(?:pause|wait|hold|freeze)(?: for)? {dur} before {ref}",
)
def hold(desk: Desk, said: Said) -> None:
    """The last pose of a clip is held: what follows begins later, or the range goes on."""
    length = said.length(desk) if said["dur"] else round(desk.fps)
    phrase = said["of"] or said["end"] or said["ref"]
    if (
        said["what"]
        and not said["of"]
        and not said["end"]
        and said["what"].startswith("the ")
        and "pose" in said["what"]
    ):
        phrase = ""
    if not phrase:
        _held(desk, _last(desk), length)
        return
    id = references.clip(desk, phrase)
    if said["what"] or said["after"]:
        _held(desk, id, length)
    else:
        desk.edit(MoveClip((id,), by=length, ripple=True))


def _last(desk: Desk) -> ClipId:
    if not desk.clips:
        raise Unsure("There is no clip yet; what should happen first?")
    return max(desk.clips, key=lambda clip: clip.stop).id


def _held(desk: Desk, id: ClipId, length: int) -> None:
    lane = [clip.id for clip in desk.lane(id)]
    later = lane[lane.index(id) + 1 :]
    if later:
        desk.edit(MoveClip((later[0],), by=length, ripple=True))
    else:
        desk.edit(SetRange(Range(0, desk.project.timeline.stop + length)))


# -- copying and cutting --------------------------------------------------------------------------


@grammar.rule(
    r"(?:duplicate|copy|clone|repeat) {ref} (?:to|at|and put it at|and add it to|and place it at) (?P<where>the (?:very )?end|{at})",
    r"(?:put|add|place|insert|paste) (?:a |another )?copy of {ref} (?:to|at) (?P<where>the (?:very )?end|{at})",
    r"(?:duplicate|copy|clone|repeat) {ref} (?P<side>after|before) {ref2}",
    r"(?:put|add|place|insert|paste) (?:a |another )?copy of {ref} (?P<side>after|before) {ref2}",
    r"(?:duplicate|copy|clone|double|repeat) {ref}(?: (?P<n>\d+) times| once(?: more)?)?",
    r"(?:make|create) (?:a |another |one more )?(?:copy|duplicate|clone) of {ref}",
    r"(?:do|play) {ref} (?:again|once more|one more time) (?:at )?(?P<where>the end)",
)
def duplicate(desk: Desk, said: Said) -> None:
    """Clips again, right after themselves or where it says."""
    target = references.clips(desk, said["ref"])
    clips = [desk.clip(id)[1] for id in target]
    first = min(clip.start for clip in clips)
    by, ripple = max(clip.stop for clip in clips) - first, True
    if said["at"] or said["frame"]:
        by = said.time(desk) - first
    elif said["where"]:
        by, ripple = desk.clip(target[0])[0].stop - first, False
    elif said["side"]:
        other = desk.clip(references.clip(desk, said["ref2"]))[1]
        by = (other.stop if said["side"] == "after" else other.start) - first
    for _ in range(min(int(said["n"] or 1), 20)):
        made = tuple(ClipId(id) for id in fresh(desk.project, "clip", len(target)))
        desk.edit(DuplicateClip(target, made, by=by, ripple=ripple))


@grammar.rule(
    r"(?:split|cut|slice|divide|chop|break)(?: {ref})? (?:at|at the|after) {at}",
    r"(?:split|cut|slice|divide|chop|break)(?: {ref})? (?P<here>here|at the playhead|at this point|now|at the cursor|where i am)",
    r"(?:split|cut|slice|divide|chop|break) {ref} (?P<half>in (?:2|half|the middle)|into 2(?: (?:parts|halves|pieces))?|at the middle|at half|halfway|down the middle|in 2 (?:parts|halves|pieces))",
    r"(?P<only>split|cut)",
)
def split(desk: Desk, said: Said) -> None:
    """A clip in two."""
    here = said["here"] or said["only"]
    frame = desk.focus.playhead if here else None
    if said["at"] or said["frame"]:
        frame = said.time(desk)
    if said["ref"]:
        target = references.clips(desk, said["ref"])
    elif desk.focus.selection and here:
        target = references.it(desk, selection_first=True)
    else:
        target = (references.clip(desk, f"at {frame} frames"),)
    for id in target:
        clip = desk.clip(id)[1]
        at = clip.start + clip.frames // 2 if frame is None else frame
        desk.edit(SplitClip((id,), at, (desk.fresh_clip(),)))


@grammar.rule(
    r"(?:trim|cut|shorten|crop|clip|reduce|limit) {ref} (?:down )?to {dur}(?: long)?",
    r"(?:keep|use|play) only (?P<keep>the first|the last) {dur} of {ref}",
)
def trim_to(desk: Desk, said: Said) -> None:
    """A clip of a length: its end goes, or its beginning."""
    id = references.clip(desk, said["ref"])
    clip, length = desk.clip(id)[1], said.length(desk)
    if length >= clip.frames:
        raise Unsure(f"It is only {clip.frames / desk.fps:g} s long; how long should it be?")
    if said["keep"] == "the last":
        desk.edit(TrimClip((id,), "head", clip.stop - length, ripple=True))
    else:
        desk.edit(TrimClip((id,), "tail", clip.start + length, ripple=True))


@grammar.rule(
    r"(?:trim|cut|cut off|crop|take|remove|delete|shave|chop|chop off|drop|trim off|take off|shave off)(?: off| away)? (?:the )?(?P<edge>first|last|final) {dur}(?: (?:of|off|from) {ref})?",
    r"(?:trim|cut|take|shave|chop|remove|crop)(?: off)? {dur} (?:off|from|of) (?:the )?(?P<edge>start|beginning|front|head|end|tail|back)(?: (?:of|off|from) {ref})?",
    r"(?:trim|shorten|cut|crop) {ref} by {dur}(?: (?:at|from|on) (?:the )?(?P<edge>start|beginning|front|head|end|tail|back))?",
    r"(?:trim|shorten|cut|crop) (?:the )?(?P<edge>start|beginning|front|head|end|tail) of {ref} by {dur}",
    r"(?:trim|cut|take|shave|chop) {dur} (?:off|from|of) {ref}",
)
def trim_off(desk: Desk, said: Said) -> None:
    """So much of a clip's beginning or end goes."""
    head = said["edge"] in ("first", "start", "beginning", "front", "head")
    id = references.clip(desk, said["ref"]) if said["ref"] else references.it(desk)[-1]
    clip, length = desk.clip(id)[1], said.length(desk)
    frame = clip.start + length if head else clip.stop - length
    desk.edit(TrimClip((id,), "head" if head else "tail", frame, ripple=True))


@grammar.rule(
    r"(?:trim|cut|make|let) (?:the )?(?P<edge>start|beginning|head|end|tail) of {ref} (?:to|at) {at}",
    r"(?:make|let|have) {ref} (?P<edge>end|stop|start at|begin from) (?:at )?{at}",
    r"{ref} (?:should|must|has to|needs to) (?P<edge>end|stop) at {at}",
    r"(?P<edge>end|stop) {ref} at {at}",
)
def trim_at(desk: Desk, said: Said) -> None:
    """An edge of a clip goes to a time."""
    head = said["edge"].startswith(("start", "begin", "head"))
    id = references.clip(desk, said["ref"])
    desk.edit(TrimClip((id,), "head" if head else "tail", said.time(desk), ripple=True))


@grammar.rule(
    r"(?P<off>disable|turn off|switch off|deactivate|bypass|hide) {ref}",
    r"(?:enable|turn on|switch on|activate|unhide|show) {ref}",
    r"(?:turn|switch) {ref} (?:back )?(?P<off>off)",
    r"(?:enable|activate) {ref} again",
    r"(?:turn|switch) {ref} (?:back )?on(?: again)?",
    r"(?:and )?(?:back )?on again",
    r"(?P<off>skip|ignore) {ref}",
)
def enable(desk: Desk, said: Said) -> None:
    """Clips are passed over, or play again."""
    target = references.clips(desk, said["ref"] or "it")
    desk.edit(EnableClip(target, enabled=not said["off"]))
