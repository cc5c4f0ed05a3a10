"""Clips made anew, put between others and carried on."""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import re
from dataclasses import replace

from studio.document.commands import ReplaceMedia
from studio.document.model import ClipId, Continue, Insert, Range, Replace, Take
from studio.document.placing import own_range
from studio.planner import beats, references
from studio.planner.desk import Declined, Desk, Unsure, span_in
from studio.planner.grammar import Grammar, Said
from studio.planner.inflection import gerund, lemma, third, verb
from studio.planner.performing import describe, prompt_of
from studio.planner.plan import Body, Generate
from studio.planner.prompts import Prompt, manner, restyled, sided, styled
from studio.planner.tokens import Line

grammar = Grammar()
_AGAIN = r"(?:again|once more|one more time|anew|from scratch|over)"


def remake(
    desk: Desk,
    id: ClipId,
    prompt: Prompt,
    *,
    seconds: float | None = None,
    span: Range | None = None,
    part: Body | None = None,
    loops: int = 1,
) -> None:
    """Another motion for a clip, or for a span of it."""
    track, _ = desk.clip(id)
    step = Generate(
        prompt.text,
        track.character,
        Replace(id, span),
        id,
        seconds=seconds,
        body_part=part,
        style=prompt.style,
        loops=loops,
    )
    desk.generate(step)
    desk.speaker = track.character


# -- in another manner ----------------------------------------------------------------------------

_BUT = r"(?:,? ?(?:but|and|only|just|however|except|this time|now|more like|with|make it|do it)(?: (?:this time|now|a bit|make it|do it))*)"


@grammar.rule(
    r"(?:make|let|have|get|do|play|perform|redo|regenerate|remake|render) {ref} (?:be |look |seem |feel |act |sound |again |more |be done |happen |again but )*{how}",
    r"{ref} (?:should |must |has to |needs to |could |to )(?:be |look |seem |feel |be done |happen )?{how}",
    r"{ref} (?:is|looks|seems|feels) (?:not |too )(?P<not>{words2})(?: enough)?".replace(
        "{words2}", r"\w+"
    ),
    rf"(?:do |try |make |perform |play |show )?(?:{{ref}} )?{_AGAIN}(?:{_BUT}| ,)? {{how}}",
    rf"(?:he |she |they )(?:should |must |to )?(?:do |does |try )?{{ref}} {_AGAIN}{_BUT}? {{how}}",
    rf"(?:the )?same(?: (?:thing|clip|motion|again))?{_BUT} {{how}}",
    rf"(?:can we have |try |do |redo |regenerate |remake |play )?{{ref}} (?:{_AGAIN} )?{_BUT} {{how}}",
    r"(?:but )?(?:even |a bit |a little |much |way |more |still |far |make it )?{how}",
    r"(?:i want|i need|give me|i would like) {ref} (?:to be |to look |to seem )?{how}",
    r"{ref} {how}",
)
def restyle(desk: Desk, said: Said) -> None:
    """Such as "make the wave angrier", "again but slower"."""
    if said["not"]:
        raise Declined
    how = manner(re.sub(r"^(?:but|and|be|look|a bit|more) ", "", " ".join(said.words("words"))))
    if how is None:
        raise Declined
    for id in references.clips(desk, said["ref"] or "it"):
        remake(desk, id, restyled(desk.text(id), how))


# -- another one ----------------------------------------------------------------------------------


@grammar.rule(
    r"(?:use|try|show|take|give me|i want|pick|choose|make|switch to|get|do)? ?(?:the |a |an |one )?(?:another|different|other|next|alternative|new|more) (?:take|version|variant|variation|attempt|one|try)(?: (?:of|for|on) {ref})?(?: instead)?",
    r"(?:replace|swap|exchange|change) {ref} (?:with|by|for|to|against) (?:another|a different|the other|the next|an alternative|a new|some other) (?:take|version|variant|one|attempt)(?: of it)?",
    r"(?:try|use|do) {ref} with (?:another|a different) take",
)
def another_take(desk: Desk, said: Said) -> None:
    """The next take of the same request, or a fresh one."""
    for id in references.clips(desk, said["ref"] or "it"):
        other = _sibling(desk, id)
        if other is None:
            remake(desk, id, styled(desk.text(id)))
            continue
        old = desk.clip(id)[1]
        source = own_range(other, desk.fps, old.speed, old.reverse)
        made = other.provenance
        desk.edit(ReplaceMedia((id,), other.media, source, other.id, made, ripple=True))


