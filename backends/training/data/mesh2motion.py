"""Mesh2Motion: hand-keyed CC0 clips with one-word names."""

# One row of a table a line reads better than four.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from backends.training.data.take import Action, DataError, Kind, Take, recordings


def _a(content: str, kind: Kind, phrases: str, nouns: str = "") -> Action:
    return Action(content, kind, tuple(phrases.split("|")), tuple(filter(None, nouns.split("|"))))


#: Every clip of the set, by file name.
CLIPS: dict[str, Action] = {
    "angry": _a("angry", "action", "*be angry|*stomp with rage|*throw a tantrum|*shake with anger|*rage and *clench {their} fists", "an angry outburst|a tantrum"),
    "backflip": _a("backflip", "action", "*do a backflip|*backflip|*flip backwards through the air|*perform a back somersault", "a backflip"),
    "bow": _a("bow", "gesture", "*bow|*take a bow|*bow from the waist|*bend forward in a bow", "a bow"),
    "confused": _a("confused", "gesture", "*be confused|*look puzzled|*scratch {their} head in confusion|*look around at a loss|*shrug in confusion", "a confused gesture"),
    "consume-powerup": _a("drink", "gesture", "*consume a power up|*swallow a potion|*bring something to {their} mouth and *gulp it down|*eat a power up", "drinking a potion|a power up"),
    "crawl-RM": _a("crawl", "gait", "*crawl forward|*crawl on hands and knees|*move forward on all fours|*crawl along the ground", "a crawl"),
    "crawl": _a("crawl", "gait", "*crawl|*crawl on hands and knees|*move on all fours", "a crawl"),
    "dance-body-roll": _a("dance-body-roll", "action", "*dance with body rolls|*do a body roll|*roll {their} body in a dance|*dance, rolling chest and hips", "a body roll dance"),
    "dance-charleston": _a("dance-charleston", "action", "*dance the charleston|*do the charleston|*kick forward and back in a charleston|*perform a 1920s dance", "a charleston"),
    "dance-reach-hip": _a("dance-reach-hip", "action", "*dance, reaching out and swinging the hips|*dance with reaching arms|*sway {their} hips and *reach to the side in a dance", "a hip swinging dance"),
    "defend": _a("block", "action", "*defend|*raise both arms to block an attack|*guard {their} face|*shield {their} body with both arms", "a defensive guard|a block"),
    "dizzy": _a("dizzy", "action", "*be dizzy|*stagger dizzily|*sway as if dizzy|*wobble on the spot, seeing stars", "a dizzy sway"),
    "fighting-idle": _a("fight-stance", "idle", "*stand in a fighting stance|*hold up both fists, ready to fight|*bounce lightly in a boxing stance|*wait with raised guard", "a fighting stance|a combat idle"),
    "fighting-left-jab": _a("jab-left", "action", "*jab with the left hand|*throw a left jab|*punch quickly with {their} left fist|*box with the left hand", "a left jab"),
    "fighting-right-jab": _a("jab-right", "action", "*jab with the right hand|*throw a right jab|*punch quickly with {their} right fist|*box with the right hand", "a right jab"),
    "flying-forward-super": _a("fly-super", "action", "*fly forward like a superhero|*fly like superman|*fly with one fist stretched ahead|*soar through the air like a hero", "a superhero flight"),
    "flying-forward": _a("fly", "action", "*fly forward|*fly through the air|*glide forward with the body level|*hover and *fly ahead", "a flight"),
    "head-nod": _a("nod", "gesture", "*nod|*nod {their} head|*nod yes|*agree with a nod", "a nod"),
    "idle-listening": _a("listen", "idle", "*stand and *listen|*listen to someone|*stand still, listening|*pay attention to someone talking", "a listening idle"),
    "jumping-jacks": _a("jumping-jacks", "action", "*do jumping jacks|*do star jumps|*jump with arms and legs spreading and closing|*exercise with jumping jacks", "jumping jacks"),
    "levitate-entrance": _a("levitate", "action", "*levitate into place|*float down from the air|*descend by levitation|*enter floating", "a levitating entrance"),
    "levitate-idle": _a("levitate", "action", "*levitate|*float above the ground|*hover in the air|*hang in the air, weightless", "a levitation"),
    "meditate": _a("meditate", "idle", "*meditate|*sit cross legged and *meditate|*sit still in meditation|*sit in the lotus position", "a meditation"),
    "power-up": _a("power-up", "action", "*power up|*gather energy|*charge up with clenched fists|*tense the whole body and *power up", "a power up"),
    "pushup": _a("push-ups", "action", "*do push ups|*do a push up|*do press ups on the floor|*exercise with push ups", "push ups"),
    "reject": _a("reject", "gesture", "*reject something|*refuse with a gesture|*wave something away|*say no with both hands", "a rejecting gesture"),
    "run-anime": _a("run-anime", "gait", "*run like in an anime|*run leaning forward with both arms stretched back|*do a ninja run", "an anime run|a ninja run"),
    "shiver": _a("shiver", "action", "*shiver|*shiver with cold|*tremble, hugging {their} own body|*shake in the cold", "a shiver"),
    "sleeping": _a("sleep", "idle", "*sleep|*lie asleep on the ground|*sleep on the floor|*lie still, sleeping", "a sleep"),
    "throw-ball": _a("throw", "action", "*throw a ball|*pitch a ball|*throw something overhand|*wind up and *throw a ball", "a throw|a pitch"),
    "tired-hunched": _a("out-of-breath", "idle", "*stand hunched over, out of breath|*catch {their} breath with hands on knees|*pant, bent forward|*rest, hunched and tired", "a tired hunch"),
    "tired-kneeling": _a("kneel-tired", "idle", "*kneel in exhaustion|*rest on one knee, out of breath|*kneel down, panting|*kneel, tired", "a tired kneel"),
    "two-hand-blast": _a("magic-blast", "action", "*fire a blast from both hands|*thrust both palms forward and *shoot an energy blast|*cast a spell with two hands|*blast energy ahead", "a two handed blast|an energy blast"),
    "victory": _a("victory", "action", "*celebrate a victory|*cheer in victory|*raise {their} fists in triumph|*strike a victory pose", "a victory celebration"),
}  # fmt: skip

#: Clips that are cycles by design.
LOOPS = frozenset(
    "angry confused crawl crawl-RM dance-body-roll dance-charleston dance-reach-hip defend dizzy "
    "fighting-idle flying-forward flying-forward-super head-nod idle-listening jumping-jacks "
    "levitate-idle meditate pushup run-anime shiver sleeping tired-hunched tired-kneeling".split()
)


def takes(source: Path) -> Iterator[Take]:
    """Every clip in the folder ``mesh2motion`` of ``source``."""
    folder = source / "mesh2motion"
    for archive, member in recordings(folder, "human"):
        yield describe(archive, member)


def describe(archive: Path, member: str) -> Take:
    """A take from its file name alone."""
    stem = Path(member).stem
    if stem not in CLIPS:
        raise DataError(f"'{member}' is not a clip of Mesh2Motion's that we know; leave it out.")
    return Take(
        source="mesh2motion",
        take=stem,
        group="open",
        archive=archive,
        member=member,
        action=CLIPS[stem],
        loop=stem in LOOPS,
    )
