"""Tracks, characters, markers, range, rate and names."""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

from dataclasses import replace

from studio.document.commands import (
    AddTrack,
    MoveTrack,
    RemoveCharacter,
    RemoveMarker,
    RemoveTrack,
    RenameClip,
    RenameProject,
    SetCharacter,
    SetFps,
    SetMarker,
    SetRange,
    SetTrack,
)
from studio.document.model import Marker, MarkerId, Range, Track, TrackId
from studio.document.placing import fresh
from studio.planner import references
from studio.planner.desk import Declined, Desk, Unsure
from studio.planner.grammar import Grammar, Said
from studio.planner.playing import direction

grammar = Grammar()


@grammar.rule(
    r"(?P<do>mute|unmute|silence|solo|unsolo|lock|unlock|un mute|un solo|un lock|freeze) {ref}",
    r"(?P<do>mute|unmute|solo|unsolo|lock|unlock)",
    r"(?:make|set|put) {ref} (?:to )?(?P<do>muted|solo|locked|unlocked|unmuted)",
    r"(?P<do>isolate|show only|play only|only play|only show|listen only to) (?P<ref>(?!from|the range|between).+)",
    r"(?P<do>unfreeze) {ref}",
)
def switch(desk: Desk, said: Said) -> None:
    """Mute, solo and lock."""
    found = references.tracks(desk, said["ref"] or "it")
    for id in found:
        match said["do"].replace(" ", ""):
            case "mute" | "silence" | "muted":
                desk.edit(SetTrack(id, mute=True))
            case "unmute" | "unmuted":
                desk.edit(SetTrack(id, mute=False))
            case "unsolo":
                desk.edit(SetTrack(id, solo=False))
            case "lock" | "freeze" | "locked":
                desk.edit(SetTrack(id, lock=True))
            case "unlock" | "unlocked" | "unfreeze":
                desk.edit(SetTrack(id, lock=False))
            case _:
                desk.edit(SetTrack(id, solo=True))
        desk.speaker = _track(desk, id).character


def _track(desk: Desk, id: TrackId) -> Track:
    return next(each for each in desk.project.timeline.tracks if each.id == id)


@grammar.rule(
    r"(?:add|create|make|insert|new)(?: me)? (?:a |an )?(?:new |another |empty |extra )*(?:track|lane|layer)(?: (?:for|to|of) {who})?(?: (?:called|named) {name})?",
    r"new (?:track|lane|layer)",
)
def add_track(desk: Desk, said: Said) -> None:
    """A track, above the others of its character."""
    who = references.character(desk, said["who"]) if said["who"] else desk.who()
    lanes = desk.project.timeline.tracks
    index = next((i for i, each in enumerate(lanes) if each.character == who), None)
    name = said.raw("name") if said["name"] else f"Track {len(lanes) + 1}"
    desk.edit(AddTrack(Track(TrackId(fresh(desk.project, "track")[0]), name, who), index))


@grammar.rule(
    r"{delete} (?P<ref>(?:the |my )?(?:.+ )?(?:track|lane|layer)(?: \d+| .+)?)",
)
def remove_track(desk: Desk, said: Said) -> None:
    """A track with its clips."""
    desk.edit(RemoveTrack(references.track(desk, said["ref"])))


@grammar.rule(
    r"(?:move|put|bring|send) {ref} (?:to the (?P<end>top|bottom)|(?P<way>up|down|above|below)(?: {ref2})?)",
)
def move_track(desk: Desk, said: Said) -> None:
    """A track goes up or down."""
    if not any(word in said["ref"] for word in ("track", "layer", "lane")):
        raise Declined
    id = references.track(desk, said["ref"])
    lanes = [each.id for each in desk.project.timeline.tracks]
    at = lanes.index(id)
    if said["end"]:
        index = 0 if said["end"] == "top" else len(lanes) - 1
    elif said["ref2"]:
        other = lanes.index(references.track(desk, said["ref2"]))
        index = other + (said["way"] == "below") - (at < other)
    else:
        index = at + (1 if said["way"] == "down" else -1)
    if not 0 <= index < len(lanes) or index == at:
        raise Unsure("It is there already; where should the track go?")
    desk.edit(MoveTrack(id, index))


