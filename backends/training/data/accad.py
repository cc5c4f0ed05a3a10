"""ACCAD (The Ohio State University): one action a file, named in the file names."""

# One row of a table a line reads better than four.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from backends.training.data.take import MEASURED_GAIT, Action, DataError, Kind, Take, recordings

_NAME = re.compile(r"(Female1|Male)__(Female1|Male1|Male2)_(?:[A-G]\d+_)?(.+)\.bvh$")


def _a(content: str, kind: Kind, phrases: str, nouns: str = "") -> Action:
    changes = kind == "gait" and re.search(
        r"turn|change|start|stop|then|-to-|put-down|fight", content
    )
    return Action(
        content,
        kind,
        tuple(phrases.split("|")),
        tuple(filter(None, nouns.split("|"))),
        (MEASURED_GAIT,) if changes else (),
    )


def _turn(gait: str, side: str, degrees: int) -> Action:
    verb, going = ("walk", "walking") if gait == "Walk" else ("run", "running")
    how = {45: "slightly ", 90: "", 135: "sharply "}[degrees]
    return _a(
        f"{verb}-turn-{side}",
        "gait",
        f"*{verb} and *turn {how}{side}|*{verb} forward, then *turn {degrees} degrees to the {side}|"
        f"*turn {degrees} degrees {side} while {going}|*{verb} and *make a {degrees} degree {side} turn|"
        f"*{verb} ahead, turning {how}to the {side}",
        f"a {degrees} degree {side} turn while {going}",
    )


_BLOCKS = {
    "LeftHigh": ("left-high", "high on the left", "{their} left arm held high"),
    "LeftLow": ("left-low", "low on the left", "{their} left arm held low"),
    "LeftMiddle": ("left-middle", "at mid height on the left", "{their} left arm"),
    "RightLow": ("right-low", "low on the right", "{their} right arm held low"),
    "RightMiddle": ("right-middle", "at mid height on the right", "{their} right arm"),
    "MiddleHigh": ("middle-high", "high in front", "both arms held high"),
    "MiddleLow": ("middle-low", "low in front", "both arms held low"),
}


