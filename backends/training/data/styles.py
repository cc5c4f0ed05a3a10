"""How a movement is done: the words for each style."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """Ways to say one style.

    Attributes:
        people: Subjects that carry the style, with article, e.g. ``"an old man"``.
        adjectives: For noun phrases, e.g. ``"proud"`` in "a proud walk".
        manners: Go after the verb phrase, e.g. ``"with pride"``; ``{their}`` is filled in.
        adverbs: Go after the verb phrase or before the verb, e.g. ``"proudly"``.
    """

    people: tuple[str, ...]
    adjectives: tuple[str, ...]
    manners: tuple[str, ...]
    adverbs: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _style(people: str, adjectives: str, manners: str, adverbs: str) -> Style:
    return Style(_words(people), _words(adjectives), _words(manners), _words(adverbs))


#: ``normal`` has no words: a caption without a style means the neutral one.
STYLES: dict[str, Style] = {
    "normal": _style("", "", "", ""),
    "active": _style(
        "an energetic person|an active person|someone full of energy|a lively person",
        "energetic|active|lively|vigorous",
        "with lots of energy|in an active way|full of energy|with vigor",
        "energetically|actively|vigorously",
    ),
    "angry": _style(
        "an angry person|an angry man|a furious person|someone who is angry",
        "angry|furious",
        "in anger|while angry|in a rage|as if furious",
        "angrily|furiously",
    ),
    "childish": _style(
        "a child|a kid|a little child|a childish person",
        "childish|childlike|playful",
        "like a child|like a little kid|in a childish way|the way a small child would",
        "childishly|playfully",
    ),
    "chimpira": _style(
        "a thug|a street thug|a swaggering thug|a gangster|a punk",
        "thuggish|swaggering|cocky",
        "like a street thug|with a thug's swagger|like a gangster|like a delinquent|with a swagger",
        "cockily|arrogantly",
    ),
    "elderly": _style(
        "an old man|an old person|an elderly person|a grandfather|an elderly man",
        "old man's|elderly|frail",
        "like an old man|like an elderly person|as if very old|with the stiffness of old age",
        "feebly|frailly",
    ),
    "exhausted": _style(
        "an exhausted person|a worn out person|someone exhausted|a person with no strength left",
        "exhausted|worn out|weary",
        "in exhaustion|as if exhausted|completely worn out|with no strength left|while exhausted",
        "exhaustedly|wearily",
    ),
    "feminine": _style(
        "a feminine person|an elegant lady|a ladylike person|a graceful woman",
        "feminine|ladylike|womanly",
        "in a feminine way|like a woman|like a lady|in a ladylike manner",
        "elegantly|femininely",
    ),
    "giant": _style(
        "a giant|a huge giant|a giant person",
        "giant's|heavy|ponderous",
        "like a giant|as if {their} body were huge and heavy|like a heavy giant|hugely",
        "heavily|ponderously",
    ),
    "happy": _style(
        "a happy person|a cheerful person|someone in a good mood|a joyful person",
        "happy|cheerful|joyful",
        "with joy|in a happy mood|while feeling happy|in high spirits",
        "happily|cheerfully|joyfully",
    ),
    "masculine": _style(
        "a macho man|a masculine person|a manly person|a tough guy",
        "masculine|manly|macho",
        "in a masculine way|like a tough man|in a manly manner|like a macho man",
        "in a manly way|in macho style",
    ),
    "musical": _style(
        "a musical performer|a performer in a musical|a theatrical person|a musical actor",
        "theatrical|musical-style|stagey",
        "like in a musical|as if on stage in a musical|to the music|like a musical performer",
        "theatrically|rhythmically",
    ),
    "not-confident": _style(
        "a timid person|a shy person|an insecure person|someone who is not confident",
        "timid|shy|hesitant|unconfident",
        "without confidence|in an insecure way|as if unsure|lacking confidence",
        "timidly|shyly|hesitantly",
    ),
    "proud": _style(
        "a proud person|a proud man|someone proud|a self-assured person",
        "proud|self-assured",
        "with pride|in a proud manner|with {their} chest out|full of pride",
        "proudly|confidently",
    ),
    "sad": _style(
        "a sad person|a depressed person|someone sad|an unhappy person",
        "sad|gloomy|downcast",
        "in sadness|while feeling sad|as if depressed|with {their} head hanging",
        "sadly|gloomily",
    ),
    "tired": _style(
        "a tired person|someone tired|a sleepy person|a fatigued person",
        "tired|fatigued|sluggish",
        "as if tired|in a tired way|while tired|with tired limbs",
        "tiredly|sluggishly",
    ),
    "youthful": _style(
        "a young person|a youthful person|a teenager|a young adult",
        "youthful|young|springy",
        "in a youthful way|like a young person|with youthful spirit|like a teenager",
        "youthfully|with a youthful spring",
    ),
    "quick": _style(
        "a person in a hurry|someone in a hurry", "quick|fast|brisk",
        "in a hurry|at a quick pace|at high speed", "quickly|fast|briskly",
    ),
    "slow": _style("", "slow", "at a slow pace|without hurrying", "slowly"),
}  # fmt: skip
