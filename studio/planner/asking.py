"""Questions, files, undo, and what is said to be friendly."""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import re

from studio.document.model import CharacterId, ClipId, Range
from studio.planner import references
from studio.planner.desk import Declined, Desk
from studio.planner.grammar import Grammar, Said
from studio.planner.plan import Caption, Export, Find, Reason, Undo

grammar = Grammar()
#: What is said to be friendly: tried before courtesies are taken off a line.
friendly = Grammar()
_LAST = r"(?:(?:the )?(?:last|previous|latest) )?"
_THINGS = r"(?:steps?|changes?|edits?|times|actions?|turns?|things?|moves?|ones?)"


@grammar.rule(
    rf"(?:undo|revert|take back|go back|step back|roll back|cancel|un do)(?: {_LAST}(?P<n>\d+) {_THINGS}| (?:the |my )?(?:last|latest|previous)(?: {_THINGS}| 1)?| it| that| this| please| back)*(?: once| again| please)?",
    r"(?:take|put|change|turn|switch|bring) (?:that|it|this) back",
    r"(?:that|this|it) (?:was|is) (?:wrong|bad|not right|a mistake|not what i (?:wanted|meant)|worse)(?: ,? ?undo(?: it| that)?)?",
    r"(?:go )?back(?: (?P<n>\d+) (?:steps?))?",
    r"(?:not|no) (?:that|like that|this)(?: ,? ?undo(?: it| that)?)?",
    r"(?:i )?(?:liked|preferred|want|like|prefer) (?:it|that|the way it was) (?:better )?(?:before|as it was|how it was)(?: better)?",
    r"(?:that|it|this) (?:does|did|is|was|looks?|looked)(?: not)? .{0,30} , undo(?: it| that)?",
    r"back to (?:how|what) it was(?: before)?",
    r"undo (?P<n>\d+)(?: times)?",
    r"(?:undo|revert|take back) (?:everything |all |what |all that )?(?:that )?(?:you|i|we) (?:just )?(?:did|made|changed)",
)
def undo(desk: Desk, said: Said) -> None:
    """Take back what was done last."""
    desk.steps.append(Undo(min(int(said["n"] or 1), 1000)))


@grammar.rule(
    rf"(?:redo|re do|restore|bring back)(?: {_LAST}(?P<n>\d+)(?: {_THINGS})?| (?:the )?(?:last|latest)(?: {_THINGS}| 1)?| it| that| this| them)?(?: again| please)?",
    r"(?:undo the undo|undo that undo|put (?:it|that) back(?: again)?|do (?:it|that) again after all|bring (?:it|that) back(?: again)?)",
    r"redo (?P<n>\d+)(?: times)?",
)
def redo(desk: Desk, said: Said) -> None:
    """Do again what was taken back."""
    if said.match[0].startswith("restore") and "speed" in said.match[0]:
        raise Declined
    desk.steps.append(Undo(min(int(said["n"] or 1), 1000), redo=True))


# -- files ----------------------------------------------------------------------------------------

_FORMATS = r"(?P<format>bvh|fbx|glb|gltf|npz|npy|usd|usda|usdz|mp4|obj|json|gif|png|video|movie|avi|mov|blend|webm|csv|c3d|dae|abc|alembic|bip|vrm|pkl|smpl|txt)"
_FILE = r"(?: ?files?| ?animation| ?format)?"


