"""KayKit: hand-keyed CC0 game clips on a stylised rig, in two packs that share most clips."""

# One row of a table a line reads better than four.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from backends.training.data.take import Action, DataError, Kind, Take, recordings


def _a(content: str, kind: Kind, phrases: str, nouns: str = "") -> Action:
    return Action(content, kind, tuple(phrases.split("|")), tuple(filter(None, nouns.split("|"))))


#: Every clip of both packs, by its name as :func:`plain_name` writes it.
CLIPS: dict[str, Action] = {
    # melee
    "1H_Attack_Chop": _a("sword-chop", "action", "*chop with a sword|*swing a one handed sword downwards|*attack with an overhead sword chop|*strike down with a weapon in one hand|*hack with an axe", "a one handed chop|an overhead sword strike"),
    "1H_Attack_Jump_Chop": _a("sword-jump-chop", "action", "*jump and *chop with a sword|*leap up and *strike down with a sword|*attack with a jumping sword chop", "a jumping sword chop"),
    "1H_Attack_Slice_Diagonal": _a("sword-slice-diagonal", "action", "*slice diagonally with a sword|*slash a sword diagonally|*cut diagonally with a one handed sword", "a diagonal sword slice"),
    "1H_Attack_Slice_Horizontal": _a("sword-slice-horizontal", "action", "*slice horizontally with a sword|*slash a sword sideways|*swing a one handed sword from side to side", "a horizontal sword slice"),
    "1H_Attack_Stab": _a("sword-stab", "action", "*stab with a sword|*thrust a sword forward|*lunge with a one handed sword|*stab forward with a dagger", "a sword stab|a thrust"),
    "2H_Attack_Chop": _a("two-handed-chop", "action", "*chop with a two handed weapon|*swing a great sword down with both hands|*bring a heavy axe down with both hands|*strike overhead with a two handed sword", "a two handed chop"),
    "2H_Attack_Slice": _a("two-handed-slice", "action", "*slice with a two handed sword|*swing a great sword sideways with both hands|*slash with a two handed weapon", "a two handed slice"),
    "2H_Attack_Spin": _a("two-handed-spin", "action", "*spin around with a two handed sword|*do a spin attack with a great sword|*whirl once, swinging a heavy weapon in both hands", "a two handed spin attack"),
    "2H_Attack_Spinning": _a("two-handed-spinning", "action", "*keep spinning with a two handed sword|*whirl round and round with a great sword|*spin like a whirlwind with a heavy weapon", "a whirlwind attack"),
    "2H_Attack_Stab": _a("two-handed-stab", "action", "*stab with a two handed weapon|*thrust a spear forward with both hands|*lunge with a two handed sword", "a two handed stab|a spear thrust"),
    "2H_Idle": _a("two-handed-idle", "idle", "*stand ready with a two handed sword|*hold a great sword in both hands and *wait|*stand guard with a heavy weapon", "a two handed weapon idle"),
    "Block": _a("shield-block", "action", "*block with a shield|*raise a shield to block|*bring up {their} shield", "a shield block"),
    "Block_Attack": _a("shield-bash", "action", "*attack from behind a shield|*bash with a shield|*block and *strike back", "a shield bash"),
    "Block_Hit": _a("shield-hit", "action", "*take a hit on a shield|*block a blow with a shield|*absorb a hit while blocking", "a blocked hit"),
    "Blocking": _a("shield-guard", "idle", "*hold up a shield|*keep blocking with a shield|*guard behind a raised shield", "a shield guard"),
    "Dualwield_Attack_Chop": _a("dual-chop", "action", "*chop with two swords|*strike down with a weapon in each hand|*swing two swords downwards", "a dual wield chop"),
    "Dualwield_Attack_Slice": _a("dual-slice", "action", "*slice with two swords|*slash with a weapon in each hand|*cross two swords in a slash", "a dual wield slice"),
    "Dualwield_Attack_Stab": _a("dual-stab", "action", "*stab with two daggers|*thrust both swords forward|*stab with a weapon in each hand", "a dual wield stab"),
    "Unarmed_Attack_Kick": _a("kick", "action", "*kick|*attack with a kick|*kick an enemy|*throw a kick", "a kick"),
    "Unarmed_Attack_Punch_A": _a("punch", "action", "*punch|*throw a punch|*attack with a fist|*hit someone with a punch", "a punch"),
    "Unarmed_Attack_Punch_B": _a("punch", "action", "*punch|*throw a punch|*strike with a fist|*punch an enemy", "a punch"),
    "Unarmed_Idle": _a("fight-stance", "idle", "*stand in a fighting stance|*hold up {their} fists, ready to fight|*wait in a combat stance, unarmed", "an unarmed combat idle|a fighting stance"),
    # ranged
    "1H_Aiming": _a("pistol-aim", "idle", "*aim a pistol|*aim a gun with one hand|*point a one handed crossbow", "a pistol aim"),
    "1H_Reload": _a("pistol-reload", "action", "*reload a pistol|*reload a one handed crossbow|*load a hand gun", "a pistol reload"),
    "1H_Shoot": _a("pistol-shoot", "action", "*shoot a pistol|*fire a gun with one hand|*shoot a one handed crossbow", "a pistol shot"),
    "1H_Shooting": _a("pistol-shooting", "action", "*keep shooting a pistol|*fire a one handed gun again and again|*shoot repeatedly with one hand", "repeated pistol shots"),
    "2H_Aiming": _a("rifle-aim", "idle", "*aim a rifle|*aim a crossbow with both hands|*hold a rifle at the shoulder and *aim", "a rifle aim"),
    "2H_Reload": _a("rifle-reload", "action", "*reload a rifle|*reload a crossbow with both hands|*load a two handed gun", "a rifle reload"),
    "2H_Shoot": _a("rifle-shoot", "action", "*shoot a rifle|*fire a crossbow|*fire a two handed gun", "a rifle shot"),
    "2H_Shooting": _a("rifle-shooting", "action", "*keep shooting a rifle|*fire a rifle again and again|*spray bullets with a two handed gun", "repeated rifle shots"),
    "Bow_Aiming_Idle": _a("bow-aim", "idle", "*aim a bow|*hold a drawn bow|*stand aiming an arrow", "a bow aim"),
    "Bow_Draw": _a("bow-draw", "action", "*draw a bow|*pull back an arrow|*draw a bow and *aim", "a bow draw"),
    "Bow_Draw_Up": _a("bow-draw-up", "action", "*draw a bow and *aim upwards|*pull back an arrow towards the sky|*draw a bow, aiming high", "an upward bow draw"),
    "Bow_Idle": _a("bow-idle", "idle", "*stand with a bow|*hold a bow and *wait|*stand ready with a bow in hand", "an archer's idle"),
    "Bow_Release": _a("bow-release", "action", "*release an arrow|*shoot an arrow|*fire a bow", "a bow shot"),
    "Bow_Release_Up": _a("bow-release-up", "action", "*release an arrow upwards|*shoot an arrow into the sky|*fire a bow high", "an upward bow shot"),
    # magic
    "Magic_Shoot": _a("magic-shoot", "action", "*shoot a magic bolt|*cast a spell forward|*fire magic from one hand", "a magic bolt"),
    "Magic_Spellcasting": _a("spell-cast", "action", "*cast a spell|*weave a spell|*perform magic", "a spell cast"),
    "Magic_Spellcasting_Long": _a("spell-cast-long", "action", "*cast a long spell|*chant and *cast a big spell|*charge up a spell and *release it", "a long spell cast"),
    "Magic_Summon": _a("summon", "action", "*summon something with magic|*raise both arms to summon|*cast a summoning spell, lifting the arms", "a summoning"),
    # everyday and reactions
    "Cheering": _a("cheer", "action", "*cheer|*cheer with both arms up|*jump for joy|*celebrate", "a cheer"),
    "Death_A": _a("die", "action", "*die|*fall down dead|*collapse to the ground|*drop dead", "a death|a collapse"),
    "Death_B": _a("die", "action", "*die|*fall over dead|*collapse and *die|*go down lifeless", "a death|a fall"),
    "Hit_A": _a("get-hit", "action", "*get hit|*recoil from a hit|*flinch from a blow|*take damage", "a hit reaction"),
    "Hit_B": _a("get-hit", "action", "*get hit|*stagger from a hit|*react to a blow|*take a punch", "a hit reaction"),
    "Idle_A": _a("idle", "idle", "*stand idle|*stand and *wait|*stand still, breathing", "an idle"),
    "Idle_B": _a("idle", "idle", "*stand idle|*wait|*stand around", "an idle"),
    "Interact": _a("interact", "action", "*interact with something|*reach out and *press a button|*operate something in front", "an interaction"),
    "PickUp": _a("pick-up", "action", "*pick something up|*bend down and *pick something up|*pick an item up from the ground", "a pick up"),
    "Spawn_Air": _a("spawn-air", "action", "*drop in from the air|*appear in the air and *land|*fall from the sky and *land", "an entrance from the air"),
    "Spawn_Ground": _a("spawn-ground", "action", "*rise out of the ground|*climb out of the ground|*emerge from the earth", "an emergence from the ground"),
    "Throw": _a("throw", "action", "*throw something|*throw an object|*hurl something forward|*toss something", "a throw"),
    "Use_Item": _a("use-item", "action", "*use an item|*drink a potion|*lift an item up and *use it", "use of an item"),
    "Lie_Down": _a("lie-down", "action", "*lie down|*lie down on the ground|*get down and *lie on the floor", "lying down"),
    "Lie_Idle": _a("lie", "idle", "*lie on the ground|*lie still|*lie on {their} back", "lying on the ground"),
    "Lie_StandUp": _a("get-up", "action", "*get up from the ground|*stand up from lying|*rise from lying on the floor", "getting up from lying"),
    "Push_Ups": _a("push-ups", "action", "*do push ups|*do press ups on the floor|*exercise with push ups", "push ups"),
    "Sit_Ups": _a("sit-ups", "action", "*do sit ups|*do crunches on the floor|*exercise {their} stomach with sit ups", "sit ups"),
    "Sit_Chair_Down": _a("sit-down-chair", "action", "*sit down on a chair|*sit down|*take a seat", "sitting down on a chair"),
    "Sit_Chair_Idle": _a("sit-chair", "idle", "*sit on a chair|*sit|*remain seated on a chair", "sitting on a chair"),
    "Sit_Chair_StandUp": _a("stand-up-chair", "action", "*stand up from a chair|*get up from a seat|*rise from a chair", "standing up from a chair"),
    "Sit_Floor_Down": _a("sit-down-floor", "action", "*sit down on the floor|*sit down on the ground", "sitting down on the floor"),
    "Sit_Floor_Idle": _a("sit-floor", "idle", "*sit on the floor|*sit on the ground", "sitting on the floor"),
    "Sit_Floor_StandUp": _a("stand-up-floor", "action", "*stand up from sitting on the floor|*get up from the floor|*rise from the ground", "standing up from the floor"),
    "Waving": _a("wave", "gesture", "*wave|*wave hello|*wave at someone|*greet someone with a wave", "a wave"),
    # moving
    "Crawling": _a("crawl", "gait", "*crawl|*crawl along the ground|*move on all fours", "a crawl"),
    "Crouching": _a("crouch-walk", "gait", "*walk crouched|*move in a crouch|*crouch and *walk", "a crouched walk"),
    "Sneaking": _a("sneak", "gait", "*sneak|*creep quietly|*walk stealthily", "a sneak"),
    "Dodge_Backward": _a("dodge-back", "action", "*dodge backwards|*jump back to dodge|*hop backwards out of the way", "a backward dodge"),
    "Dodge_Forward": _a("dodge-forward", "action", "*dodge forward|*lunge forward to dodge|*hop forward out of the way", "a forward dodge"),
    "Dodge_Left": _a("dodge-left", "action", "*dodge to the left|*hop left out of the way|*evade left", "a left dodge"),
    "Dodge_Right": _a("dodge-right", "action", "*dodge to the right|*hop right out of the way|*evade right", "a right dodge"),
    "Running_A": _a("run", "gait", "*run|*run forward|*jog", "a run"),
    "Running_B": _a("run", "gait", "*run|*run forward|*run along", "a run"),
    "Running_HoldingBow": _a("run-bow", "gait", "*run holding a bow|*run with a bow in hand", "a run with a bow"),
    "Running_Strafe_Left": _a("run-strafe-left", "gait", "*run sideways to the left|*strafe left at a run", "a left running strafe"),
    "Running_Strafe_Right": _a("run-strafe-right", "gait", "*run sideways to the right|*strafe right at a run", "a right running strafe"),
    "Walking_A": _a("walk", "gait", "*walk|*walk forward|*stroll", "a walk"),
    "Walking_B": _a("walk", "gait", "*walk|*walk forward|*walk along", "a walk"),
    "Walking_C": _a("walk", "gait", "*walk|*walk forward|*walk ahead", "a walk"),
    "Walking_Backwards": _a("walk-back", "gait", "*walk backwards|*step backwards|*back away", "a walk backwards"),
    "Jump_Full_Long": _a("jump", "action", "*jump|*jump up and *land|*do a long jump in the air", "a long jump"),
    "Jump_Full_Short": _a("jump", "action", "*jump|*do a short jump|*hop up and *land", "a short jump"),
    "Jump_Idle": _a("fall-air", "idle", "*hang in the air during a jump|*float in mid jump|*fall through the air", "a mid air pose"),
    "Jump_Land": _a("land", "action", "*land from a jump|*land on both feet|*come down and *land", "a landing"),
    "Jump_Start": _a("jump-start", "action", "*take off for a jump|*crouch and *push off the ground|*start to jump", "a take off"),
}  # fmt: skip

