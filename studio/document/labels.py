"""What an edit is called in the undo menu: "Move 2 clips"."""

from __future__ import annotations

from studio.document.commands import (
    AddTakes,
    Batch,
    EditCommand,
    EnableClip,
    InPlaceClip,
    MirrorClip,
    RemoveConstraint,
    RemoveMarker,
    RemoveTakes,
    SetTrack,
)

_CLIPS = {
    "remove_clip": "Remove",
    "move_clip": "Move",
    "trim_clip": "Trim",
    "slip_clip": "Slip",
    "split_clip": "Split",
    "duplicate_clip": "Duplicate",
    "rename_clip": "Rename",
    "retime_clip": "Retime",
    "loop_clip": "Loop",
    "place_clip": "Place",
    "extrapolate_clip": "Extrapolate",
    "set_blend": "Blend",
    "replace_media": "Replace motion of",
}

_PLAIN = {
    "add_track": "Add track",
    "remove_track": "Remove track",
    "move_track": "Move track",
    "add_clip": "Add clip",
    "add_character": "Add character",
    "remove_character": "Remove character",
    "set_character": "Change character",
    "set_constraint": "Set pose key",
    "set_marker": "Set marker",
    "rename_project": "Rename project",
    "set_fps": "Change frame rate",
    "set_range": "Set range",
    "set_take": "Change take",
}


def label(command: EditCommand) -> str:
    """A short name of an edit, as undo and redo show it."""
    match command:
        case Batch(commands, name):
            if name:
                return name
            return label(commands[0]) if len(commands) == 1 else f"{len(commands)} edits"
        case EnableClip(target, on):
            return f"{'Enable' if on else 'Disable'} {_count(len(target), 'clip')}"
        case MirrorClip(target, on):
            return f"{'Mirror' if on else 'Unmirror'} {_count(len(target), 'clip')}"
        case InPlaceClip(target, on):
            count = _count(len(target), "clip")
            return f"Keep {count} in place" if on else f"Let {count} travel"
        case SetTrack():
            return _track(command)
        case RemoveConstraint(keys):
            return f"Remove {_count(len(keys), 'pose key')}"
        case RemoveMarker(markers):
            return f"Remove {_count(len(markers), 'marker')}"
        case AddTakes(takes):
            return f"Add {_count(len(takes), 'take')}"
        case RemoveTakes(takes):
            return f"Remove {_count(len(takes), 'take')}"
    if command.kind in _PLAIN:
        return _PLAIN[command.kind]
    target: tuple[str, ...] = getattr(command, "target", ())
    return f"{_CLIPS[command.kind]} {_count(len(target), 'clip')}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}s" if number != 1 else what


def _track(command: SetTrack) -> str:
    """By the one thing that it changes."""
    named = {
        "mute": ("Mute track", "Unmute track"),
        "solo": ("Solo track", "Unsolo track"),
        "lock": ("Lock track", "Unlock track"),
    }
    given = [name for name in ("name", "character", *named) if getattr(command, name) is not None]
    match given:
        case ["name"]:
            return "Rename track"
        case [switch] if switch in named:
            on, off = named[switch]
            return on if getattr(command, switch) else off
        case _:
            return "Change track"