def _sibling(desk: Desk, id: ClipId) -> Take | None:
    """The take after the clip's own, of the same request."""
    own = desk.clip(id)[1].take
    takes = desk.project.takes
    mine = next((take for take in takes if take.id == own), None)
    if mine is None or not mine.group:
        return None
    group = [take for take in takes if take.group == mine.group]
    after = group[group.index(mine) + 1 :] + group[: group.index(mine)]
    return next((take for take in after if not take.accepted), after[0] if after else None)


@grammar.rule(
    rf"(?:try|do|make|generate|regenerate|create|render|redo|remake|reroll|re roll|give me|recreate|reshoot) {{ref}}(?: {_AGAIN})?",
    rf"(?:try(?: that| it| this)? |do (?:that|it) |and )?{_AGAIN}",
    r"(?:regenerate|retry|reroll|remake|redo the motion|try another|another|different)",
    r"(?:a )?(?:new|fresh) (?P<ref>\w+)(?: please)?",
    r"(?:another|one more) (?:try|attempt|go)",
)
def again(desk: Desk, said: Said) -> None:
    """The same once more, generated anew."""
    match = said.match[0]
    if not re.search(
        r"again|once more|re|another|different|try|anew|scratch|over|new|fresh|one more", match
    ):
        raise Declined
    if match.startswith(
        ("do ", "make ", "generate ", "create ", "render ", "give me ")
    ) and not re.search(rf" {_AGAIN}$", match):
        raise Declined
    try:
        span = references.span(desk, said["ref"]) if said["ref"] else None
    except Declined:
        span = None
    if span is not None:
        _anew(desk, said["ref"], span, None)
        return
    for id in references.clips(desk, said["ref"] or "it"):
        remake(desk, id, styled(desk.text(id)))


@grammar.rule(
    r"(?:regenerate|redo|remake|replace|change|generate|fix|recreate|rework) (?:the part |everything |the motion |what happens |the bit )?{span}(?: (?:with|by|as|to|so that|of|into) {words})?",
)
def part_anew(desk: Desk, said: Said) -> None:
    """A stretch of a clip, generated anew."""
    span = references.span(desk, said["span"])
    prompt = prompt_of(desk, said.part("words"))[0] if said["words"] else None
    _anew(desk, said["span"], span, prompt)


def _anew(desk: Desk, phrase: str, span: Range, prompt: Prompt | None) -> None:
    match = re.search(r" of (.+)$", phrase)
    named = references.clips(desk, match[1]) if match else ()
    who = desk.who()
    inside = [
        each
        for each in desk.clips
        if each.start < span.stop and span.start < each.stop and (each.id in named or not named)
    ]
    inside = [each for each in inside if each.character == who] or inside
    if not inside:
        raise Unsure("Nothing plays there; which clip do you mean?", references.names(desk))
    for each in inside:
        clip = desk.clip(each.id)[1]
        remake(desk, each.id, prompt or styled(each.text), span=span_in(clip, span))


# -- something else -------------------------------------------------------------------------------


@grammar.rule(
    r"(?:replace|swap|exchange|substitute|change|turn|transform|convert) {ref} (?:with|by|for|to|into|in to|against) (?:a |an |some )?{words}",
    r"(?:instead of) {ref} ?,? (?:let (?:him|her|them) |make (?:him|her|them) |do |i want |he |she |they )?{words}",
    r"(?:let (?:him|her|them) |make (?:him|her|them) |do |i want |he should |she should |they should )?{words} instead of {ref}",
    r"(?:make|let) {ref} (?:be |become )?(?:a |an ){words}(?: instead)?",
    r"{ref} (?:should|must) (?:be|become) (?:a |an ){words}",
    r"{ref} : {words}",
    r"(?:try|do|use|make it|make that|let (?:him|her|them) do|rather) {words} instead",
)
def replaced(desk: Desk, said: Said) -> None:
    """A clip becomes something else."""
    if not said["words"]:
        raise Declined
    ids = references.clips(desk, said["ref"] or "it")
    prompt, beat = prompt_of(desk, said.part("words"))
    for id in ids:
        remake(desk, id, prompt, seconds=beat.seconds, loops=beat.loops)


