"""Carnegie Mellon mocap, described by CMU's own index and by people (KIT Motion-Language)."""

# One row of a table a line reads better than four.
# ruff: noqa: E501

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from backends.training.data.take import (
    MEASURED_GAIT,
    MEASURED_SEAT,
    Action,
    DataError,
    Kind,
    Take,
    recordings,
)

ARCHIVES = ("iclone", "fbx", "asfamc", "salsa", "approx")


def _a(content: str, kind: Kind, phrases: str, nouns: str = "", pieces: str = "") -> Action:
    return Action(
        content,
        kind,
        tuple(phrases.split("|")),
        tuple(filter(None, nouns.split("|"))),
        tuple(filter(None, pieces.split("|"))),
    )


_BALLET = "*dance ballet|*perform a modern dance|*dance expressively|*dance with ballet moves"


def _dance(content: str, phrases: str) -> Action:
    return _a(content, "action", phrases, "a modern dance", _BALLET)


def _gait(verb: str, noun: str, where: str) -> Action:
    """A straight, veering or turning walk, run or jog."""
    going = {"walk": "walking", "run": "running", "jog": "jogging"}[verb]
    content = "run" if verb == "jog" else verb
    if where == "":
        return _a(
            content,
            "gait",
            f"*{verb}|*{verb} forward|*{verb} ahead|*{verb} straight on|*move forward at a {noun}",
            f"a {noun}",
        )
    turn, side = where.split()
    if turn == "veer":
        return _a(
            f"{content}-veer-{side}",
            "gait",
            f"*{verb} and *veer {side}|*{verb} forward, veering to the {side}|*{verb} in a {side} curve|*curve {side} while {going}|*{verb}, drifting off to the {side}",
            f"a {noun} veering {side}",
        )
    return _a(f"{content}-turn-{side}", "gait", f"*{verb} and *turn {side}|*{verb} forward, then *turn 90 degrees to the {side}|*turn {side} while {going}|*{verb} and *make a {side} turn|*{verb} around a corner to the {side}", f"a 90 degree {side} turn at a {noun}")  # fmt: skip


def _animal(name: str, acting: str) -> Action:
    return _a(f"mime-{name.replace(' ', '-')}", "action", f"*act like a {name}|*imitate a {name}|*mime a {name}|*move like a {name}|*pretend to be a {name}, {acting}".replace("a elephant", "an elephant"), f"a {name} impression".replace("a elephant", "an elephant"))  # fmt: skip


def _gaits() -> dict[str, Action]:
    out: dict[str, Action] = {}
    for name, verb, noun in (
        ("walk", "walk", "walk"),
        ("run/jog", "jog", "jog"),
        ("run", "run", "run"),
    ):
        out[name] = _gait(verb, noun, "")
        for side in ("left", "right"):
            out[f"{name}, veer {side}"] = _gait(verb, noun, f"veer {side}")
            out[f"{name}, 90-degree {side} turn"] = _gait(verb, noun, f"turn {side}")
    return out