# -- names ----------------------------------------------------------------------------------------

_TO = r"(?:to|as|into|)"


@grammar.rule(
    r"(?:rename|name|call|title|retitle) (?:the |this |my )?(?:project|scene|file|animation|whole thing)(?: (?:to|as))? {name}",
    r"(?:the )?project (?:should be|is) (?:called|named) {name}",
    r"(?:set|change) (?:the )?(?:project name|name of the project|title)(?: to| as)? {name}",
)
def rename_project(desk: Desk, said: Said) -> None:
    """The project's name."""
    desk.edit(RenameProject(said.raw("name")))


@grammar.rule(
    r"(?:rename|name|call|label) {ref} (?:to|as|into) {name}",
    r"(?:change|set) (?:the )?name of {ref} to {name}",
    r"(?:rename|name|call|label) {ref} {name}",
    r"{ref} (?:should be|is|is now|is to be) (?:called|named) {name}",
    r"(?P<his>his|her|their) name is {name}",
)
def rename(desk: Desk, said: Said) -> None:
    """A clip's, track's or character's name."""
    name, phrase = said.raw("name"), said["ref"]
    if not name:
        raise Unsure("What should it be called?")
    if said["his"]:
        phrase = "he"
    if any(word in phrase.split() for word in ("track", "layer", "lane")):
        desk.edit(SetTrack(references.track(desk, phrase), name=name))
        return
    if phrase not in ("it", "this", "that") and (who := _someone(desk, phrase)):
        desk.edit(SetCharacter(who, name=name))
        desk.speaker = who
        return
    desk.edit(RenameClip(references.clips(desk, phrase), name))


def _someone(desk: Desk, phrase: str):
    try:
        return references.character(desk, phrase)
    except Declined:
        return None


# -- characters -----------------------------------------------------------------------------------


@grammar.rule(
    r"{delete} {who}(?: from the scene)?",
    r"{who} (?:should |must |can )?(?:leave|disappear|vanish|go away)",
)
def remove_character(desk: Desk, said: Said) -> None:
    """A character with its tracks."""
    if said["who"] in ("it", "that", "this", "them"):
        raise Declined
    desk.edit(RemoveCharacter(references.character(desk, said["who"])))


# -- markers --------------------------------------------------------------------------------------


@grammar.rule(
    r"(?:add|put|set|place|insert|drop|create|make)(?: me)? (?:a |an |another )?(?:new )?(?:marker|mark|bookmark|flag)(?: (?:called|named|saying|labelled|labeled) (?P<name>.+?))?(?: (?:at|on|to)(?: the)? {at}| (?P<here>here|now|at the playhead|at this (?:point|frame)))(?: (?:and )?(?:called|named|saying|labelled|labeled|name it|call it|named as) (?P<name2>.+))?",
    r"(?:mark|bookmark|flag) {at}(?: (?:as|with|called) (?P<name>.+))?",
    r"(?:mark|bookmark) (?P<here>here|this frame|this point)(?: (?:as|with|called) (?P<name>.+))?",
    r"(?:add|put|set|place|drop) (?:a |the )?marker (?P<name>.+?) at {at}",
    r"(?:marker|mark) (?:at )?{at}(?: (?P<name>.+))?",
    r"(?:add|put|set|place|drop) (?:a )?marker (?:at|on) (?:the )?(?P<edge>start|beginning|end) of {ref}(?: (?:called|named) (?P<name>.+))?",
)
def add_marker(desk: Desk, said: Said) -> None:
    """A named frame."""
    if said["here"]:
        frame = desk.focus.playhead
    elif said["edge"]:
        clip = desk.clip(references.clip(desk, said["ref"]))[1]
        frame = clip.stop if said["edge"] == "end" else clip.start
    else:
        frame = said.time(desk)
    key = "name2" if said["name2"] else "name"
    name = said.raw(key) if said[key] else f"Marker {len(desk.project.timeline.markers) + 1}"
    desk.edit(SetMarker(Marker(MarkerId(fresh(desk.project, "marker")[0]), frame, name)))