@grammar.rule(
    rf"(?:export|save|write(?: out)?|render|output|download|dump|store)(?: {{ref}})? (?:as|to|in|into|out as|in the format) (?:a |an |the )?(?:\. )?{_FORMATS}{_FILE}",
    rf"(?:export|save|write|render|output|download)(?: {{ref}})? ?(?:a |an )?(?:\. )?{_FORMATS}{_FILE}",
    rf"(?:can i |could i |may i |i want to |i need to |i would like to )?(?:get|have|download|need|want|see) {{ref}} (?:as|in) (?:a |an )?{_FORMATS}{_FILE}",
    rf"i (?:also )?(?:need|want|would like) {{ref}} (?:as|in) (?:a |an )?{_FORMATS}{_FILE}",
    rf"(?:give|send|make|get) me (?:a |an |the )?{_FORMATS}{_FILE}(?: of {{ref}})?",
    rf"(?P<format0>){_FORMATS} export",
)
def export(desk: Desk, said: Said) -> None:
    """A file, of a format that can be written."""
    format = said["format"]
    able = tuple(each.lstrip(".") for each in desk.abilities.formats)
    if format not in able and format == "gltf" and "glb" in able:
        format = "glb"
    if format not in able:
        format = desk.choose(f"There is no {format.upper()} here; which format instead?", able)
    who, clips, span = _exported(desk, said["ref"])
    desk.steps.append(Export(format, who, clips, span))


@grammar.rule(
    r"(?:export|save|write|download)(?: (?:it|this|that|everything|all|the (?:project|animation|scene|motion|result|whole thing)))?(?: to (?:a |my )?(?:file|disk))?",
    rf"export (?P<ref>(?!.*\b{_FORMATS.replace('?P<format>', '?:')}\b).+)",
)
def export_somehow(desk: Desk, said: Said) -> None:
    """A file, of a format to choose."""
    able = tuple(each.lstrip(".") for each in desk.abilities.formats)
    who, clips, span = _exported(desk, said["ref"])
    desk.steps.append(Export(desk.choose("In which format?", able), who, clips, span))


_WHOLE = re.compile(
    r"(?:only |just )?(?:it|this|that|everything|all|all of it|(?:the|my|this|our) (?:whole |entire |full )?(?:project|animation|scene|motion|result|thing|timeline|file|work|sequence|performance|lot|final version)|everyone|now)?"
)


def _exported(
    desk: Desk, phrase: str
) -> tuple[CharacterId | None, tuple[ClipId, ...], Range | None]:
    phrase = re.sub(
        r"^(?:only |just )?(?:the )?(?:range |part |bit )?(?=from |between )", "", phrase
    )
    phrase = re.sub(r"^(?:only|just) ", "", phrase.strip())
    if _WHOLE.fullmatch(phrase):
        return None, (), None
    readings = (
        lambda: (None, (), references.span(desk, phrase)),
        lambda: (references.character(desk, phrase), (), None),
        lambda: (None, references.clips(desk, phrase), None),
    )
    for reading in readings:
        try:
            return reading()
        except Declined:
            continue
    raise Declined


# -- questions ------------------------------------------------------------------------------------

_TIME = r"(?P<when>(?:between|from|at|around|in|during|within) .+?|(?:in )?the (?:first|second|last) .+?)"
_WHO = r"(?P<who>he|she|they|it|[^?]+?)"


@grammar.rule(
    rf"what (?:is|was|will|are|do|does|did) {_WHO} (?:doing|do|be doing|perform(?:ing)?|up to)(?: {_TIME})?",
    rf"what (?:is |does |do )?(?:happening|happens|going on|goes on|happen)(?: {_TIME})?",
    r"(?:describe|caption|summarize|explain|put into words|tell me about) (?:what happens (?:in|during) )?{ref}",
    r"(?:describe|caption|summarize)(?: (?:it|this|everything|the scene))? {span}",
    r"(?:describe|caption|summarize|say|tell me) what {who} (?:is doing|does|do|are doing)(?: (?P<when>.+))?",
    r"(?:describe|say|tell me) what (?:is )?(?:happens|happening|going on)(?: (?P<when>.+))?",
    r"what (?:do|can) (?:i|you|we) see(?: (?P<when>.+))?",
    r"what (?:is|does) {ref}(?: look like| show)?",
    r"(?:and )?(?P<same>what about|how about)? ?{who}",
)
def caption(desk: Desk, said: Said) -> None:
    """What someone does, in a sentence."""
    if "same" in said.match.groupdict():
        _another(desk, said["who"], bool(said["same"]))
        return
    when = said["when"] or said["span"]
    span = when_of(desk, when) if when else None
    if said["ref"] and not said["who"]:
        _caption_of(desk, said["ref"])
        return
    named = said["who"] not in ("", "they", "both", "everyone", "all", "people")
    people = [references.character(desk, said["who"])] if named else _everyone(desk)
    for who in people:
        desk.steps.append(Caption(who, span))
        desk.speaker = who


