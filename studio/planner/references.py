"""What people point at: clips by content, number, time and pronoun, characters, tracks, ranges.

A phrase is taken only if every word of it is understood; otherwise it is no reference (`Declined`)
and the line means something else. Where it fits several clips equally, there is a question.
"""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from studio.document.model import CharacterId, ClipId, Range, TrackId
from studio.planner.desk import Declined, Desk, Unsure
from studio.planner.inflection import lemma, verb
from studio.planner.lexicon import ORDINALS, PEOPLE, SYNONYMS
from studio.planner.summary import ClipSummary

_ORD = "|".join(sorted(ORDINALS, key=len, reverse=True))
_NOUN = (
    "clips?|ones?|motions?|movements?|actions?|animations?|moves?|parts?|segments?|pieces?|bits?"
    "|things?|items?|takes?"
)
_FILLER = re.compile(
    rf"\b(?:the|a|an|of|my|his|her|their|our|its|that|this|those|these|whole|entire|single|"
    rf"{_NOUN}|part|some|very|where|when|who|which|with|person|is|are|in|on|does|one|there|"
    r"character|for|to|and|he|she|they|it|just|right|again|please|now)\b"
)
_IT = re.compile(
    rf"(?:it|that|this|them|these|those|this one|that one|the same|(?:that|this) (?:{_NOUN})|"
    rf"(?:the )?(?:selected|current) (?:{_NOUN})|(?:the |my )?selection|what (?:is|i have) selected|"
    r"what you (?:just )?(?:made|did)|(?:the|that) (?:new|latest|last) one you made|"
    rf"the (?:{_NOUN})|the new (?:{_NOUN})|itself)"
)
_THIS = re.compile(rf"(?:this|these|this one|(?:this|these) (?:{_NOUN})|.*select.*|current .*)")
_ALL = re.compile(
    rf"(?:all|everything|all of (?:it|them)|(?:all|every|each)(?: of)?(?: the| my)? (?:{_NOUN})|"
    r"the (?:whole|entire) (?:thing|timeline|scene|sequence|animation|project)|the timeline|the lot|"
    r"the sequence|the scene)"
)
_BOTH = re.compile(
    rf"both(?: of (?:them|these|those))?(?: (?:the )?(?:{_NOUN}))?|the two(?: of them)?"
)
_NTH = re.compile(rf"(?:the |my )?(?P<nth>{_ORD})(?: (?:{_NOUN}))?(?: (?:on|of|in) the timeline)?")
_NTHS = re.compile(rf"(?:the |my )?(?P<nth>first|last|final) (?P<n>\d+)(?: (?:{_NOUN}))?")
_NUMBER = re.compile(rf"(?:the )?(?:{_NOUN}) (?:number |nr |no |# ?)?(?P<n>\d+)")
_NEXT = re.compile(rf"(?:the )?(?P<side>next|previous|following|preceding)(?: (?:{_NOUN}))?")
_AFTER = re.compile(
    rf"(?P<what>everything|all|all (?:{_NOUN})|(?:the )?(?:{_NOUN})|what comes|what follows)(?: (?:that )?(?:comes|is))?"
    r" (?P<side>after|before|right after|right before|just before|just after|behind|following) (?P<ref>.+)"
)
_AT = re.compile(
    rf"(?:the |what(?:ever)? )?(?:(?:{_NOUN}) )?(?:that )?(?:plays |is |playing |runs )?"
    r"(?:at|around|on) (?P<n>\d+(?:\.\d+)?)(?: (?P<unit>seconds|frames))?"
)
_AND = re.compile(r" (?:and|plus|as well as) | , (?:and )?")
_WHERE = re.compile(
    r"(?P<ref>.+?) (?:(?:right |just |that (?:comes|is) )?(?P<side>before|after) (?P<other>.+)|"
    r"at (?:the )?(?:very )?(?P<edge>end|start|beginning)|"
    r"(?:at|around) (?P<n>\d+(?:\.\d+)?)(?: (?P<unit>seconds|frames))?|"
    r"(?:of|from|by) (?P<who>.+)|(?:on|in) (?:the )?(?P<track>.+))"
)
_ORDINAL_OF = re.compile(rf"(?:the )?(?P<nth>{_ORD}) (?P<ref>.+)")
_PLURAL = re.compile(
    r"(?:all|every|each|both)(?: of)?(?: the| my)? (?P<ref>.+)|the (?P<plural>\w+s)"
)
_POSSESSIVE = re.compile(r"(?P<who>.+?) 's (?P<ref>.+)|(?P<pron>his|her|their) (?P<ref2>.+)")