def _strikes() -> dict[str, Action]:
    """Punches, blocks, evasions and kicks that come in a left and a right version."""
    out: dict[str, Action] = {}
    for key, (slug, where, arm) in _BLOCKS.items():
        out[f"Block{key}"] = _a(
            f"block-{slug}",
            "action",
            f"*block {where}|*block an attack {where}|*parry {where} with {arm}|*defend with {arm}",
            f"a block {where}",
        )
    for side in ("Left", "Right"):
        s = side.lower()
        hand = f"{{their}} {s} hand"
        out |= {
            f"Jab{side}": _a(f"jab-{s}", "action", f"*jab with {hand}|*throw a {s} jab|*punch straight and fast with the {s} fist|*box with a quick {s} jab", f"a {s} jab"),
            f"Cross{side}": _a(f"cross-{s}", "action", f"*throw a {s} cross|*punch across with {hand}|*hit with a {s} cross|*throw a straight {s} punch, turning the hips", f"a {s} cross"),
            f"Hook{side}": _a(f"hook-{s}", "action", f"*throw a {s} hook|*hook with {hand}|*swing a {s} hook punch|*punch around the side with the {s} fist", f"a {s} hook"),
            f"Uppercut{side}": _a(f"uppercut-{s}", "action", f"*throw a {s} uppercut|*punch upwards with {hand}|*uppercut with the {s} fist|*swing the {s} fist up at the chin", f"a {s} uppercut"),
            f"BodyHook{side}": _a(f"body-hook-{s}", "action", f"*throw a {s} hook to the body|*hook low to the body with {hand}|*punch the ribs with a {s} hook", f"a {s} body hook"),
            f"BodyCross{side}": _a(f"body-cross-{s}", "action", f"*throw a {s} cross to the body|*punch low across with {hand}|*duck and *punch the stomach with the {s} fist", f"a {s} body cross"),
            f"BodyJab{side}": _a(f"body-jab-{s}", "action", f"*throw a {s} jab to the body|*jab low with {hand}|*punch the stomach with a {s} jab", f"a {s} body jab"),
            f"Backfist{side}": _a(f"backfist-{s}", "action", f"*strike with a {s} backfist|*hit with the back of {hand}|*swing a {s} backfist", f"a {s} backfist"),
            f"Dodge{side}": _a(f"dodge-{s}", "action", f"*dodge to the {s}|*lean {s} to avoid a punch|*slip a punch to the {s}", f"a {s} dodge"),
            f"Duck{side}": _a(f"duck-{s}", "action", f"*duck to the {s}|*duck down and *weave {s}|*bend {s} under a punch", f"a duck to the {s}"),
            f"SideStep{side}": _a(f"side-step-{s}", "gait", f"*step sideways to the {s}|*sidestep to the {s}|*walk sideways to the {s}|*move {s} with side steps", f"a side step to the {s}"),
            f"QuickSideStep{side}": _a(f"side-step-quick-{s}", "gait", f"*sidestep quickly to the {s}|*shuffle fast to the {s}|*run sideways to the {s}|*dart sideways to the {s}", f"a quick side step to the {s}"),
            f"Crescent{side}": _a(f"crescent-kick-{s}", "action", f"*do a {s} crescent kick|*swing {{their}} {s} leg in a crescent kick|*kick in an arc with the {s} leg", f"a {s} crescent kick"),
            f"Roundhouse{side}": _a(f"roundhouse-{s}", "action", f"*do a {s} roundhouse kick|*throw a roundhouse kick with {{their}} {s} leg|*kick round with the {s} foot", f"a {s} roundhouse kick"),
            f"RoundhouseLeading{side}": _a(f"roundhouse-{s}", "action", f"*do a roundhouse kick with the leading {s} leg|*throw a {s} roundhouse kick|*kick round with the front leg, the {s} one", f"a leading {s} roundhouse"),
            f"RoundhouseBody{side}": _a(f"roundhouse-body-{s}", "action", f"*do a {s} roundhouse kick to the body|*kick the ribs with {{their}} {s} leg|*throw a mid height {s} roundhouse", f"a {s} roundhouse to the body"),
            f"PushKick{side}": _a(f"push-kick-{s}", "action", f"*do a {s} push kick|*push someone away with {{their}} {s} foot|*kick straight ahead with the sole of the {s} foot", f"a {s} push kick"),
            f"SidekickLeading{side}": _a(f"side-kick-{s}", "action", f"*do a side kick with the leading {s} leg|*throw a {s} side kick|*kick sideways with {{their}} {s} foot", f"a {s} side kick"),
            f"ReverseSpinCrescent{side}": _a(f"spin-crescent-{s}", "action", f"*do a reverse spinning crescent kick with the {s} leg|*spin backwards and *kick in an arc with {{their}} {s} leg|*throw a spinning {s} crescent kick", f"a spinning {s} crescent kick"),
        }  # fmt: skip
    return out