def _caption_of(desk: Desk, phrase: str) -> None:
    if re.fullmatch(
        r"(?:the |this |my )?(?:scene|everything|it all|animation|whole (?:thing|scene|animation)|timeline|performance)",
        phrase,
    ):
        desk.steps += [Caption(who) for who in _everyone(desk)]
        return
    try:
        span = references.span(desk, phrase)
        match = re.search(r" of (.+)$", phrase)
        ids = references.clips(desk, match[1]) if match else ()
        who = desk.clip(ids[0])[0].character if ids else desk.who()
        desk.steps.append(Caption(who, span))
        return
    except Declined:
        pass
    try:
        who = references.character(desk, phrase) if phrase not in ("it", "this", "that") else None
    except Declined:
        who = None
    if who is not None:
        desk.steps.append(Caption(who))
        return
    for id in references.clips(desk, phrase):
        track, clip = desk.clip(id)
        desk.steps.append(Caption(track.character, clip.span))
        desk.touch(id)


def _another(desk: Desk, phrase: str, asked: bool) -> None:
    """Such as "and Tom?" after "what is Mia doing?": the same question about someone else."""
    last = desk.focus.said.lower()
    if not re.match(r"(?:what|describe|caption|tell me)\b", last):
        raise Declined
    who = references.character(desk, phrase)
    when = re.search(r"\b(?:between|from|at|around|in the|during) .+", last.lower())
    span = None
    if when:
        span = when_of(desk, when[0].strip(" ?."))
    desk.steps.append(Caption(who, span))
    desk.speaker = who


def _everyone(desk: Desk) -> list[CharacterId]:
    return [who.id for who in desk.project.characters]


def when_of(desk: Desk, phrase: str) -> Range:
    """The frames of "between 2 and 5 seconds", "during the wave", "at 3 s"."""
    try:
        return references.span(desk, phrase)
    except Declined:
        pass
    match = re.fullmatch(r"(?:in|during|within|while) (?P<ref>.+)", phrase)
    if not match:
        raise Declined
    try:
        return references.span(desk, match["ref"])
    except Declined:
        return desk.clip(references.clip(desk, match["ref"]))[1].span


@grammar.rule(
    r"(?:find|search(?: for)?|look for|look up|show me|get me|locate|fetch)(?: me)?(?: all| any| some)?(?: (?:an? |the )?(?:takes?|clips?|files?|motions?|animations?)(?: (?:with|of|where|like|about|that))?)? {words}",
    r"(?:do you have|have you got|is there|are there|do we have)(?: any| some)?(?: (?:takes?|clips?|files?|motions?|animations?)(?: (?:with|of|where|like|about))?)? {words}",
)
def find(desk: Desk, said: Said) -> None:
    """Takes and files that fit a text."""
    words = re.sub(r"\s*\?$", "", said.part("words").said()).strip()
    if not words or len(words) > 200 or words in ("it", "that", "this"):
        raise Declined
    desk.steps.append(Find(words))