@grammar.rule(
    r"{delete} (?P<all>all|every|all of|each)?(?: of)? ?(?:the |my )?markers?(?: (?:called |named )?{ref})?",
    r"{delete} (?:the |my )?{ref} (?:marker|mark|bookmark|flag)",
)
def remove_marker(desk: Desk, said: Said) -> None:
    """Named frames go."""
    markers = _markers(desk)
    if said["all"] or (not said["ref"] and said.match[0].endswith("markers")):
        desk.edit(RemoveMarker(tuple(each.id for each in markers)))
        return
    desk.edit(RemoveMarker((_marker(desk, said["ref"]).id,)))


@grammar.rule(r"(?:move|shift|put) (?:the |my )?(?:marker {ref}|{ref2} marker|marker) to {at}")
def move_marker(desk: Desk, said: Said) -> None:
    """A named frame goes elsewhere."""
    marker = _marker(desk, said["ref"] or said["ref2"])
    desk.edit(SetMarker(replace(marker, frame=said.time(desk))))


@grammar.rule(
    r"(?:rename|call) (?:the |my )?(?:marker {ref}|{ref2} marker|marker)(?: to| as)? {name}"
)
def rename_marker(desk: Desk, said: Said) -> None:
    """A frame gets another name."""
    marker = _marker(desk, said["ref"] or said["ref2"])
    desk.edit(SetMarker(replace(marker, name=said.raw("name"))))


def _markers(desk: Desk) -> tuple[Marker, ...]:
    markers = desk.project.timeline.markers
    if not markers:
        raise Unsure("There is no marker; what do you want to change?")
    return markers


def _marker(desk: Desk, phrase: str) -> Marker:
    markers = _markers(desk)
    for marker in markers:
        if marker.name.lower() == phrase:
            return marker
    if not phrase and len(markers) == 1:
        return markers[0]
    if phrase in ("first", "last"):
        return sorted(markers, key=lambda each: each.frame)[0 if phrase == "first" else -1]
    if phrase:
        raise Declined
    named = {marker.name: marker for marker in markers}
    return named[desk.choose("Which marker?", list(named))]


# -- range and rate -------------------------------------------------------------------------------


@grammar.rule(
    r"(?:set|change|make|limit) (?:the )?(?:loop|range|loop range|playback range|play range|play area|work area|export range|in and out)(?: to| be)? {span}",
    r"(?:loop|play|repeat|cycle|preview)(?: only| just)?(?: the (?:part|range))? {span}(?: only| again)?",
    r"(?:loop|play|set the range to|set range to|range)(?: only| just)?(?: the)? {span}(?: only)?",
    r"(?:only|just) (?:loop|play|show) (?:the )?{span}",
    r"(?:set|change) (?:the )?(?:loop|range|playback range|play range) to {ref}",
    r"(?:set the range|loop|play) (?:just|only) {ref}",
)
def set_range(desk: Desk, said: Said) -> None:
    """What is looped and exported."""
    if said["span"]:
        phrase = said["span"].removesuffix(" only").removesuffix(" again")
        span = references.span(desk, phrase)
    else:
        clips = [desk.clip(id)[1] for id in references.clips(desk, said["ref"])]
        span = Range(min(c.start for c in clips), max(c.stop for c in clips))
    desk.edit(SetRange(span))