#: Every name in the set, as :func:`plain_name` writes it.
NAMES: dict[str, Action] = _strikes() | {
    f"{gait}Turn{side}{degrees}": _turn(gait, side.lower(), degrees)
    for gait in ("Walk", "Run") for side in ("Left", "Right") for degrees in (45, 90, 135)
} | {
    # standing
    "Stand": _a("stand", "idle", "*stand still|*stand|*stand in place|*remain standing", "a stand"),
    "Wait": _a("wait", "idle", "*wait|*stand and *wait|*wait around impatiently|*stand waiting for someone", "a wait"),
    "Sway": _a("sway", "action", "*sway from side to side|*sway on the spot|*rock {their} body from side to side", "a sway"),
    "SwingArms": _a("swing-arms", "action", "*swing {their} arms|*swing both arms around|*stand and *swing the arms loosely", "an arm swing"),
    "LookAround": _a("look-around", "idle", "*look around|*stand and *look around|*turn {their} head to look left and right|*look in all directions", "a look around"),
    "Urban": _a("urban-pose", "idle", "*hang around on the street|*stand around with a street attitude|*gesture like a rapper", "urban attitude"),
    "ConversationGestures": _a("conversation", "gesture", "*talk with gestures|*gesture in a conversation|*talk to someone, moving both hands|*chat and *gesticulate", "conversation gestures"),
    "RandomStuff": _a("improvise", "action", "*move around freely|*do various movements|*improvise", "improvised movement"),
    # boxes
    "PickUpBox": _a("pick-up-box", "action", "*pick up a box|*bend down and *pick up a box|*take a box from the floor with both hands|*pick something heavy up from the ground", "a box pick up"),
    "LiftBox": _a("lift-box", "action", "*lift a box|*lift a box up with both hands|*raise a box from the ground|*heave a box up", "a box lift"),
    "WalkToPickUpBox": _a("walk-pick-up-box", "gait", "*walk and *pick up a box|*walk up to a box, *bend down and *pick it up|*walk forward, then *pick something up with both hands", "walking to pick up a box"),
    "RunToPickUpBox": _a("run-pick-up-box", "gait", "*run and *pick up a box|*run up to a box and *pick it up|*run, then *stop and *pick something up with both hands", "running to pick up a box"),
    "WalkWithBox": _a("walk-with-box", "gait", "*walk with a box in {their} hands|*carry a box while walking|*walk, carrying something in both arms", "a walk with a box"),
    "RunWithBox": _a("run-with-box", "gait", "*run with a box in {their} hands|*carry a box while running|*run, carrying something in both arms", "a run with a box"),
    "PutDownBoxToWalk": _a("put-down-box-walk", "gait", "*put down a box and *walk away|*set a box on the ground, then *walk off|*lay a box down and *start to walk", "putting down a box and walking"),
    "PutDownBoxToRun": _a("put-down-box-run", "gait", "*put down a box and *run away|*set a box on the ground, then *run off|*lay a box down and *start to run", "putting down a box and running"),
    # low
    "Crouch": _a("crouch", "action", "*crouch|*crouch down|*squat down low|*get into a crouch", "a crouch"),
    "CrouchToLie": _a("crouch-to-lie", "action", "*go from a crouch to lying down|*crouch, then *lie down on the floor|*lie down from a crouch", "a crouch to lying down"),
    "LieToCrouch": _a("lie-to-crouch", "action", "*get up from lying to a crouch|*rise from the floor into a crouch|*lie on the ground, then *get up to a crouch", "getting up into a crouch"),
    "Lie": _a("lie", "idle", "*lie on the floor|*lie still on the ground|*lie down flat", "lying on the floor"),
    "Crawl": _a("crawl", "gait", "*crawl forward|*crawl on hands and knees|*crawl along the floor|*move forward on all fours", "a crawl"),
    "CrawlBackwards": _a("crawl-back", "gait", "*crawl backwards|*crawl backwards on hands and knees|*move back on all fours", "a crawl backwards"),
    "WalkToCrouch": _a("walk-to-crouch", "gait", "*walk and *crouch down|*walk forward, then *stop in a crouch|*walk, then *squat down low", "a walk into a crouch"),
    "CrouchToWalk": _a("crouch-to-walk", "gait", "*get up from a crouch and *walk|*rise out of a crouch and *walk off|*crouch, then *stand up and *walk forward", "a crouch into a walk"),
    "RunToCrouch": _a("run-to-crouch", "gait", "*run and *crouch down|*run, then *stop in a crouch|*run forward, then *duck down low", "a run into a crouch"),
    "CrouchToRun": _a("crouch-to-run", "gait", "*get up from a crouch and *run|*burst out of a crouch and *run off|*crouch, then *run forward", "a crouch into a run"),
    # walking
    "Walk": _a("walk", "gait", "*walk|*walk forward|*walk ahead|*walk straight on|*stroll forward", "a walk"),
    "StandToWalk": _a("start-walk", "gait", "*start to walk|*stand, then *walk forward|*start to walk from a stand|*begin to walk", "a start into a walk"),
    "WalkToStand": _a("stop-walk", "gait", "*walk and *stop|*walk forward, then *stand still|*walk and *come to a halt|*stop walking", "a walk to a stop"),
    "WalkBackwards": _a("walk-back", "gait", "*walk backwards|*step backwards|*move backwards|*back away", "a walk backwards"),
    "StandToWalkBackwards": _a("start-walk-back", "gait", "*start to walk backwards|*stand, then *walk backwards|*begin to step backwards", "a start into walking backwards"),
    "WalkBackwardsToStand": _a("stop-walk-back", "gait", "*walk backwards and *stop|*step backwards, then *stand still|*back up and *come to a halt", "a backward walk to a stop"),
    "WalkBackwardsTurnForward": _a("walk-back-turn", "gait", "*walk backwards, then *turn around and *walk forward|*walk backwards and *turn to the front|*back up, *turn and *keep walking", "a turn from walking backwards"),
    "WalkBackwardsStopForward": _a("walk-back-then-forward", "gait", "*walk backwards, *stop, then *walk forward|*back up, then *go forward again|*step backwards, *halt and *walk ahead", "backwards, stop, forwards"),
    "WalkTurnAround": _a("walk-turn-around", "gait", "*walk and *turn around|*walk forward, *turn around and *walk back|*turn 180 degrees while walking|*walk, then *make a u-turn", "a turn around while walking"),
    "WalkTurnChange": _a("walk-change-direction", "gait", "*walk and *change direction|*change direction while walking|*walk, *turn and *walk another way", "a change of direction while walking"),
    "WalkToHopToWalk": _a("walk-hop", "gait", "*walk, *hop and *keep walking|*hop once while walking|*walk with a hop in the middle", "a hop while walking"),
    "WalkToLeapToWalk": _a("walk-leap", "gait", "*walk, *leap and *keep walking|*leap over something while walking|*walk with a leap in the middle", "a leap while walking"),
    "WalkToRun": _a("walk-to-run", "gait", "*walk, then *run|*walk and *break into a run|*speed up from a walk to a run", "a walk into a run"),
    "WalkToSkip": _a("walk-to-skip", "gait", "*walk, then *skip|*walk and *start to skip|*go from walking to skipping", "a walk into a skip"),
    "SkipToWalk": _a("skip-to-walk", "gait", "*skip, then *walk|*stop skipping and *walk on|*go from skipping to walking", "a skip into a walk"),
    "Skip": _a("skip", "gait", "*skip|*skip forward|*skip along happily|*skip along with swinging arms", "a skip"),
    "StandToSkip": _a("start-skip", "gait", "*start to skip|*stand, then *skip forward|*begin to skip", "a start into a skip"),
    "SkipToStand": _a("stop-skip", "gait", "*skip and *stop|*skip forward, then *stand still|*stop skipping", "a skip to a stop"),
    # running
    "Run": _a("run", "gait", "*run|*run forward|*jog forward|*run ahead|*run straight on", "a run"),
    "StandToRun": _a("start-run", "gait", "*start to run|*stand, then *run forward|*take off running from a stand", "a start into a run"),
    "RunToStand": _a("stop-run", "gait", "*run and *stop|*run forward, then *stand still|*stop running|*run and *come to a halt", "a run to a stop"),
    "RunToWalk": _a("run-to-walk", "gait", "*run, then *walk|*slow down from a run to a walk|*run and *fall back into a walk", "a run into a walk"),
    "RunBackwards": _a("run-back", "gait", "*run backwards|*jog backwards|*run in reverse", "a run backwards"),
    "StandToRunBackwards": _a("start-run-back", "gait", "*start to run backwards|*stand, then *run backwards", "a start into running backwards"),
    "RunBackwardsToStand": _a("stop-run-back", "gait", "*run backwards and *stop|*run backwards, then *stand still", "a backward run to a stop"),
    "RunBackwardsTurnForward": _a("run-back-turn", "gait", "*run backwards, then *turn around and *run forward|*turn from running backwards to running forward", "a turn from running backwards"),
    "RunBackwardsStopForward": _a("run-back-then-forward", "gait", "*run backwards, *stop, then *run forward|*run backwards and then forward again", "backwards, stop, run forwards"),
    "RunTurnAround": _a("run-turn-around", "gait", "*run and *turn around|*run forward, *turn around and *run back|*turn 180 degrees while running", "a turn around while running"),
    "RunTurnChange": _a("run-change-direction", "gait", "*run and *change direction|*change direction while running|*run, *cut and *run another way", "a change of direction while running"),
    "RunToHopToWalk": _a("run-hop-walk", "gait", "*run, *hop, then *walk|*run and *hop, slowing to a walk", "a hop from a run to a walk"),
    "RunToJumpToWalk": _a("run-jump-walk", "gait", "*run, *jump, then *walk|*run and *jump, landing in a walk|*take a running jump", "a running jump"),
    "CartWheel": _a("cartwheel", "action", "*do a cartwheel|*turn a cartwheel|*perform a cartwheel", "a cartwheel"),
    # fighting
    "Victory": _a("victory", "action", "*celebrate a victory|*cheer in victory|*raise both fists in triumph|*strike a victory pose", "a victory celebration"),
    "ReadyToTauntToReady": _a("taunt", "action", "*taunt an opponent|*taunt someone from a fighting stance|*provoke an enemy with a gesture", "a taunt"),
    "CrouchToReady": _a("crouch-to-fight", "action", "*rise from a crouch into a fighting stance|*get up from a crouch, ready to fight", "a crouch into a fighting stance"),
    "ReadyToCrouch": _a("fight-to-crouch", "action", "*crouch down from a fighting stance|*drop from a fighting stance into a crouch", "a fighting stance into a crouch"),
    "SwitchStance": _a("switch-stance", "action", "*switch {their} fighting stance|*change feet in a fighting stance|*hop to swap the leading foot", "a change of fighting stance"),
    "StandToReady": _a("stand-to-fight", "action", "*get into a fighting stance|*raise {their} fists, ready to fight|*go from standing to a fighting stance", "a move into a fighting stance"),
    "WalkToReady": _a("walk-to-fight", "gait", "*walk up and *get into a fighting stance|*walk, then *raise {their} fists, ready to fight", "a walk into a fighting stance"),
    "RunToReady": _a("run-to-fight", "gait", "*run up and *get into a fighting stance|*run, then *stop, ready to fight", "a run into a fighting stance"),
    "ReadyToRelax": _a("fight-to-relax", "action", "*relax from a fighting stance|*lower {their} fists and *relax|*drop the guard and *stand at ease", "a fighting stance into rest"),
    "ReadyToRun": _a("fight-to-run", "gait", "*run off from a fighting stance|*break out of a fighting stance and *run", "a fighting stance into a run"),
    "WalkToBow": _a("walk-bow", "gait", "*walk up and *bow|*walk forward, *stop and *take a martial arts bow", "a walk and a bow"),
    "BowToReady": _a("bow-to-fight", "action", "*bow and *get into a fighting stance|*bow to an opponent, then *raise {their} fists", "a bow into a fighting stance"),
    "WarmUp": _a("fight-warm-up", "action", "*warm up for a fight|*bounce and *shake {their} limbs loose|*loosen up, *get ready to fight, then *loosen up again", "a fighter's warm up"),
    "TurnAroundLeft": _a("fight-turn-left", "action", "*turn around to the left in a fighting stance|*spin left to face the other way, fists up", "a left turn in a fighting stance"),
    "Advance": _a("fight-advance", "gait", "*advance in a fighting stance|*step forward with {their} guard up|*shuffle towards an opponent", "an advance in a fighting stance"),
    "QuickAdvance": _a("fight-advance-quick", "gait", "*advance quickly in a fighting stance|*shuffle fast towards an opponent, fists up", "a quick advance in a fighting stance"),
    "SuperFastAdvance": _a("fight-advance-quick", "gait", "*charge an opponent in a fighting stance|*rush forward with {their} guard up", "a rush in a fighting stance"),
    "Retreat": _a("fight-retreat", "gait", "*retreat in a fighting stance|*step backwards with {their} guard up|*shuffle away from an opponent", "a retreat in a fighting stance"),
    "QuickRetreat": _a("fight-retreat-quick", "gait", "*retreat quickly in a fighting stance|*shuffle fast backwards, fists up", "a quick retreat in a fighting stance"),
    "Bounce": _a("fight-bounce", "action", "*bounce in a fighting stance|*bounce on the balls of {their} feet like a boxer|*hop lightly with fists up", "a boxer's bounce"),
    "Extended": _a("martial-combo", "action", "*fight with a long combination of kicks and punches|*do a long martial arts sequence|*shadowbox with kicks and punches", "a martial arts combination"),
    "Form": _a("martial-form", "action", "*perform a martial arts form|*do a kata|*go through a martial arts routine", "a martial arts form"),
    "DoubleKick": _a("double-kick", "action", "*do a double kick|*kick twice in a row|*throw two kicks", "a double kick"),
    "SpinningBackKick": _a("spin-back-kick", "action", "*do a spinning back kick|*spin and *kick backwards|*turn around into a back kick", "a spinning back kick"),
    "BackKick": _a("back-kick", "action", "*do a back kick|*kick backwards|*kick behind with one leg", "a back kick"),
    "AxeKick": _a("axe-kick", "action", "*do an axe kick|*raise one leg high and *bring the heel down|*chop down with {their} heel", "an axe kick"),
    "Capoeira": _a("capoeira", "action", "*do capoeira|*dance capoeira|*swing low kicks in capoeira", "capoeira"),
}  # fmt: skip