@grammar.rule(
    r"(?P<q>why|how (?:fast|far|high|long|many|much|often|tall|big|come|does|do|is|are|was)|which|when|where|who|whose|is|are|does|do|did|was|were|has|have|can|could|should|will|would|what) (?P<rest>.+)",
    r"(?P<q>compare|measure|check|count) (?P<rest>.+)",
    r"(?P<q>why|how|when|where|who)",
    r"(?P<q>tell me|explain|do you know|i wonder) (?P<rest>(?:why|how|which|when|where|who|if|whether|what) .+)",
)
def reason(desk: Desk, said: Said) -> None:
    """A question about the scene: the words as typed, who it is of, and when."""
    rest = f"{said['q']} {said['rest']}"
    if re.match(r"(?:can|could|would|will|should|do|does|is|are|did) (?:you|we|i)\b", rest):
        raise Declined
    question = said.match[0].endswith("?") or desk.question
    if not question and said["q"] in (
        "is",
        "are",
        "does",
        "do",
        "did",
        "has",
        "have",
        "can",
        "could",
        "should",
        "will",
        "would",
        "was",
        "were",
    ):
        raise Declined
    span = None
    if match := re.search(
        r"(?:(?:between|from) \d.+|(?:in|during) the .+|(?:at|around) (?:frame )?\d+(?:\.\d+)?(?: (?:seconds|frames))?)",
        rest,
    ):
        try:
            span = when_of(desk, match[0].strip(" ?."))
        except Declined:
            span = None
    desk.steps.append(Reason(desk.typed[:500], _about(desk, rest), span))


def _about(desk: Desk, text: str) -> CharacterId | None:
    low = f" {text} "
    named = [who.id for who in desk.project.characters if f" {who.name.lower()} " in low]
    if len(named) == 1:
        desk.speaker = named[0]
        return named[0]
    if not named and re.search(r" (?:he|she|him|her|his|hers|they|their|them) ", low):
        who = references.pronoun(desk)
        desk.speaker = who
        return who
    return None


# -- friendly words -------------------------------------------------------------------------------


@friendly.rule(
    r"(?:hi|hello|hey|yo|good (?:morning|evening|afternoon|day)|hiya|howdy|greetings)(?: there| you| everyone| studio)?",
)
def greeting(desk: Desk, said: Said) -> None:
    """A greeting back."""
    desk.said.append("Hello. Say what should happen, such as: walk forward, then wave.")


@friendly.rule(
    r"(?:thanks|thank you|cheers|great|nice|perfect|good|awesome|cool|lovely|wonderful|super|excellent|ok|okay|fine|good job|well done|nice one|that is (?:great|good|perfect|nice|it|fine|better|all)|(?:that |this )?looks? (?:good|great|nice)|it looks? (?:good|great|nice)|very (?:nice|good)|yes|yep|yeah|wow|got it|i (?:love|like) .+|great work|much better|bye|goodbye|see you|lol|haha|good night)(?: (?:so much|a lot|very much|you|now|thanks|job|work|for (?:that|this|now)|mate|much|already|everyone))*(?: .{0,20})?",
)
def thanks(desk: Desk, said: Said) -> None:
    """Nothing to do."""
    if re.match(
        r"(?:good|great|nice|perfect|ok|okay|fine|cool|yes|yep|yeah|super)\b.+ (?:make|add|delete|remove|put|then|walk)",
        said.match[0],
    ):
        raise Declined
    desk.said.append("You are welcome. What next?")


@friendly.rule(
    r"(?:no|nope|nah|never mind|nevermind|forget it|forget about it|stop|cancel|nothing|not now|leave it|leave it as it is|wait|keep it|keep it as it is)(?: thanks| thank you)?",
    r"(?:do not|never|please do not) (?:do |change |touch |delete |remove |export |move |add |edit |save |make |play |put |undo |mirror |reverse ).*",
    r"do not",
)
def nothing(desk: Desk, said: Said) -> None:
    """Nothing is done."""
    desk.said.append("Nothing is changed.")


@friendly.rule(
    r"(?:help|help me|what can (?:you|i) (?:do|say|ask)(?: here)?|how does this work|how do i .+|how can i .+|what can i type|who are you|what are you|commands?|what now|show (?:me )?(?:the )?(?:commands|help))",
)
def help_(desk: Desk, said: Said) -> None:
    """What can be said."""
    desk.said.append(
        "Say what happens (walk forward, then wave), change it (make the wave angrier, swap the "
        "last two), ask (what is she doing at 3 s?) or export it."
    )