def clips(desk: Desk, phrase: str) -> tuple[ClipId, ...]:
    """The clips that a phrase means, in order of time.

    Raises:
        Declined: it is no such phrase.
        Unsure: it fits several equally.
    """
    phrase = phrase.strip(" ,.?")
    if not phrase or len(phrase) > 160 or re.match(r"(?:he|she|they|him) ", phrase):
        raise Declined
    found = _pointed(desk, phrase)
    if found is None:
        found = _listed(desk, phrase)
    if found is None:
        found = _described(desk, phrase, desk.clips)
    return found


def clip(desk: Desk, phrase: str) -> ClipId:
    """The one clip that a phrase means."""
    found = clips(desk, phrase)
    if len(found) == 1:
        return found[0]
    return which(desk, [each for each in desk.clips if each.id in found])


def which(desk: Desk, found: Iterable[ClipSummary]) -> ClipId:
    """The clip that is chosen of several; asks."""
    there = list(found)
    if not there:
        raise Declined
    if len(there) == 1:
        return there[0].id
    names = {name_of(desk, each): each.id for each in there}
    return names[desk.choose("Which one do you mean?", list(names))]


def name_of(desk: Desk, each: ClipSummary) -> str:
    """What to call a clip so that it is told from others."""
    same = [other for other in desk.clips if other.name == each.name]
    return each.name if len(same) == 1 else f"{each.name} at {each.start / desk.fps:g} s"


# -- by pointing ----------------------------------------------------------------------------------


def _pointed(desk: Desk, phrase: str) -> tuple[ClipId, ...] | None:
    """By pronoun, number, place or time; None where it is none of these."""
    there = desk.clips
    if _IT.fullmatch(phrase) and not _named_so(desk, phrase):
        found = it(desk, selection_first=bool(_THIS.fullmatch(phrase)))
        several = re.search(r"them|these|those|select|\w+s$", phrase.replace("this", ""))
        return found if several or found == desk.focus.selection else found[-1:]
    if _ALL.fullmatch(phrase):
        return _some(each.id for each in there)
    if _BOTH.fullmatch(phrase):
        return _both(desk)
    if match := _NTHS.fullmatch(phrase):
        n = int(match["n"])
        if n > len(there):
            raise Unsure(f"There are only {len(there)} clips; which do you mean?", names(desk))
        row = there[:n] if match["nth"] == "first" else there[-n:]
        return _some(each.id for each in row)
    if match := _NTH.fullmatch(phrase):
        return (nth(desk, there, match["nth"]).id,)
    if match := _NUMBER.fullmatch(phrase):
        return (nth(desk, there, f"{match['n']}th").id,)
    if match := _NEXT.fullmatch(phrase):
        return (_beside(desk, it(desk)[-1], match["side"] in ("next", "following")),)
    if match := _AT.fullmatch(phrase):
        frame = round(float(match["n"]) * (1 if match["unit"] == "frames" else desk.fps))
        return (_playing(desk, there, frame),)
    if match := _AFTER.fullmatch(phrase):
        return _side(desk, match)
    if match := re.fullmatch(
        r"(?:everything|all|all that|whatever|what) (?P<who>.+?) does", phrase
    ):
        who = character(desk, match["who"])
        return _some(each.id for each in there if each.character == who)
    return None


def it(desk: Desk, *, selection_first: bool = False) -> tuple[ClipId, ...]:
    """What "it" is: what the line or the last turn was about, what is selected, the only clip."""
    there = {each.id for each in desk.clips}
    spoken = [desk.touched[-1:], desk.focus.clips, desk.focus.selection]
    if selection_first:
        spoken = [desk.focus.selection, desk.touched[-1:], desk.focus.clips]
    for ids in spoken:
        found = tuple(id for id in ids if id in there)
        if found:
            return found
    if len(there) == 1:
        return tuple(there)
    if not there:
        raise Unsure("There is no clip yet; what should happen first?")
    return (which(desk, desk.clips),)