#: Spellings of the same name in the three performers' files.
_ALIASES = {
    "Swing": "SwingArms", "Look": "LookAround", "BoxLift": "LiftBox", "CrawlForward": "Crawl",
    "Skipping": "Skip", "StandToWalkBack": "StandToWalkBackwards",
    "WalkBackToStand": "WalkBackwardsToStand", "WalkBackTurnForward": "WalkBackwardsTurnForward",
    "WalkBackwardsTurnForwards": "WalkBackwardsTurnForward",
    "WalkBackToForward": "WalkBackwardsStopForward",
    "WalkBackwardsStopForwards": "WalkBackwardsStopForward", "WalkToTurnLeft90": "WalkTurnLeft90",
    "WalkTurnAround180": "WalkTurnAround", "WalkTurnChangeDirection": "WalkTurnChange",
    "WalkTrunChange": "WalkTurnChange", "Walk2Hop2Walk": "WalkToHopToWalk",
    "Walk2Leap2Walk": "WalkToLeapToWalk", "WalkToPickUpBox_Working": "WalkToPickUpBox",
    "StandToRunBack": "StandToRunBackwards", "RunBack": "RunBackwards",
    "RunBackToStand": "RunBackwardsToStand", "RunBackStopRunForward": "RunBackwardsStopForward",
    "RunBackwardsStopRunForward": "RunBackwardsStopForward",
    "RunBackwardsTurnRunForward": "RunBackwardsTurnForward",
    "RunTurnChangeDirection": "RunTurnChange", "RunChangeDirection": "RunTurnChange",
    "Run2Hop2Walk": "RunToHopToWalk", "RunToHopToWalk": "RunToHopToWalk",
    "Run2Jump2Walk": "RunToJumpToWalk", "QuickSidestepLeft": "QuickSideStepLeft",
    "QuickSidestepRight": "QuickSideStepRight", "ReadyToTaunt1ToReady": "ReadyToTauntToReady",
    "SwitchStanceMore": "SwitchStance", "WarmUpToReadyToWarmUp": "WarmUp",
}  # fmt: skip