@grammar.rule(
    r"(?:clear|remove|delete|reset|drop|unset|forget) (?:the )?(?:loop|range|loop range|playback range|play range|looped range)",
    r"(?:play|loop|show) (?:everything|all|the whole (?:thing|timeline|scene)|all of it|it all|the full (?:thing|timeline|range))(?: again)?",
    r"no range",
)
def clear_range(desk: Desk, said: Said) -> None:
    """All of it plays."""
    desk.edit(SetRange(None))


@grammar.rule(
    r"(?:run|play|have|put) (?:it|the (?:project|scene|timeline)) at {n} (?:fps|frames per seconds?)",
    r"(?:set |change |make |use |switch to |convert to |go |run at |put |work (?:at|in) |play at )?(?:it |the (?:project|scene|timeline|fps|frame rate|rate|framerate|frames per second) |fps |frame rate |project )?(?:to |at |in |be |= )?{n} (?:fps|frames per seconds?|frames a seconds?|frames per 1 seconds|frames/seconds|hertz)",
    r"(?:set|change|switch) (?:the )?(?:fps|frame rate|framerate|rate)(?: to| at| =)? {n}",
    r"(?:fps|frame rate) {n}",
)
def set_fps(desk: Desk, said: Said) -> None:
    """The project's rate."""
    desk.edit(SetFps(float(said["n"])))


# -- where people stand ---------------------------------------------------------------------------


@grammar.rule(
    r"{who} (?:should |must |has to |needs to )?(?:start|begin|stand|be)s? {n} metres (?:further )?(?:to the |to his |to her )?(?P<side>left|right|back|backwards?|forwards?|ahead)",
    r"(?:move|shift|place|put|start) {who} (?:by )?{n} metres (?:further )?(?:to the |to his |to her )?(?P<side>left|right|back|backwards?|forwards?|ahead)",
    r"(?:move|shift|place|put|start) {who} (?:to the )?(?P<side>left|right|back|backwards?|forwards?|ahead)(?: by)? {n} metres",
)
def shift_character(desk: Desk, said: Said) -> None:
    """A character begins elsewhere."""
    if said["who"] in ("it", "that", "this"):
        raise Declined
    who = references.character(desk, said["who"])
    x, z = direction(said["side"], float(said["n"]))
    old = desk.character(who).placement
    desk.edit(SetCharacter(who, placement=replace(old, x=old.x + x, z=old.z + z)))
    desk.speaker = who


@grammar.rule(
    r"(?:put|move|place|start|bring) {who} (?:at|to|in|back to) (?:the )?(?:origin|center|centre|middle)(?: of the (?:scene|stage|world))?"
)
def to_origin(desk: Desk, said: Said) -> None:
    """A character begins at the origin."""
    if said["who"] in ("it", "that", "this"):
        raise Declined
    who = references.character(desk, said["who"])
    old = desk.character(who).placement
    desk.edit(SetCharacter(who, placement=replace(old, x=0.0, z=0.0)))
    desk.speaker = who


@grammar.rule(
    r"(?:make|color|paint|tint|dye|turn) {who} (?P<color>red|green|blue|yellow|orange|purple|pink|white|black|grey|gray|cyan|brown)",
    r"(?:set|change) (?:the )?color of {who} to (?P<color>red|green|blue|yellow|orange|purple|pink|white|black|grey|gray|cyan|brown)",
)
def color(desk: Desk, said: Said) -> None:
    """A character's colour."""
    who = references.character(desk, said["who"])
    desk.edit(SetCharacter(who, color=_COLORS[said["color"]]))
    desk.speaker = who


_COLORS = {
    "red": "#d95b5b", "green": "#6fbf73", "blue": "#5b9dd9", "yellow": "#d9c25b",
    "orange": "#e0884a", "purple": "#9678c6", "pink": "#c678b8", "white": "#f2f2f2",
    "black": "#222222", "grey": "#888888", "gray": "#888888", "cyan": "#5bc7c1",
    "brown": "#8c6a4a",
}  # fmt: skip