def _both(desk: Desk) -> tuple[ClipId, ...]:
    there = [each.id for each in desk.clips]
    for ids in (desk.focus.clips, desk.focus.selection, there):
        found = tuple(id for id in ids if id in there)
        if len(found) == 2:
            return found
    raise Unsure("Which two do you mean?", names(desk))


def names(desk: Desk) -> list[str]:
    """Every clip by name, to choose from."""
    return [name_of(desk, each) for each in desk.clips[:8]]


def nth(desk: Desk, there: Iterable[ClipSummary], word: str) -> ClipSummary:
    """The clip of an ordinal."""
    row = list(there)
    n = ORDINALS.get(word) or int(re.sub(r"\D", "", word) or 0)
    if word == "middle":
        n = (len(row) + 1) // 2
    index = n - 1 if n > 0 else len(row) + n
    if not 0 <= index < len(row):
        raise Unsure(f"There are {len(row)} of these; which do you mean?", names(desk))
    return row[index]


def _beside(desk: Desk, id: ClipId, later: bool) -> ClipId:
    lane = [each.id for each in desk.lane(id)]
    at = lane.index(id) + (1 if later else -1)
    if not 0 <= at < len(lane):
        raise Unsure("There is no clip on that side; which do you mean?", names(desk))
    return lane[at]


def _playing(desk: Desk, there: Iterable[ClipSummary], frame: int) -> ClipId:
    found = [each for each in there if each.start <= frame < each.stop]
    if not found:
        raise Unsure(
            f"Nothing plays at {frame / desk.fps:g} s; which clip do you mean?", names(desk)
        )
    return _narrowed(desk, found)


def _side(desk: Desk, match: re.Match[str]) -> tuple[ClipId, ...]:
    there = clip(desk, match["ref"])
    lane = desk.lane(there)
    at = [each.id for each in lane].index(there)
    later = "before" not in match["side"]
    row = lane[at + 1 :] if later else lane[:at]
    if not row:
        raise Unsure("There is nothing on that side; which clip do you mean?", names(desk))
    if match["what"].startswith(("every", "all", "what")):
        return tuple(each.id for each in row)
    return (row[0 if later else -1].id,)


def _some(ids: Iterable[ClipId]) -> tuple[ClipId, ...]:
    found = tuple(ids)
    if not found:
        raise Unsure("There is no clip yet; what should happen first?")
    return found


def _listed(desk: Desk, phrase: str) -> tuple[ClipId, ...] | None:
    """Such as "the walk and the bow"."""
    parts = _AND.split(phrase)
    if len(parts) < 2:
        return None
    if any(lemma(p.split()[-1]) == "and" for p in parts if p):
        return None
    whole = [each.id for each in desk.clips if each.name.lower() == phrase]
    if whole:
        return tuple(whole)
    if len(parts) == 2 and re.fullmatch(rf"the (?:{_ORD})", parts[0]):
        parts[0] += " " + " ".join(parts[1].split()[2:])  # "the first and the second walk"
    found = [id for part in parts for id in clips(desk, part)]
    return tuple(dict.fromkeys(found))


# -- by content -----------------------------------------------------------------------------------