_LIMB = r"(?P<limb>hand|arm|leg|foot|fist|knee|elbow|shoulder|side)"


@grammar.rule(
    rf"(?:make |let |do |have |use |perform )?(?:(?:him|her|them|he|she) (?:should |must )?)?(?:{{ref}} )?(?:should |must )?(?:be |do it |done |be done )?(?:with |use |using |to )?(?:the |his |her )?(?P<side>left|right)(?: {_LIMB})?(?: instead| this time| rather)?",
    rf"(?P<verb>\w+) (?:with |using |to )(?:the |his |her )?(?P<side>left|right)(?: {_LIMB})? instead",
)
def other_side(desk: Desk, said: Said) -> None:
    """Such as "with the left hand instead"."""
    if said["verb"]:
        ids = references.clips(desk, said["verb"])
    elif said["ref"]:
        ids = references.clips(desk, said["ref"])
    else:
        ids = references.it(desk)
    for id in ids:
        text = sided(desk.text(id), said["side"], said["limb"] or None)
        if text is None:
            raise Declined
        remake(desk, id, styled(text))


@grammar.rule(
    r"(?:make |let |have )?{ref} (?:should |must |to )?(?:be |last )?(?P<times>\d+(?:\.\d+)?) times (?:as )?long and (?:should |must |to )?{words}",
    r"(?:make |let |have )?{ref} (?:should |must )?(?:be |last |take )?(?:for )?(?P<dur>\d+(?:\.\d+)?) (?P<unit>seconds|frames)(?: long)? and (?:should |must |to )?{words}",
    r"(?:make |let |have )?{ref} (?:should |must |to |also |has to |needs to )+{words}",
    r"(?:make|let|have) {ref} (?P<words>(?:end|finish|start|begin|stop|turn|go) .+)",
    r"(?:at the end of|during|in|while) {ref} ?,? (?:let (?:him|her|them) |make (?:him|her|them) |he |she |they |the person )?(?:should |must |also |to )*{words}",
)
def changed(desk: Desk, said: Said) -> None:
    """Such as "the walk should be twice as long and end turning left"."""
    id = references.clip(desk, said["ref"])
    words = said.words("words")
    part = beats.beat(said.part("words"), desk.fps)
    if said.match[0].startswith(("during", "in ", "while")) and part.part is not None:
        prompt = prompt_of(desk, _only(said.part("words")))[0]
        remake(desk, id, _with_part(prompt, part.part), part=part.part)
        return
    base = verb(words[0]) if words else None
    if base is None or (base in ("be", "have") and len(words) < 2):
        raise Declined
    if base == "be":
        raise Declined
    clip = desk.clip(id)[1]
    seconds = None
    if said["times"]:
        seconds = clip.frames / desk.fps * float(said["times"])
    elif said["dur"]:
        seconds = said.seconds(desk)
    tail = [third(base), *words[1:]]
    if said.match[0].startswith("during"):
        tail = ["while", gerund(base), *words[1:]]
    joint = [] if tail[0] == "while" else ["and"]
    if said.match[0].startswith("at the end of"):
        tail += ["at", "the", "end"]
    text = " ".join([desk.text(id).rstrip(". "), *joint, *tail])
    remake(desk, id, Prompt(text), seconds=seconds)


_BODY = r"(?:the |his |her |their )?(?P<part>upper body|lower body|left arm|right arm|left hand|right hand|arms|hands|head|legs)"


