"""``motion-studio project``, and what ``convert`` and ``info`` do with a project."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motion.errors import MotionStudioError
from studio.cli.status import UsageError

if TYPE_CHECKING:
    from studio.document.model import Character, Project, Range
    from studio.document.project_file import OpenProject
    from studio.library import Entry
    from studio.session import Session


def is_project(path: Path) -> bool:
    """Whether ``path`` names a project rather than a motion file."""
    return path.suffix.lower() == ".mstudio" or path.is_dir()


# -- the library ---------------------------------------------------------------------------------


def list_known(args: argparse.Namespace) -> int:
    """One line a project, the one changed last first; then those that lie elsewhere."""
    from studio.library import Library

    library = Library()
    found = (*library.list(), *library.recent())
    if args.json:
        print(json.dumps([_row(entry) for entry in found], indent=2))
        return 0
    if not found:
        print("There is no project yet; make one with 'motion-studio project new NAME'.")
    wide = max((len(entry.id) for entry in found), default=0)
    for entry in found:
        told = entry.problem or (
            f"{entry.changed:%Y-%m-%d %H:%M}  {entry.clips:>3} clips  {entry.seconds:>6.1f} s  "
            f"{entry.name}"
        )
        print(f"{entry.id:<{wide}}  {told}")
    return 0


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "where": str(entry.where),
        "changed": entry.changed.isoformat(timespec="seconds"),
        "clips": entry.clips,
        "seconds": entry.seconds,
        "problem": entry.problem or None,
    }


def new(args: argparse.Namespace) -> int:
    """An empty project in the library; where it is on stdout."""
    from studio.library import Library

    with Library().create(args.name) as opened:
        print(opened.path)
    return 0


def pack(args: argparse.Namespace) -> int:
    """A project of the library, or one elsewhere, as one file; its name on stdout."""
    from studio.library import Library

    place = Path(args.project)
    print(Library().export_file(place if is_project(place) else args.project, args.out))
    return 0


def unpack(args: argparse.Namespace) -> int:
    """A copy of a file in the library; where it is on stdout."""
    from studio.library import Library

    print(Library().import_file(args.file).where)
    return 0


# -- convert -------------------------------------------------------------------------------------


def convert(args: argparse.Namespace) -> int:
    """What one character does on the timeline, as a motion file."""
    from studio import files

    files.check_writable(args.out)
    session, opened = _look(args.source)
    who = _performer(session, args.character)
    _check_whole(opened, who)
    changes = files.Changes(
        fps=args.fps, mirror=args.mirror, in_place=args.in_place, scale=args.scale
    )
    session.export(args.out, who.id, _frames(opened.project, *args.range), changes)
    return 0


def _look(path: Path) -> tuple[Session, OpenProject]:
    """A session on what was saved last, which writes nothing."""
    from studio.bundles import Models
    from studio.document.project_file import open_project
    from studio.session import Session
    from studio.tabs import SessionStore

    opened, store = open_project(path, read_only=True), SessionStore(Models())
    return Session("look", opened, store.models, store.jobs), opened


def _performer(session: Session, name: str | None) -> Character:
    """Who of those that move is called ``name``, or the only one that moves."""
    moving, title = session.performers, session.project.name
    if not moving:
        raise UsageError(f"'{title}' has no clips on its timeline yet.")
    if name is None:
        if len(moving) == 1:
            return moving[0]
        raise UsageError(
            f"{len(moving)} characters move in '{title}'; choose one with --character: "
            f"{', '.join(who.name for who in moving)}."
        )
    found = [who for who in moving if name in (who.id, who.name)]
    found = found or [who for who in moving if who.name.casefold() == name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(who.id for who in found)
        raise UsageError(f"{len(found)} characters are called '{name}'; say which: {ids}.")
    known = ", ".join(who.name for who in moving)
    raise UsageError(f"Nobody called '{name}' moves in '{title}'; there is {known}.")


def _check_whole(opened: OpenProject, who: Character) -> None:
    """A file that cannot say so should not hold a figure at rest for motion that was lost."""
    from studio.document.layout import pieces

    played = [piece.clip for piece in pieces(opened.project, who.id)]
    lost = dict.fromkeys(c.name for c in played if c.media.id in opened.media.missing)
    if lost:
        raise UsageError(
            f"{who.name} has lost the motion of {', '.join(repr(name) for name in lost)}; open the "
            "project and replace or disable that first."
        )


def _frames(project: Project, start: int | None, stop: int | None) -> Range | None:
    """The range asked for; None for the project's own."""
    from studio.document.model import Range

    if start is None and stop is None:
        return None
    end = project.timeline.stop
    frames = Range(start or 0, end if stop is None else stop)
    if not 0 <= frames.start < frames.stop <= end:
        raise UsageError(
            f"--range {frames.start}:{frames.stop} does not fit '{project.name}'; its frames are "
            f"0:{end}."
        )
    return frames