#: Every first description in CMU's index, said in words an animator would type.
DESCRIPTIONS: dict[str, Action] = _gaits() | {
    # playground
    "playground - forward jumps, turn around": _a("hop-forward", "action", "*hop forward with both feet, *turn around and *hop back|*jump forward several times and *turn around|*hop across the playground and back", "", "*hop forward with both feet|*jump forward again and again|*hop around on both feet"),
    "playground - climb, sit, dangle legs, rock back, lower self to ground": _a("playground-climb", "action", "*climb up, *sit, *dangle {their} legs and *climb down|*play on a climbing frame|*climb and *sit high up with dangling legs", "", "*play on a climbing frame|*climb around on the playground|*clamber about on playground equipment"),
    "playground - climb, jump down, dangle, legs push off against": _a("playground-climb", "action", "*climb up and *jump down|*play on a climbing frame|*climb, *dangle and *push off with {their} legs", "", "*play on a climbing frame|*climb around on the playground|*hang and *climb on playground equipment"),
    # gaits
    "slow walk": _a("walk-slow", "gait", "*walk slowly|*walk forward slowly|*take a slow walk|*stroll|*walk straight at a slow pace", "a slow walk"),
    "brisk walk": _a("walk-brisk", "gait", "*walk briskly|*walk fast|*walk forward at a brisk pace|*hurry along on foot", "a brisk walk"),
    "slow walk, stop": _a("stop-walk", "gait", "*walk slowly and *stop|*walk forward slowly, then *stand still|*take slow steps and *come to a halt", "a slow walk to a stop"),
    "walk on uneven terrain": _a("walk-uneven", "gait", "*walk on uneven terrain|*walk over rough ground|*step carefully over uneven ground|*walk across a bumpy surface", "a walk on uneven terrain"),
    "walk stealthily": _a("sneak", "gait", "*walk stealthily|*sneak forward|*creep along quietly|*tiptoe stealthily", "a stealthy walk|a sneak"),
    "navigate - walk forward, backward, sideways": _a("walk-navigate", "gait", "*walk forward, backward and sideways|*walk around in all directions|*step forward, back and to the side", "walking in all directions", pieces=MEASURED_GAIT),
    "Start Walk Stop": _a("start-stop-walk", "gait", "*start to walk, then *stop|*stand, *walk and *stop again|*walk a bit and *stop", "a start, a walk and a stop"),
    "Start Hop Stop": _a("start-stop-hop", "gait", "*start to hop, then *stop|*stand, *hop along and *stop|*hop around and *come to a stop", "a start, hops and a stop"),
    "Walk digital figure eight": _a("walk-figure-eight", "gait", "*walk in a figure eight|*walk a figure of eight with square turns|*walk around in an eight", "a walk in a figure eight", pieces=MEASURED_GAIT),
    "WalkStraight": _gait("walk", "walk", ""),
    "Walking": _gait("walk", "walk", ""),
    "SadWalk": _gait("walk", "walk", ""),
    "QuickWalk": _a("walk-brisk", "gait", "*walk quickly|*walk fast|*walk forward at a brisk pace", "a quick walk"),
    "Run": _gait("run", "run", ""),
    "Walk to Run": _a("walk-to-run", "gait", "*walk, then *run|*walk and *break into a run|*start to run|*speed up from a walk to a run", "a walk into a run"),
    "Run to Quick Stop": _a("stop-run", "gait", "*run and *stop suddenly|*run, then *stop dead|*run forward and *come to a quick halt", "a run to a sudden stop"),
    "run/jog, sudden stop": _a("stop-run", "gait", "*jog and *stop suddenly|*run, then *stop dead|*run forward and *come to a sudden halt", "a run to a sudden stop"),
    "Run Right": _gait("run", "run", "veer right"),
    "Run Left": _gait("run", "run", "veer left"),
    "Run Turn Left": _gait("run", "run", "turn left"),
    "Run Turn Right": _gait("run", "run", "turn right"),
    "Run Side Step Left": _a("run-side-step-left", "gait", "*run and *sidestep to the left|*run and *dodge left|*sidestep left at a run", "a side step left at a run"),
    "Run Side Step Right": _a("run-side-step-right", "gait", "*run and *sidestep to the right|*run and *dodge right|*sidestep right at a run", "a side step right at a run"),
    "Run Stop Run": _a("run-stop-run", "gait", "*run, *stop and *run again|*run, *pause, then *run on", "run, stop, run"),
    "Run Quick Stop Run": _a("run-stop-run", "gait", "*run, *stop suddenly and *run again|*run, *halt for a moment, then *run on", "run, quick stop, run"),
    "Run Jump Stop Run": _a("run-jump-stop", "gait", "*run, *jump to a stop and *run again|*run, *land on both feet, then *run on", "a jump stop at a run"),
    "Run Dive Over Roll Run": _a("run-dive-roll", "action", "*run, *dive into a roll and *run on|*dive over something and *roll|*do a forward roll at a run|*run and *do a dive roll", "a dive roll"),
    "Run Jump Over": _a("run-jump-over", "gait", "*run and *jump over an obstacle|*leap over a hurdle while running|*run, *jump over something and *run on", "a jump over an obstacle at a run"),
    "Run Duck Underneath": _a("run-duck", "gait", "*run and *duck under an obstacle|*run, *duck underneath something and *run on|*duck low while running", "a duck under an obstacle at a run"),
    "Run Over": _a("run-over", "gait", "*run over an obstacle|*run up and over a step|*run across a low obstacle", "a run over an obstacle"),
    "run, leap": _a("run-leap", "gait", "*run and *leap|*take a running leap|*run forward and *leap into the air", "a running leap"),
    # jumps and acrobatics
    "jump": _a("jump", "action", "*jump|*jump up|*jump in place|*jump up and *land on both feet", "a jump"),
    "high jump": _a("jump-high", "action", "*jump high|*jump high up into the air|*leap straight up", "a high jump"),
    "forward jump": _a("jump-forward", "action", "*jump forward|*do a standing long jump|*leap forward with both feet|*jump ahead and *land", "a forward jump|a standing long jump"),
    "jump, balance": _a("jump-balance", "action", "*jump and *balance|*jump and *land in balance on one leg|*hop and *keep {their} balance", "a jump and a balance"),
    "jump up and down, hop on one foot": _a("jump-hop", "action", "*jump up and down and *hop on one foot|*jump in place, then *hop on one leg|*jump on both feet and on one", "jumps and hops", "*jump up and down|*hop in place|*jump and *hop on the spot"),
    "jump up to grab, reach for, tiptoe": _a("jump-reach", "action", "*jump up to grab something|*reach up on tiptoe and *jump for something high|*stretch up and *jump to reach something", "a jump to grab something", "*reach for something high|*try to reach something above"),
    "JumpTurn": _a("jump-turn", "action", "*jump and *turn in the air|*jump with a quarter turn|*turn in a jump", "a jump turn"),
    "Jump Turn": _a("jump-turn", "action", "*jump and *turn in the air|*jump with a turn|*turn while jumping", "a jump turn"),
    "FurtherJumpTurn": _a("jump-turn", "action", "*jump far and *turn in the air|*turn during a long jump|*leap forward with a turn", "a long jump with a turn"),
    "SmallJumpTurn": _a("jump-turn", "action", "*do a small jump and *turn|*hop with a turn|*turn in a little jump", "a small jump turn"),
    "180 degree jump": _a("jump-turn-180", "action", "*jump and *turn 180 degrees|*jump around to face backwards|*turn around in the air", "a 180 degree jump"),
    "180": _a("jump-turn-180", "action", "*jump and *turn 180 degrees|*jump around to face the other way|*do a half turn in the air", "a 180 degree jump"),
    "backflip": _a("backflip", "action", "*do a backflip|*backflip|*flip backwards through the air|*perform a back somersault", "a backflip"),
    "cartwheel": _a("cartwheel", "action", "*do a cartwheel|*turn a cartwheel|*perform a cartwheel", "a cartwheel"),
    "side flip": _a("side-flip", "action", "*do a side flip|*flip sideways through the air|*perform a side somersault", "a side flip"),
    "hand spring": _a("handspring", "action", "*do a handspring|*spring off both hands and *land on the feet|*perform a front handspring", "a handspring"),
    "acrobatics - spin/twirl, hang on ropes": _a("ropes", "action", "*spin and *hang on ropes|*twirl while hanging from ropes|*do aerial acrobatics", "rope acrobatics", "*do rope acrobatics|*perform acrobatics on ropes"),
    "balance on one leg, outstretched arms": _a("balance-one-leg", "action", "*balance on one leg with outstretched arms|*stand on one leg, arms spread|*keep {their} balance on one foot", "a balance on one leg"),
    # fighting
    "jump kick": _a("jump-kick", "action", "*do a jump kick|*jump and *kick|*do a flying kick", "a jump kick"),
    "punch/strike": _a("punch", "action", "*punch|*throw punches|*strike with a fist|*punch and *strike", "punches"),
    "boxing": _a("boxing", "action", "*box|*shadowbox|*throw punches like a boxer|*fight an invisible opponent with punches", "shadow boxing"),
    "swordplay": _a("swordplay", "action", "*fight with a sword|*swing a sword around|*practise swordplay|*fence with an invisible opponent", "swordplay|a sword fight"),
    "Front Kick": _a("karate-front-kick", "action", "*do karate front kicks|*kick forward in a karate stance|*practise front kicks", "a karate front kick"),
    "Empi": _a("karate-kata", "action", "*perform the karate kata empi|*do a kata|*go through a karate routine", "a karate kata", "*perform a karate kata|*do karate moves|*practise karate"),
    "Heiansyodan": _a("karate-kata", "action", "*perform the karate kata heian shodan|*do a kata|*go through a karate routine", "a karate kata", "*perform a karate kata|*do karate moves|*practise karate"),
    "Gedanbarai": _a("karate-block", "action", "*do karate low blocks|*sweep an arm down in a low block|*practise the gedan barai", "a karate low block"),
    "Mawashigeri": _a("karate-roundhouse", "action", "*do karate roundhouse kicks|*kick round in a karate stance|*practise roundhouse kicks", "a karate roundhouse kick"),
    "Oiduki": _a("karate-punch", "action", "*do karate lunge punches|*step forward and *punch in a karate stance|*practise lunge punches", "a karate lunge punch"),
    "Syutouuke": _a("karate-knife-hand", "action", "*do karate knife hand blocks|*step and *block with an open hand|*practise knife hand blocks", "a karate knife hand block"),
    "Yokogeri": _a("karate-side-kick", "action", "*do karate side kicks|*kick sideways in a karate stance|*practise side kicks", "a karate side kick"),
    # basketball
    "basketball - forward dribble": _a("dribble-forward", "gait", "*dribble a basketball forward|*dribble a ball while moving forward|*walk forward bouncing a basketball", "a forward dribble"),
    "basketball - backward dribble": _a("dribble-back", "gait", "*dribble a basketball backwards|*dribble a ball while moving backwards|*back up bouncing a basketball", "a backward dribble"),
    "basketball - sideways dribble": _a("dribble-side", "gait", "*dribble a basketball sideways|*dribble a ball while moving to the side|*sidestep bouncing a basketball", "a sideways dribble"),
    "basketball - forward dribble, 90-degree left turns": _a("dribble-turn-left", "gait", "*dribble a basketball and *turn left|*dribble forward with left turns|*dribble a ball around corners to the left", "a dribble with left turns"),
    "basketball - forward dribble, 90-degree right turns": _a("dribble-turn-right", "gait", "*dribble a basketball and *turn right|*dribble forward with right turns|*dribble a ball around corners to the right", "a dribble with right turns"),
    "basketball - forward dribble, 90-degree right turns, crossover dribble": _a("dribble-turn-right", "gait", "*dribble a basketball with right turns and a crossover|*dribble, *cross over and *turn right", "a crossover dribble with right turns"),
    "basketball - crossover dribble, shoot": _a("dribble-shoot", "action", "*dribble with a crossover and *shoot|*dribble a basketball, then *shoot at the basket|*cross over and *take a shot", "a crossover and a shot"),
    "basketball - dribble, shoot": _a("dribble-shoot", "action", "*dribble and *shoot|*dribble a basketball, then *shoot at the basket|*dribble and *take a basketball shot", "a dribble and a shot"),
    "basketball signals": _a("referee-signals", "action", "*give basketball referee signals|*signal like a referee|*make arm signals like a basketball referee", "referee signals"),
    # dance
    "dance - expressive arms, pirouette": _dance("dance-pirouette", "*dance with expressive arms and a pirouette|*dance ballet and *spin in a pirouette|*do a pirouette with flowing arms"),
    "dance - sideways arabesque, turn step, folding arms": _dance("dance-arabesque", "*dance a sideways arabesque and a turn step, folding the arms|*do an arabesque to the side, then *turn"),
    "dance - sideways arabesque, folding arms, bending back": _dance("dance-arabesque", "*dance a sideways arabesque, *fold the arms and *bend back|*do an arabesque to the side and *lean back"),
    "dance - quasi-cou-de-pied, raised leg above hip-height, jete en tourant": _dance("dance-jete", "*dance with a leg raised above the hip and a turning leap|*raise one leg high, then *leap with a turn"),
    "dance - cartwheel-like start, pirouettes, jete": _dance("dance-jete", "*dance with pirouettes and a leap|*start with a cartwheel, *spin in pirouettes and *leap"),
    "dance - rond de jambe in the air, jete, turn": _dance("dance-jete", "*dance, circling one leg in the air, then *leap and *turn|*do a rond de jambe, a leap and a turn"),
    "dance - glissade devant, glissade derriere, attitude/arabesque": _dance("dance-glissade", "*dance gliding steps and an arabesque|*glide forward and back, then *hold an arabesque"),
    "dance - arms held high, pointe tendue a terre, upper body rotation": _dance("dance-arms-high", "*dance with arms held high, turning the upper body|*point one foot, arms high, and *rotate the torso"),
    "dance - small jetes, pirouette": _dance("dance-jete", "*dance small leaps and a pirouette|*do little leaps, then *spin"),
    "dance - small jetes, attitude/arabesque, shifted-axis pirouette, turn": _dance("dance-jete", "*dance small leaps, an arabesque and a tilted pirouette|*leap lightly, *hold an arabesque, then *spin"),
    "dance - retire derriere, attitude/arabesque": _dance("dance-arabesque", "*dance an arabesque|*draw one foot up behind, then *hold an arabesque"),
    "dance - coupe dessous, jete en tourant": _dance("dance-jete", "*dance a turning leap|*leap and *turn in the air like a ballet dancer|*do a jete with a turn"),
    "dance - coupe dessous, grand jete en tourant": _dance("dance-jete", "*dance a grand turning leap|*do a grand jete with a turn|*leap high with a turn like a ballet dancer"),
    "dance - attitude/arabesque, jete en tourant, bending back": _dance("dance-jete", "*dance an arabesque, a turning leap and a bend back|*hold an arabesque, *leap with a turn and *arch back"),
    "dance - sideways steps, pirouette": _dance("dance-pirouette", "*dance sideways steps and a pirouette|*step to the side, then *spin in a pirouette"),
    "dance - arms held high, side arabesque": _dance("dance-arabesque", "*dance a side arabesque with arms held high|*raise both arms and one leg to the side in a dance"),
    "dance - fold in from side arabesque, curl inwards": _dance("dance-fold", "*fold in from a side arabesque and *curl inwards|*dance, *raise a leg to the side, then *curl up the body"),
    "dance - lean forward, bring back leg forward, arching arms": _dance("dance-lean", "*lean forward in a dance and *bring the back leg forward, arching both arms|*dance, leaning forward with arched arms"),
    "dance - lean back on bent leg, balance, bend elbow by ear": _dance("dance-lean-back", "*lean back on a bent leg and *balance in a dance|*dance, leaning back with one elbow by the ear"),
    "static dance pose - folded in, head lowered, leg bent": _dance("dance-pose", "*hold a dance pose, folded in with the head lowered|*stay folded in a dance pose with one leg bent"),
    "dance, whirl": _dance("dance-whirl", "*dance and *whirl|*whirl around in a dance|*spin round and round, dancing"),
    "salsa dance": _a("salsa", "action", "*dance salsa|*dance the salsa with a partner|*do salsa steps|*dance a latin partner dance|*step and *turn in a salsa", "a salsa|a salsa dance"),
    # everyday
    "bend over, scoop up, rise, lift arm": _a("scoop-up", "action", "*bend over, *scoop something up and *lift it high|*pick something up from the floor and *hold it high|*bend down, *rise and *raise an arm", "scooping something up"),
    "wash self": _a("wash-self", "action", "*wash {their} body|*take a shower|*scrub {their} arms and body", "a shower"),
    "unscrew bottlecap, drink soda": _a("drink", "action", "*unscrew a bottle and *drink|*open a bottle and *take a drink|*drink soda from a bottle", "drinking from a bottle"),
    "drink soda": _a("drink", "action", "*drink soda|*drink from a bottle|*lift a drink to {their} mouth", "a drink"),
    "jumping jacks, jog, squats, side twists, stretches": _a("workout", "action", "*do a workout of jumping jacks, jogging, squats and stretches|*exercise with jumping jacks, squats and twists|*warm up with gymnastics", "a workout", "*exercise|*do warm up exercises|*work out|*do gymnastics"),
    "jumping jacks, side twists, reach up, bend over": _a("workout", "action", "*do jumping jacks, side twists and bends|*exercise, reaching up and bending over|*warm up with gymnastics", "a workout", "*exercise|*do warm up exercises|*work out|*do gymnastics"),
    "Range of Motion": _a("range-of-motion", "action", "*move every limb through its range|*shake arms and legs to warm up|*loosen up arms and legs", "a range of motion exercise", "*loosen up {their} limbs|*move {their} joints to warm up"),
    "wash windows": _a("wash-windows", "action", "*wash windows|*clean a window|*wipe a window with {their} hand|*scrub a pane of glass", "window washing"),
    "mop floor": _a("mop", "action", "*mop the floor|*clean the floor with a mop|*push a mop back and forth|*scrub the floor, bending over", "mopping the floor"),
    "laugh": _a("laugh", "action", "*laugh|*laugh out loud|*shake with laughter|*bend over laughing", "a laugh"),
    "climb 3 steps": _a("climb-steps", "action", "*climb three steps|*walk up some steps|*go up the stairs|*climb a few stairs", "climbing three steps", "*climb steps|*walk up or down steps|*step up and down"),
    "climb ladder": _a("climb-ladder", "action", "*climb a ladder|*climb up a ladder with hands and feet|*go up a ladder", "climbing a ladder"),
    "direct traffic, wave, point": _a("direct-traffic", "action", "*direct traffic|*direct cars like a policeman, waving and pointing|*wave and *point to direct traffic", "directing traffic"),
    "sit on high stool, stand up": _a("sit-stand-stool", "action", "*sit down on a high stool and *stand up|*take a seat on a stool, then *get up|*sit on a bar stool and *rise again", "sitting on a high stool and standing up", pieces=MEASURED_SEAT),
    "sit on stepstool, stand up": _a("sit-stand-step", "action", "*sit down on a low stool and *stand up|*sit on a step, then *get up|*lower {their} body onto a small stool and *rise again", "sitting on a low stool and standing up", pieces=MEASURED_SEAT),
    "sit on stepstool, ankle on other knee, hand on chin": _a("sit-thinking", "action", "*sit with an ankle on the other knee and a hand on the chin|*sit and *think, chin in hand|*sit like a thinker", "sitting and thinking"),
    "Motorcycle": _a("motorcycle-pose", "idle", "*stand still|*stand in a slight crouch as if on a motorcycle|*stay in a low stance", "a motorcycle stance"),
    "nursery rhyme - \"I'm a little teapot...\"": _a("teapot", "action", "*act out i'm a little teapot|*mime a teapot with handle and spout|*perform a nursery rhyme with gestures", "the little teapot rhyme"),
    "Alaskan vacation": _a("alaska-mime", "action", "*mime an alaskan vacation|*act out scenes of a holiday|*tell a travel story with gestures", "a mimed vacation"),
    # animals
    "prairie dog (human subject)": _animal("prairie dog", "popping up to look around"),
    "whale (human subject)": _animal("whale", "rolling slowly"),
    "bear (human subject)": _animal("bear", "lumbering with heavy paws"),
    "dog (human subject)": _animal("dog", "on all fours"),
    "fish (human subject)": _animal("fish", "swimming"),
    "elephant (human subject)": _animal("elephant", "swinging a trunk"),
    "chicken (human subject)": _animal("chicken", "flapping bent arms"),
    "dinosaur (human subject)": _animal("dinosaur", "stomping with small arms"),
    "snake (human subject)": _animal("snake", "winding along"),
    "monkey (human subject)": _animal("monkey", "swinging long arms"),
}  # fmt: skip