def _only(line: Line) -> Line:
    """Such as "only the left arm waves" as "waves"."""
    match = re.match(rf"(?:only |just )?{_BODY}(?: only)? ", line.text)
    return line.part(match.end(), 10**6) if match else line


def _with_part(prompt: Prompt, part: str) -> Prompt:
    if part in ("left_arm", "right_arm") and part.replace("_", " ") not in prompt.text:
        return replace(prompt, text=f"{prompt.text} with the {part.replace('_', ' ')}")
    return prompt


@grammar.rule(
    rf"(?:during|in|while|for) (?:he |she |they )?{{ref}} ?,? (?:let |make |have )?(?:only|just) {_BODY} {{words}}",
    rf"(?:in|during|for|on) {{ref}} ?,? (?:change|regenerate|replace|redo) (?:only |just )?{_BODY}(?: only)?(?: (?:to|with|so that (?:he|she|they|it)|into|:|,) {{words}})?",
    rf"(?:change|regenerate|replace|redo) (?:only |just )?{_BODY}(?: only)? (?:of|in|during) {{ref}}(?: (?:to|with|so that (?:he|she|they|it)|into|:|,) {{words}})?",
)
def part_changed(desk: Desk, said: Said) -> None:
    """Some of the body does something else; the rest stays."""
    part = said["part"].replace("hands", "arms").replace("hand", "arm").replace(" ", "_")
    for id in references.clips(desk, said["ref"]):
        prompt = styled(desk.text(id))
        if said["words"]:
            prompt = _with_part(prompt_of(desk, said.part("words"))[0], part)
        remake(desk, id, prompt, part=part)  # type: ignore[arg-type]


# -- between others -------------------------------------------------------------------------------

_PUT = r"(?:put|add|insert|place|squeeze(?: in)?|include|throw in|append|slip in|stick|have|let (?:him|her|them)|make (?:him|her|them)|do|i want|we need|generate|create|let there be|he should|she should|they should|he|she|they|there should be|drop(?: in)?)"


@grammar.rule(
    rf"{_PUT} (?P<words>(?:a |an |some |the |another )?.+?) (?:in )?between {{ref}} and {{ref2}}",
    rf"(?:in )?between {{ref}} and {{ref2}} (?:, )?{_PUT} {{words}}",
    r"(?:in )?between {ref} and {ref2} , {words}",
    rf"{_PUT} {{words}} (?P<side>before|after|right before|right after|just before|just after|ahead of|behind|following|prior to) {{ref}}",
    rf"(?P<side>before|after|right before|right after|just before|just after|ahead of|following|prior to) {{ref}} (?:, )?{_PUT} {{words}}",
    r"(?P<side>before|after|right before|right after|just before|just after|following|prior to) {ref} , {words}",
    r"{words} (?P<side>before|after|right before|right after|just before|just after) {ref}",
    r"{ref} (?:should be|is|must be|needs to be|has to be) (?:preceded|followed) by (?:a |an )?{words}",
    r"(?P<side>follow|precede) {ref} (?:with|by) (?:a |an )?{words}",
)
def between(desk: Desk, said: Said) -> None:
    """Something before, after or between clips."""
    side = said["side"] or ("after" if "followed by" in said.match[0] else "before")
    if said["ref2"]:
        first, second = references.clip(desk, said["ref"]), references.clip(desk, said["ref2"])
        track, clip = max((desk.clip(first), desk.clip(second)), key=lambda tc: tc[1].start)
        start = clip.start
    else:
        track, clip = desk.clip(references.clip(desk, said["ref"]))
        start = (
            clip.stop if side.endswith(("after", "behind", "following", "follow")) else clip.start
        )
    speaker = desk.speaker
    desk.speaker = track.character
    line = said.part("words")
    named = any(who.name.lower() in line.text.split() for who in desk.project.characters)
    if not named and speaker:
        desk.speaker = track.character
    describe(desk, line, Insert(track.id, start), sure=False)