# -- info ----------------------------------------------------------------------------------------


def info(args: argparse.Namespace) -> int:
    """What is in a project, on stdout."""
    session, opened = _look(args.file)
    found = _summary(args.file, session, opened)
    print(json.dumps(found, indent=2) if args.json else _text(found))
    return 0


def _summary(path: Path, session: Session, opened: OpenProject) -> dict[str, Any]:
    project = opened.project
    names = {who.id: who.name for who in project.characters}
    return {
        "path": str(path),
        "name": project.name,
        "fps": project.fps,
        "frames": project.timeline.stop,
        "seconds": project.timeline.stop / project.fps,
        "characters": list(names.values()),
        "tracks": [
            {
                "name": track.name,
                "character": names[track.character],
                "clips": [
                    {"name": clip.name, "start": clip.start, "stop": clip.stop}
                    for clip in track.clips
                ],
            }
            for track in project.timeline.tracks
        ],
        "takes": len(project.takes),
        "motions": len(project.media),
        "seams": _seams(session),
        "lost": list(opened.notices),
    }


def _seams(session: Session) -> dict[str, Any]:
    """How many joins are good, fair and poor, and the worst; or why they cannot be measured."""
    try:
        joins = session.joins()
    except MotionStudioError as error:  # such as a rig that is not understood
        return {"problem": str(error)}
    clips = {clip.id: clip.name for _, clip in session.project.clips}
    counts = dict.fromkeys(("good", "fair", "poor"), 0)
    for each in joins:
        counts[each.seam.level] += 1
    worst = max(joins, key=lambda each: each.seam.ratio, default=None)
    shown = worst and {
        "clip": clips[worst.join.clip],
        "frame": worst.join.frame,
        "ratio": worst.seam.ratio,
        "joint": worst.seam.joint,
    }
    return {**counts, "worst": shown}


def _text(found: dict[str, Any]) -> str:
    lines = [
        ("name", found["name"]),
        ("length", f"{found['frames']} frames, {found['seconds']:.2f} s at {found['fps']:g} fps"),
        ("characters", ", ".join(found["characters"])),
    ]
    for number, track in enumerate(found["tracks"], start=1):
        clips = len(track["clips"])
        told = f"{track['name']}, {track['character']}, {clips} clip{'' if clips == 1 else 's'}"
        lines.append((f"track {number}", told))
    lines += [("takes", found["takes"]), ("motions", found["motions"]), *_told(found["seams"])]
    return "\n".join([*(f"{name:<13} {value}" for name, value in lines), *found["lost"]])


def _told(seams: dict[str, Any]) -> list[tuple[str, str]]:
    if "problem" in seams:
        return [("seams", f"not measured: {seams['problem']}")]
    lines = [("seams", ", ".join(f"{seams[level]} {level}" for level in ("good", "fair", "poor")))]
    if worst := seams["worst"]:
        where = f"frame {worst['frame']}, '{worst['clip']}', {worst['joint']}"
        lines.append(("worst seam", f"{worst['ratio']:.1f} at {where}"))
    return lines