def _described(desk: Desk, phrase: str, there: Iterable[ClipSummary]) -> tuple[ClipId, ...]:
    there = list(there)
    named = [each for each in there if each.name.lower() == phrase.removeprefix("the ")]
    if named:
        return (_narrowed(desk, named),)
    match = _POSSESSIVE.fullmatch(phrase)
    if match and match["who"]:
        who = character(desk, match["who"])
        return _described(desk, match["ref"], [c for c in there if c.character == who])
    if match and match["pron"]:
        who = desk.who()
        mine = [c for c in there if c.character == who]
        return _described(
            desk, match["ref2"], mine if _matching(desk, match["ref2"], mine) else there
        )
    match = _ORDINAL_OF.fullmatch(phrase)
    if match:
        found = _matching(desk, match["ref"], there)
        if found:
            return (nth(desk, found, match["nth"]).id,)
    found = _matching(desk, phrase, there)
    if found:
        plural = _PLURAL.fullmatch(phrase)
        if len(found) > 1 and plural and (plural["ref"] or _is_plural(plural["plural"])):
            return tuple(each.id for each in found)
        return (_narrowed(desk, found),)
    if match := _PLURAL.fullmatch(phrase):
        found = match["ref"] and _matching(desk, match["ref"], there)
        if found:
            return tuple(each.id for each in found)
    if match := _WHERE.fullmatch(phrase):
        return _qualified(desk, match, there)
    return _meant(desk, phrase, there)


def _is_plural(word: str | None) -> bool:
    return bool(word) and verb(word or "") is not None and (word or "").endswith("s")


def _qualified(desk: Desk, match: re.Match[str], there: list[ClipSummary]) -> tuple[ClipId, ...]:
    """Such as "the walk before the bow", "the jump at 3 s", "the clap of Tom", "the nod on the layer"."""
    head = match["ref"]
    row = there if re.fullmatch(rf"(?:the )?(?:{_NOUN})", head) else _matching(desk, head, there)
    if match["side"]:
        other = clip(desk, match["other"])
        lane = desk.lane(other)
        at = [each.id for each in lane].index(other)
        ids = [c.id for c in (lane[at + 1 :] if match["side"] == "after" else lane[:at][::-1])]
        fit = sorted((c for c in row if c.id in ids), key=lambda c: ids.index(c.id))
        return _some_of(fit[:1])
    if match["edge"]:
        return _some_of(row[-1:] if match["edge"] == "end" else row[:1])
    if match["n"]:
        frame = round(float(match["n"]) * (1 if match["unit"] == "frames" else desk.fps))
        return (_playing(desk, row, frame),)
    if match["who"]:
        who = character(desk, match["who"])
        return _some_of([c for c in row if c.character == who])
    on = track(desk, match["track"])
    return _some_of([c for c in row if c.track == on])


def _some_of(found: list[ClipSummary]) -> tuple[ClipId, ...]:
    if not found:
        raise Declined
    return tuple(each.id for each in found)


@dataclass(frozen=True)
class _Words:
    """What a clip can be called by."""

    lemmas: frozenset[str]
    head: str


def _words_of(each: ClipSummary) -> _Words:
    said = re.findall(r"[^\W_]+", f"{each.text} {each.name}".lower())
    lemmas = frozenset(lemma(word) for word in said)
    head = next((lemma(word) for word in said if verb(word)), "")
    return _Words(lemmas, head)


def _matching(desk: Desk, phrase: str, there: list[ClipSummary]) -> list[ClipSummary]:
    """Clips that have every content word of ``phrase``: as it is, or by what means the same."""
    said = [lemma(word) for word in _FILLER.sub(" ", phrase).split() if word not in (",", "'s")]
    if not said or len(said) > 8:
        return []
    exact = [each for each in there if all(word in _words_of(each).lemmas for word in said)]
    if exact:
        heads = [each for each in exact if _words_of(each).head == said[-1]]
        return heads if len(said) == 1 and heads else exact
    alike = [_alike(word) for word in said]
    return [
        each
        for each in there
        if all(any(w in _words_of(each).lemmas for w in words) for words in alike)
    ]


def _alike(word: str) -> frozenset[str]:
    found = {word}
    for group in SYNONYMS:
        if word in group:
            found |= group
    return frozenset(found)


def _narrowed(desk: Desk, found: list[ClipSummary]) -> ClipId:
    """The one that was spoken of, or is selected, or is of whom was spoken; else a question."""
    if len(found) == 1:
        return found[0].id
    for ids in ((*desk.touched,), desk.focus.clips, desk.focus.selection):
        near = [each for each in found if each.id in ids]
        if len(near) == 1:
            return near[0].id
    who = desk.speaker or desk.focus.character
    near = [each for each in found if each.character == who]
    return near[0].id if len(near) == 1 else which(desk, near or found)


