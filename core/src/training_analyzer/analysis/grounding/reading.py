"""A text as claims: its quantities, and what its words name, sentence by sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from training_analyzer.analysis.grounding.amounts import QuantityReader
from training_analyzer.analysis.grounding.clauses import clauses_of, walls_of
from training_analyzer.analysis.grounding.lexicon import Lexicon, sections
from training_analyzer.analysis.grounding.quantities import Phrases, Quantity
from training_analyzer.analysis.grounding.sentences import Mention, Sentence
from training_analyzer.analysis.grounding.tokens import Token
from training_analyzer.analysis.grounding.zones import read_zones

_CLAUSE_ENDS: Final = frozenset(",;:()\N{EM DASH}")
_BEHIND_VERBS: Final = frozenset({"role:versus", "role:to", "role:by_before"})
_ENDS: Final = frozenset(".!?;…")


def read(text: str, lexicon: Lexicon) -> list[Sentence]:
    """Return the sentences of a text."""
    return [sentence_of(tokens, lexicon) for tokens in _split(lexicon.tokenize(text), lexicon)]


def _split(tokens: list[Token], lexicon: Lexicon) -> Iterator[list[Token]]:
    start = 0
    for at, token in enumerate(tokens):
        if token.kind != "mark" or token.word not in _ENDS:
            continue
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.word == "." and at and following is not None:
            goes_on = following.kind == "word" and following.text[0].islower()
            counted = at > 1 and tokens[at - 2].kind == "number"  # "3 h 20 min. Load …"
            shortened = tokens[at - 1].word in lexicon.words["abbreviated"] and not counted
            if goes_on or shortened or following.glued:
                continue
        if at > start:
            yield tokens[start:at]
        start = at + 1
    if start < len(tokens):
        yield tokens[start:]


class _Found(NamedTuple):
    """What is found in a sentence, token by token."""

    quantities: list[Quantity]
    mentions: list[Mention]
    zones: list[tuple[int, frozenset[int]]]
    unknown: list[int]


def _found_in(tokens: list[Token], lexicon: Lexicon) -> _Found:
    """Read zones before numbers, numbers before phrases that are no longer, and phrases before words."""
    found = _Found([], [], [], [])
    quantities, mentions, zones, unknown = found
    phrases = Phrases(tokens, lexicon)
    reader = QuantityReader(phrases)
    zone, split_verbs = lexicon.words["zone"], lexicon.split_verbs
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.word in zone and (end := read_zones(tokens, at, lexicon.words, zones)) > at:
            at = end
            continue
        length, tags = phrases.found[at]
        if "safe:any" in tags and not (quantities and quantities[-1].end == at):
            at += length
            continue
        quantity = reader.read(at) if reader.may_begin(token, tags) else None
        if quantity is not None and quantity.end - at >= length:
            quantities.append(quantity)
            at = quantity.end
            continue
        split = length <= 1 and token.word in split_verbs
        if split and (way := _split_verb(tokens, at, lexicon)):
            length, tags = 1, tags | {way}
        if length:
            text = " ".join([token.text for token in tokens[at : at + length]])
            mentions.append(Mention(at, at + length, text, tags, sections(tags)))
        elif token.kind == "word":
            unknown.append(at)
        at += length or 1
    return found


def sentence_of(tokens: list[Token], lexicon: Lexicon) -> Sentence:
    """Return what some tokens say that are one sentence, or its beginning."""
    found = _found_in(tokens, lexicon)
    mentions, quantities = found.mentions, found.quantities
    by_section: dict[str, list[Mention]] = {}
    by_tag: dict[str, list[Mention]] = {}
    for mention in mentions:
        for section in mention.sections:
            by_section.setdefault(section, []).append(mention)
        for tag in mention.tags:
            by_tag.setdefault(tag, []).append(mention)
    starting = {mention.at: mention for mention in mentions}
    ending = {mention.end: mention for mention in mentions}
    return Sentence(
        tokens=tokens,
        mentions=tuple(mentions),
        quantities=tuple(_hedged(quantities, starting, ending, len(tokens))),
        walls=walls_of(tokens, mentions, quantities),
        clauses=clauses_of(tokens, mentions, quantities),
        zones=tuple(found.zones),
        unknown=tuple(found.unknown),
        by_section=by_section,
        by_tag=by_tag,
        tags=frozenset((*by_tag, *by_section)),
        starting=starting,
        ending=ending,
        words=lexicon.words,
    )


def _split_verb(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> str | None:
    """Return the direction of a verb in two parts, of which the second ends the clause: "nahm um 5 % zu"."""
    end = next((i for i in range(at + 1, len(tokens)) if tokens[i].word in _CLAUSE_ENDS), len(tokens))
    for place in range(at + 1, end):
        way = lexicon.splits.get((tokens[at].word, tokens[place].word))
        if way and (place + 1 == end or _goes_on_behind(tokens, place + 1, lexicon)):
            return way
    return None


def _goes_on_behind(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """As in "nahm zu und", "namen fors toe ten opzichte van": what compares may follow the verb."""
    joins = tokens[at].word in lexicon.words["joining"]
    return joins or not _BEHIND_VERBS.isdisjoint(lexicon.match(tokens, at)[1])


def _hedged(
    quantities: list[Quantity], starting: dict[int, Mention], ending: dict[int, Mention], length: int
) -> Iterator[Quantity]:
    """Give each quantity the hedge that stands right before it, or behind it."""
    ends = {quantity.end for quantity in quantities}
    at_the_end = length in ending and "hedge:after" in ending[length].tags
    for quantity in quantities:
        before = ending.get(quantity.at) or ending.get(quantity.at - 1)
        if before and quantity.fraction and "article:the" in before.tags and before.at in ending:
            before = ending[before.at]  # "mehr als die Hälfte"
        behind = starting.get(quantity.end) or starting.get(quantity.end + 1)
        hedges = before.keys("hedge") - {"after"} if before else frozenset()
        if before and before.keys("comparison") and before.at in ends:
            hedges = frozenset()  # "40 % more than eight": a comparison
        more = (
            starting.get(behind.end) if behind and behind.keys("metric") else None
        )  # "five sessions or more"
        if not hedges and any(m and "hedge:behind_over" in m.tags for m in (behind, more)):
            hedges = frozenset({"over"})  # "three or more"
        if not hedges and ((behind and "hedge:after" in behind.tags) or at_the_end):
            hedges = frozenset({"about"})
        yield replace(quantity, hedges=hedges) if hedges else quantity