#: Clips that are cycles by design.
LOOPS = frozenset(
    "2H_Attack_Spinning 2H_Idle Blocking Unarmed_Idle 1H_Aiming 1H_Shooting 2H_Aiming 2H_Shooting "
    "Bow_Aiming_Idle Bow_Idle Magic_Spellcasting Cheering Idle_A Idle_B Lie_Idle Push_Ups Sit_Ups "
    "Sit_Chair_Idle Sit_Floor_Idle Waving Crawling Crouching Sneaking Running_A Running_B "
    "Running_HoldingBow Running_Strafe_Left Running_Strafe_Right Walking_A Walking_B Walking_C "
    "Walking_Backwards".split()
)

#: The character pack's own names where they are not just in another order.
_ALIASES = {
    "Cheer": "Cheering",
    "Idle": "Idle_A",
    "Spellcast_Long": "Magic_Spellcasting_Long",
    "Spellcast_Raise": "Magic_Summon",
    "Spellcast_Shoot": "Magic_Shoot",
    "Spellcasting": "Magic_Spellcasting",
}


def plain_name(member: str) -> str:
    """One name for the same clip in both packs.

    ``CombatMelee__Melee_1H_Attack_Chop`` and ``1H_Melee_Attack_Chop`` are ``1H_Attack_Chop``.
    """
    stem = Path(member).stem.split("__")[-1]
    stem = re.sub(r"(^|_)(Melee|Ranged)_", r"\1", stem)
    return _ALIASES.get(stem, stem)


def takes(source: Path) -> Iterator[Take]:
    """Every clip of both packs in the folder ``kaykit`` of ``source``."""
    folder = source / "kaykit"
    for pack in ("animations", "character"):
        for archive, member in recordings(folder, pack):
            yield describe(archive, member)


def describe(archive: Path, member: str) -> Take:
    """A take from its file name alone; the packs' versions of one clip are kept in one split."""
    name = plain_name(member)
    if name not in CLIPS:
        raise DataError(f"'{member}' is not a clip of KayKit's that we know; leave it out.")
    return Take(
        source="kaykit",
        take=f"{archive.stem}/{Path(member).stem}",
        group="open",
        archive=archive,
        member=member,
        action=CLIPS[name],
        together=name,
        loop=name in LOOPS,
    )
