"""A text as claims: its quantities, and what its words name, sentence by sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from training_analyzer.analysis.grounding.amounts import QuantityReader
from training_analyzer.analysis.grounding.lexicon import Lexicon, Tags, sections
from training_analyzer.analysis.grounding.quantities import Phrases, Quantity
from training_analyzer.analysis.grounding.tokens import Token

# How much a mark or a word separates what stands before it from what stands behind it, in tokens.
_MARKS: Final = {",": 3, ":": 5, "(": 1, ")": 5, "\N{EM DASH}": 5, "/": 2}
_DASH: Final = 5
"""Of a hyphen with spaces around it."""
_AND, _BUT = 3, 5
_NOTHING: Final = frozenset[str]()
APART: Final = 3
"""From here on, two things stand in different parts of a sentence."""

# Zones of intensity are named alike in all languages, and numbered from one to seven.
ZONES: Final = frozenset({"zone", "zones", "zonen", "zona", "zonas", "z"})
ZONE_JOINS: Final = frozenset(
    {"and", "to", "or", "und", "bis", "oder", "et", "y", "e", "en", "-", "/", ",", "&"}
)
ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_ZONE_NUMBERS: Final = frozenset("1234567")

_RIGHT_BEHIND: Final = 2
_OR: Final = frozenset({"or", "oder", "ou", "o", "of"})
_JOINING: Final = frozenset({"clause:and", "clause:but"})
_CLAUSE_ENDS: Final = frozenset(",;:()\N{EM DASH}")
_JOINS: Final = frozenset({"und", "en", "-", "aber", "maar"})
_DASHES: Final = frozenset("-\N{EM DASH}")
_ENDS: Final = frozenset(".!?;…")
_ABBREVIATED: Final = frozenset(
    [
        "vs",
        "ca",
        "approx",
        "no",
        "z",
        "b",
        "ggü",
        "max",
        "min",
        "avg",
        "bzw",
        "etwa",
        "zirka",
        "incl",
        "inkl",
        "usw",
        "etc",
    ]
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that the lexicon knows, from token `at` up to token `end`."""

    at: int
    end: int
    text: str
    tags: Tags
    sections: Mapping[str, frozenset[str]]

    def keys(self, section: str) -> frozenset[str]:
        """Return what the phrase is of one section: `metric` gives the metrics that it names."""
        return self.sections.get(section, _NOTHING)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `walls[i]` is all that separates its beginning from token `i`."""

    tokens: Sequence[Token]
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    walls: tuple[int, ...]
    clauses: tuple[int, ...]
    """In which clause each token stands: what says something of its own, joined by "but", "and" or a dash."""
    zones: tuple[tuple[int, frozenset[int]], ...]
    """Zones of intensity that it names, "zone 2", "zones 1 and 2", each with its place."""
    unknown: tuple[int, ...]
    """Words in no entry of the lexicon."""
    by_section: Mapping[str, Sequence[Mention]]
    by_tag: Mapping[str, Sequence[Mention]]
    tags: Tags
    """All that its phrases are."""

    def between(self, one: int, other: int) -> int:
        """Return what separates two tokens."""
        return abs(self.walls[other] - self.walls[one])

    def together(self, one: int, other: int) -> bool:
        """Return whether two tokens stand in one clause."""
        return self.clauses[one] == self.clauses[other]

    def begins(self, at: int) -> bool:
        """Return whether a part of the sentence begins at a token: the first, or behind a mark."""
        if at <= 0 or self.tokens[at - 1].kind == "mark":
            return True
        return any(m.end == at and m.tags & _JOINING for m in self.naming("clause"))

    def naming(self, section: str) -> Sequence[Mention]:
        """Return the phrases that are something of one section: all metrics, all directions."""
        return self.by_section.get(section, ())

    def tagged(self, tag: str) -> Sequence[Mention]:
        """Return the phrases that are just this: all hedges that say "about"."""
        return self.by_tag.get(tag, ())

    def has(self, *tags: str) -> bool:
        return not self.tags.isdisjoint(tags)


def read(text: str, lexicon: Lexicon) -> list[Sentence]:
    """Return the sentences of a text."""
    return [_sentence(tokens, lexicon) for tokens in _split(lexicon.tokenize(text))]


def _split(tokens: list[Token]) -> Iterator[list[Token]]:
    start = 0
    for at, token in enumerate(tokens):
        if token.kind != "mark" or token.word not in _ENDS:
            continue
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.word == "." and at and following is not None:
            goes_on = following.kind == "word" and following.text[0].islower()
            counted = at > 1 and tokens[at - 2].kind == "number"  # "3 h 20 min. Load …"
            shortened = tokens[at - 1].word in _ABBREVIATED and not counted
            if goes_on or shortened or following.glued:
                continue
        if at > start:
            yield tokens[start:at]
        start = at + 1
    if start < len(tokens):
        yield tokens[start:]


def _sentence(tokens: list[Token], lexicon: Lexicon) -> Sentence:
    quantities: list[Quantity] = []
    mentions: list[Mention] = []
    unknown: list[int] = []
    phrases = Phrases(tokens, lexicon)
    reader = QuantityReader(phrases)
    at = 0
    zones: list[tuple[int, frozenset[int]]] = []
    while at < len(tokens):
        if (end := _zones(tokens, at, zones)) > at:
            at = end
            continue
        length, tags = phrases.at(at)
        if "safe:any" in tags and not (quantities and quantities[-1].end == at):
            at += length
            continue
        quantity = reader.read(at)
        if quantity is not None and quantity.end - at >= length:
            quantities.append(quantity)
            at = quantity.end
            continue
        if (
            tokens[at].word in lexicon.split_verbs
            and length <= 1
            and (way := _split_verb(tokens, at, lexicon))
        ):
            mentions.append(_mention(at, at + 1, tokens[at].text, tags | {way}))
            at += 1
            continue
        if length:
            text = " ".join(token.text for token in tokens[at : at + length])
            mentions.append(_mention(at, at + length, text, tags))
            at += length
            continue
        if tokens[at].kind == "word":
            unknown.append(at)
        at += 1
    by_tag = _by_tag(mentions)
    return Sentence(
        tokens=tokens,
        mentions=tuple(mentions),
        quantities=tuple(_hedged(quantities, mentions, len(tokens))),
        walls=_walls(tokens, mentions, quantities),
        clauses=_clauses(tokens, mentions, quantities),
        zones=tuple(zones),
        unknown=tuple(unknown),
        by_section=_by_section(mentions),
        by_tag=by_tag,
        tags=frozenset(by_tag),
    )


def _by_section(mentions: Sequence[Mention]) -> Mapping[str, Sequence[Mention]]:
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        for section in mention.sections:
            found.setdefault(section, []).append(mention)
    return found


def _by_tag(mentions: Sequence[Mention]) -> Mapping[str, Sequence[Mention]]:
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        for tag in mention.tags:
            found.setdefault(tag, []).append(mention)
    return found


def _mention(at: int, end: int, text: str, tags: Tags) -> Mention:
    return Mention(at, end, text, tags, sections(tags))


def _split_verb(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> str | None:
    """Return the direction of a verb in two parts, of which the second ends the clause: "nahm um 5 % zu"."""
    end = next((i for i in range(at + 1, len(tokens)) if tokens[i].word in _CLAUSE_ENDS), len(tokens))
    for place in range(at + 1, end):
        following = tokens[place + 1].word if place + 1 < len(tokens) else ""
        last = place + 1 == end or following in _JOINS
        if last and (way := lexicon.splits.get((tokens[at].word, tokens[place].word))):
            return way
    return None


def _zones(tokens: Sequence[Token], at: int, found: list[tuple[int, frozenset[int]]]) -> int:
    """Add the zones named here, "zones 1 and 2", and return where they end; `at` if there are none."""
    token = tokens[at]
    if token.word not in ZONES:
        return at
    end = at + 1
    zones: set[int] = set()
    while end < len(tokens):
        following = tokens[end]
        if following.kind == "number" and following.word in _ZONE_NUMBERS:
            zones.add(int(following.word))
        elif following.word in ROMAN:
            zones.add(ROMAN[following.word])
        elif not (following.word in ZONE_JOINS and end + 1 < len(tokens) and _is_zone(tokens[end + 1])):
            break
        end += 1
    if not zones:
        return at
    found.append((at, frozenset(zones)))
    return end


def _is_zone(token: Token) -> bool:
    return token.word in _ZONE_NUMBERS or token.word in ROMAN or token.word in ZONES


def _hedged(quantities: list[Quantity], mentions: list[Mention], length: int) -> Iterator[Quantity]:
    """Give each quantity the hedge that stands right before it, or behind it."""
    by_end = {mention.end: mention for mention in mentions}
    by_start = {mention.at: mention for mention in mentions}
    ends = {quantity.end for quantity in quantities}
    at_the_end = any("hedge:after" in mention.tags and mention.end == length for mention in mentions)
    for quantity in quantities:
        before = by_end.get(quantity.at) or by_end.get(quantity.at - 1)
        if before and quantity.fraction and "article:the" in before.tags and before.at in by_end:
            before = by_end[before.at]  # "mehr als die Hälfte"
        behind = by_start.get(quantity.end) or by_start.get(quantity.end + 1)
        hedges = before.keys("hedge") - {"after"} if before else frozenset()
        if before and before.keys("comparison") and before.at in ends:
            hedges = frozenset()  # "40 % more than eight": a comparison
        if not hedges and behind and "hedge:behind_over" in behind.tags:
            hedges = frozenset({"over"})  # "three or more"
        if not hedges and ((behind and "hedge:after" in behind.tags) or at_the_end):
            hedges = frozenset({"about"})
        yield replace(quantity, hedges=hedges) if hedges else quantity


def _walls(tokens: list[Token], mentions: list[Mention], quantities: list[Quantity]) -> tuple[int, ...]:
    heights = [_MARKS.get(token.word, 0) if token.kind == "mark" else 0 for token in tokens]
    starts = {quantity.at for quantity in quantities}
    for mention in mentions:
        if "role:by_before" in mention.tags and mention.end in starts:
            continue  # "met 12 punten gestegen": by how much, and no clause of its own
        if "clause:but" in mention.tags:
            heights[mention.at] += _BUT
        elif "clause:and" in mention.tags:
            heights[mention.at] += _AND
    for at, token in enumerate(tokens[:-1]):
        if token.word == "-" and not token.glued and not tokens[at + 1].glued:
            heights[at] = _DASH
    if mentions and quantities and mentions[0].at == 0 and "role:at" in mentions[0].tags:
        end = quantities[0].end  # "At 34.6 km, your longest run …"
        if quantities[0].at == mentions[0].end and end < len(tokens) and tokens[end].word == ",":
            heights[end] = 1
    total, walls = 0, []
    for height in heights:
        total += height
        walls.append(total)
    return (*walls, total)


def _clauses(tokens: list[Token], mentions: list[Mention], quantities: list[Quantity]) -> tuple[int, ...]:
    """
    Number the clauses. What hangs on the one before it ("with", "which") begins none.

    Neither does what stands behind a colon, unless a number before it was said, and words follow.
    """
    begun = {
        at
        for at, token in enumerate(tokens[:-1])
        if token.word in _DASHES and not token.glued and not tokens[at + 1].glued
    }
    begun |= {
        at
        for at, token in enumerate(tokens[:-1])
        if token.word == ":"
        and any(quantity.end <= at for quantity in quantities)
        and not any(0 < quantity.at - at <= _RIGHT_BEHIND for quantity in quantities)
    }
    for mention in mentions:
        adds = "clause:and" in mention.tags and tokens[mention.at].word not in _OR
        joined = adds and mention.at and tokens[mention.at - 1].word == ","
        if joined or ("clause:but" in mention.tags and "clause:hanging" not in mention.tags):
            begun.add(mention.at)
    total, clauses = 0, []
    for at in range(len(tokens) + 1):
        total += at in begun
        clauses.append(total)
    return tuple(clauses)