@grammar.rule(
    rf"{_PUT} {{words}} at (?P<edge>the (?:very )?(?:end|start|beginning|front))(?: of (?:the )?(?:timeline|everything|sequence|scene|track|animation))?",
    rf"(?:at|to|in) (?P<edge>the (?:very )?(?:end|start|beginning|front))(?: of (?:the )?(?:timeline|everything|sequence|scene|track|animation))? ?,? (?:{_PUT} )?{{words}}",
    r"(?:start|begin|open) (?P<edge>with|by) {words}",
    r"(?:(?:he|she|they|the person|{who}) )?(?:should |must |will |could )?(?:start|begin|open)s? (?P<edge>with|by) {words}",
    r"(?:(?:he|she|they|the person|{who}) )?(?:should |must |will |could )?(?P<last>end|finish|close|conclude)(?:s|es)? (?:with|by|it with|off with|it by) {words}",
    r"{words} at (?P<edge>the (?:very )?(?:end|start|beginning))",
    r"(?:first|firstly|to begin with|to start with)(?: of all)? ?,? (?P<first>){words}",
    r"(?P<last>finally|lastly|last|at last|to finish) ?,? {words}",
)
def at_the_edge(desk: Desk, said: Said) -> None:
    """Something at the start or at the end."""
    if said["who"]:
        desk.speaker = references.character(desk, said["who"])
    start = said["edge"].endswith(("start", "beginning", "front")) or said["edge"] in ("with", "by")
    start = start or said.match.groupdict().get("first") is not None
    if start and desk.clips:
        track = desk.track(desk.who())
        describe(desk, said.part("words"), Insert(track, 0))
    else:
        describe(desk, said.part("words"))


@grammar.rule(
    rf"{_PUT} {{words}} (?:at|from|starting at|on|beginning at) {{at}}",
    rf"(?:at|from|starting at) {{at}} ?,? (?:{_PUT} )?{{words}}",
    rf"{_PUT} {{words}} (?P<here>here|at the playhead|at the cursor|at this point|right here)",
    r"{words} (?:at|starting at) (?P<only>)(?:frame (?P<frame>\d+)|(?P<at>\d+(?:\.\d+)?) (?P<atunit>seconds|frames))",
)
def at_time(desk: Desk, said: Said) -> None:
    """Something from a time on."""
    frame = desk.focus.playhead if said["here"] else said.time(desk)
    track = desk.track(desk.who())
    describe(desk, said.part("words"), Insert(track, frame))


# -- carrying on ----------------------------------------------------------------------------------


@grammar.rule(
    r"(?:continue|carry on with|go on with|keep going with|keep on with|prolong|carry on|resume) {ref}(?: (?:for )?(?:another |about )?(?:{dur}|a bit|a while|a little|longer|some more|a little longer|a bit longer)(?: more| longer)?)?",
    r"(?:continue|carry on|go on|keep going|keep on|more of (?:this|that|it|the same))(?: (?:for )?(?:another )?(?:{dur}|a bit|a while|longer)(?: more| longer)?)?",
    r"(?:let |make |have )?(?:(?:him|her|them|he|she|they|the person|\w+) )?(?:should |must |to )?(?:keep|keeps|continue|go on|carry on)(?: on)? (?P<doing>\w+ing)(?P<rest> .+?)??(?: for (?:another |about )?(?:{dur}|a bit|a while)(?: more| longer)?)?",
)
def carry_on(desk: Desk, said: Said) -> None:
    """What is done goes on, generated."""
    text = None
    if said["doing"]:
        base = lemma(said["doing"])
        found = [c for c in desk.clips if base in [lemma(w) for w in c.text.lower().split()]]
        if not found or said["rest"]:
            raise Declined
        id = references.which(desk, found) if len(found) < 2 else found[-1].id
    else:
        id = references.clips(desk, said["ref"] or "it")[-1]
    track, _ = desk.clip(id)
    text = desk.text(id)
    desk.speaker = track.character
    seconds = said.seconds(desk) if said["dur"] else None
    made = desk.fresh_clip()
    prompt = styled(text)
    step = Generate(prompt.text, track.character, Continue(id), made, seconds, style=prompt.style)
    desk.generate(step)