#: Takes where the performer does as he or she pleases: the name tells nothing.
UNDESCRIBED = frozenset({"RandomStuff"})


def plain_name(rest: str) -> str:
    """``S2_PutDownBoxToWalk``, ``SwayT2`` and ``Walk1`` without their take marks, one spelling."""
    name = re.sub(r"^S\d_", "", rest)
    if name in NAMES:
        return name
    name = _ALIASES.get(name, name)
    if name in NAMES:
        return name
    name = re.sub(r"(_Take_\d+|_\d+|T\d|\d)$", "", name)
    return _ALIASES.get(name, name)


def takes(source: Path) -> Iterator[Take]:
    """Every take in the folder ``accad`` of ``source``."""
    folder = source / "accad"
    for archive, member in recordings(folder, "accad"):
        yield describe(archive, member)


def describe(archive: Path, member: str) -> Take:
    """A take from its file name alone."""
    match = _NAME.search(member)
    if match is None or plain_name(match[3]) not in NAMES:
        raise DataError(f"'{member}' is not named as ACCAD's files are; leave it out.")
    sex, actor, rest = match.groups()
    return Take(
        source="accad",
        take=Path(member).stem,
        group="open",
        archive=archive,
        member=member,
        action=NAMES[plain_name(rest)],
        people="woman" if sex.startswith("Female") else "man",
        actor=actor,
    )