#: Styles that CMU's descriptions name.
_STYLES = {
    "SadWalk": "sad",
    "slow walk": "slow",
    "slow walk, stop": "slow",
    "brisk walk": "quick",
    "QuickWalk": "quick",
}

#: Descriptions by people that contradict the motion or CMU's own index, and typing errors.
_REPAIRS = {
    "A man keep down and lateralyl move": "A man keeps down and moves sideways.",
    "a person running and stepipng over one step": "a person running and stepping over one step",
    "A person doing a forward role out of a jump.": "A person doing a forward roll out of a jump.",
    "A person is dancing": "",
    "A person is dancing and jumping around.": "A person is jumping around.",
    "A person is sprinting up and down a small hill or obstacle.": "A person is running up and down a small obstacle.",
    "While running, a human picks something up from the floor.": "While running, a human ducks down towards the floor.",
    "a person does a pose": "a person does a dance pose",
}


def takes(source: Path) -> Iterator[Take]:
    """Every described take in the folder ``cmu`` of ``source``."""
    folder = source / "cmu"
    described = _descriptions(folder)
    for name in ARCHIVES:
        for archive, member in recordings(folder, name):
            key = (name, Path(member).name)
            if key not in described:
                raise DataError(
                    f"captions.json says nothing about '{member}' of {name}; add a description."
                )
            yield describe(archive, member, name, described[key])


def _descriptions(folder: Path) -> dict[tuple[str, str], list[str]]:
    path = folder / "captions.json"
    if not path.is_file():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {(Path(row["file"]).stem, row["clip"]): row["captions"] for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"'{path}' is not a list of clips with captions ({error}).") from None


def describe(archive: Path, member: str, name: str, captions: list[str]) -> Take:
    """A take from CMU's own description (the first caption) and people's (the rest)."""
    first, people = captions[0], captions[1:]
    if first not in DESCRIPTIONS:
        raise DataError(f"CMU's description '{first}' of '{member}' is new; add it to the table.")
    subject, _, trial = Path(member).stem.partition("_")
    repaired = [_REPAIRS.get(text, text) for text in people]
    return Take(
        source="cmu",
        take=f"{name}/{Path(member).stem}",
        group="open",
        archive=archive,
        member=member,
        action=DESCRIPTIONS[first],
        style=_STYLES.get(first, "normal"),
        actor=str(int(subject)),
        captions=tuple(text for text in repaired if text),
        together=f"salsa-{trial}" if name == "salsa" else "",
    )