#: Cosine from which a text is taken to mean a clip, and how far it has to be ahead of the next.
_MEANT, _AHEAD = 0.45, 0.08


def _meant(desk: Desk, phrase: str, there: list[ClipSummary]) -> tuple[ClipId, ...]:
    """By meaning, where sentence embeddings are at hand."""
    rest = _FILLER.sub(" ", phrase).split()
    if desk.nearest is None or not there or not 0 < len(rest) <= 4 or not phrase.startswith("the "):
        raise Declined
    scores = list(desk.nearest(phrase, [each.text for each in there]))
    order = sorted(range(len(there)), key=lambda i: -scores[i])
    best = scores[order[0]]
    if best < _MEANT or (len(order) > 1 and best - scores[order[1]] < _AHEAD):
        raise Declined
    return (there[order[0]].id,)


def _named_so(desk: Desk, phrase: str) -> bool:
    return any(each.name.lower() == phrase for each in desk.clips)


# -- characters, tracks, times ---------------------------------------------------------------------

_WHO = re.compile(
    rf"(?:the |that |this )?(?P<nth>first|second|third|fourth|last|other)? ?"
    rf"(?:{'|'.join(sorted(PEOPLE, key=len, reverse=True))})?(?: (?P<n>\d+))?"
)


def character(desk: Desk, phrase: str) -> CharacterId:
    """The character that a phrase means.

    Raises:
        Declined: it is nobody who is there.
    """
    phrase = phrase.strip(" ,.?").removesuffix(" 's").strip()
    people = desk.project.characters
    for who in people:
        if who.name.lower() in (phrase, phrase.removeprefix("the ")):
            return who.id
    if phrase in ("he", "she", "him", "her", "they", "them", "it", "himself", "herself"):
        return pronoun(desk)
    if re.fullmatch(r"(?:the |that )?other(?: (?:one|person|guy|character|man|woman))?", phrase):
        others = [who.id for who in people if who.id != desk.who()]
        if len(others) == 1:
            return others[0]
    match = _WHO.fullmatch(phrase)
    if match and phrase and (match["nth"] or match["n"]):
        n = ORDINALS.get(match["nth"] or "", 0) or int(match["n"] or 0)
        if n and -len(people) <= n <= len(people):
            return people[n - 1 if n > 0 else n].id
    elif match and phrase and len(people) == 1 and not phrase.startswith(("a ", "an ")):
        return people[0].id
    elif match and phrase.startswith(("the ", "that ", "this ")):
        return pronoun(desk)
    raise Declined


def pronoun(desk: Desk) -> CharacterId:
    """Whoever "he", "she" or "they" is: the one spoken of, the only one; asks otherwise."""
    people = desk.project.characters
    spoken = (desk.speaker, *(c.character for c in desk.clips if c.id in desk.focus.selection))
    last = (c.character for c in desk.clips if c.id in desk.focus.clips)
    for id in (*spoken, desk.focus.character, *last):
        if any(who.id == id for who in people) and id is not None:
            return id
    if len(people) == 1:
        return people[0].id
    if not people:
        raise Declined
    named = {who.name: who.id for who in people}
    return named[desk.choose("Who do you mean?", list(named))]


def track(desk: Desk, phrase: str) -> TrackId:
    """The track that a phrase means: by name, number, place or its only character."""
    phrase = re.sub(r"^(?:the|my) ", "", phrase.strip(" ,."))
    lanes = desk.project.timeline.tracks
    bare = re.sub(r" ?\b(?:track|lane|layer)\b ?", " ", phrase).strip()
    for each in lanes:
        if each.name.lower() in (phrase, bare, phrase.removeprefix("track ")):
            return each.id
    at = {"top": 0, "upper": 0, "bottom": -1, "lower": -1, "last": -1, "base": -1}.get(bare)
    if at is None and bare in ORDINALS:
        at = ORDINALS[bare] - 1 if ORDINALS[bare] > 0 else ORDINALS[bare]
    if at is None and bare.isdecimal() and len(bare) < 4 and int(bare) > 0:
        at = int(bare) - 1
    if at is not None and -len(lanes) <= at < len(lanes):
        return lanes[at].id
    if not bare and len(lanes) == 1:
        return lanes[0].id
    if not bare:
        named = {each.name: each.id for each in lanes}
        return named[desk.choose("Which track?", list(named))]
    raise Declined


def tracks(desk: Desk, phrase: str) -> tuple[TrackId, ...]:
    """Tracks by name, number, or those of a character; all of them."""
    lanes = desk.project.timeline.tracks
    if re.fullmatch(
        r"(?:all|every|everything|everyone|both)(?: of)?(?: the)?(?: tracks?| of them)?", phrase
    ):
        return tuple(each.id for each in lanes)
    if phrase in ("it", "this", "that", "this track", "that track"):
        spoken = [c.track for c in desk.clips if c.id in (desk.focus.selection or desk.focus.clips)]
        if spoken:
            return (spoken[-1],)
    try:
        return (track(desk, phrase),)
    except Declined:
        who = character(desk, phrase)
        return tuple(each.id for each in lanes if each.character == who)


_NUM = r"\d+(?:\.\d+)?"
_SPAN = re.compile(
    rf"(?:between|from)?\s*(?:frames? )?(?P<a>{_NUM}|start|the start|the beginning|beginning)(?: (?P<ua>seconds|frames))?"
    rf" (?:and|to|until|till|through|-) (?:frames? )?(?P<b>{_NUM}|the end|end)(?: (?P<ub>seconds|frames))?"
)
_HALF = re.compile(
    r"(?:the )?(?P<which>first|second|last|middle) (?P<part>half|third|quarter)(?: of (?P<ref>.+))?"
)
_EDGE = re.compile(
    rf"(?:the )?(?P<edge>first|last|final) (?P<n>{_NUM}) (?P<unit>seconds|frames)(?: of (?P<ref>.+))?"
)
_PARTS = {"half": 2, "third": 3, "quarter": 4}


def frames(desk: Desk, number: str, unit: str | None) -> int:
    """A time as frames; a bare number is seconds."""
    value = float(number)
    return round(value) if unit == "frames" else round(value * desk.fps)


def span(desk: Desk, phrase: str) -> Range:
    """The frames that a phrase means: "between 2 and 5 seconds", "the first half of the walk"."""
    phrase = phrase.strip(" ,.?")
    stop = max(desk.project.timeline.stop, 1)
    if match := _SPAN.fullmatch(phrase):
        framed = "frame" in phrase.split()[:2] or "frames" in phrase.split()[:2]
        ub = match["ub"] or ("frames" if framed else None)
        a = match["a"]
        start = frames(desk, a, match["ua"] or ub) if a[0].isdigit() else 0
        end = stop if match["b"].endswith("end") else frames(desk, match["b"], ub)
        if start >= end:
            raise Unsure("That ends before it begins; from when to when?")
        return Range(start, end)
    if match := _HALF.fullmatch(phrase):
        whole = _whole(desk, match["ref"])
        count = _PARTS[match["part"]]
        which_one = match["which"]
        at = {"first": 0, "second": 1, "last": count - 1, "middle": count // 2}[which_one]
        edges = [whole.start + round(len(whole) * i / count) for i in range(count + 1)]
        return Range(edges[at], edges[at + 1])
    if match := _EDGE.fullmatch(phrase):
        whole = _whole(desk, match["ref"])
        n = min(frames(desk, match["n"], match["unit"]), len(whole))
        return (
            Range(whole.start, whole.start + n)
            if match["edge"] == "first"
            else Range(whole.stop - n, whole.stop)
        )
    if match := re.fullmatch(
        rf"(?:at|around) (?:frame )?(?P<n>{_NUM})(?: (?P<u>seconds|frames))?", phrase
    ):
        at = frames(desk, match["n"], match["u"] or ("frames" if "frame " in phrase else None))
        return Range(at, at + 1)
    raise Declined


def _whole(desk: Desk, ref: str | None) -> Range:
    if ref is None or _ALL.fullmatch(ref):
        return Range(0, max(desk.project.timeline.stop, 1))
    return desk.clip(clip(desk, ref))[1].span
