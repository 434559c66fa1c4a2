"""The words of a language: which phrases name a metric, a direction, a period, a hedge, and so on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final, Literal, get_args

from training_analyzer.analysis.grounding.lexicon_files import phrases, read_file, splits, words
from training_analyzer.analysis.grounding.spelled import spelled_numbers
from training_analyzer.analysis.grounding.tokens import Token, tokenize

LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl", "pt")
ELIDING: Final = ("fr", "it")
CAPITALIZING: Final = ("de",)
"""Languages that write all nouns with a capital letter, so that it says nothing."""
MAX_REMEMBERED: Final = 20_000
"""Words whose entries are kept; a text can hold anything, and memory is not endless."""

_INFLECTED: Final = {
    "any": frozenset(
        {"metric", "sport", "thing", "medical", "period", "role", "past", "habit", "superlative"}
    ),
    "named": frozenset({"sport", "thing", "medical"}),
    "done": frozenset({"direction", "implied"}),
}
"""Of which sections the words are that have the endings of a name in `[endings]`."""
_LASTING_ENDINGS: Final = ("stündig", "minütig", "tägig", "wöchig")
_LASTING: Final = re.compile(rf"(?<=\w{{3}})(?=(?:{'|'.join(_LASTING_ENDINGS)}))", re.IGNORECASE)
"""German makes one word of a number and its unit: "viereinhalbstündig"."""
_IS: Final = "'s"
"""As in "Your resting heart rate's up": the last word of a name may be joined to the verb."""
_NAMES: Final = frozenset({"metric", "thing"})

WordKind = Literal[
    "copula",
    "were",
    "lies",
    "reached",
    "nobody",
    "determiner",
    "by",
    "times",
    "ago",
    "joining",
    "comparative",
    "joined_article",
    "has_been",
    "abbreviated",
    "training",
    "this",
    "will",
    "would",
    "since",
    "than",
    "either",
    "between",
    "zone",
    "joining_zones",
    "person",
    "leading",
    "shows",
    "inside",
    "out",
    "of",
    "only",
    "denying",
    "held",
    "are",
    "hence",
    "known",
]
Tags = frozenset[str]
Words = Mapping[WordKind, frozenset[str]]
NOTHING: Final = (0, frozenset[str]())


@dataclass(slots=True)
class Node:
    """Where a phrase has got to: which words may follow, and what it is if it ends here."""

    following: dict[str, "Node"] = field(default_factory=dict)
    tags: Tags = frozenset()


@dataclass(frozen=True, slots=True)
class Inflected:
    """Words of some sections, by what is left of them without an ending: "headwinds" is "headwind", too."""

    endings: tuple[str, ...]
    shortest: int
    """How much of a word must be left."""
    bases: dict[str, Tags] = field(default_factory=dict)

    def add(self, word: str, tag: str) -> None:
        for base in self._bases(word):
            self.bases[base] = self.bases.get(base, frozenset()) | {tag}

    def tags_of(self, word: str) -> Tags:
        return frozenset[str]().union(*(self.bases.get(base, frozenset()) for base in self._bases(word)))

    def _bases(self, word: str) -> Iterator[str]:
        for ending in self.endings:
            base = word.removesuffix(ending)
            if (base != word or not ending) and len(base) >= self.shortest:
                yield base


@dataclass(slots=True)
class Lexicon:
    """All phrases of a language, word by word."""

    language: str
    phrases: Node
    stems: tuple[tuple[str, str], ...]
    """Single words of which only a part is given, as `injur*`, and what they are."""
    spelled: dict[tuple[str, ...], float]
    """Number words, as the words that make them up."""
    longest_spelled: int
    first_spelled: frozenset[str]
    """Words with which a number in words can begin."""
    all_spelled: frozenset[str]
    """All words that it can have."""
    verbs: frozenset[str]
    """Number words that are verbs, too: "sei", six and "you are"."""
    common: frozenset[str]
    """The words that tell the language from others."""
    inflected: tuple["Inflected", ...]
    splits: Mapping[tuple[str, str], str]
    """Verbs of a direction in two parts, "nahm ... zu", and where it goes."""
    split_verbs: frozenset[str]
    words: Words
    """Words by themselves, whatever phrase they are part of."""
    own: Mapping[str, tuple[str, ...]]
    """Words of which one at least stands with a placeholder, by the words of its id."""
    values: dict[str, float]
    """Of tags that stand for a number: fractions, multiples, ordinals."""
    _single: dict[str, tuple[int, Tags]] = field(default_factory=dict)
    """What words are by themselves, kept as it was found."""

    def tokenize(self, text: str) -> list[Token]:
        if self.language == "de":
            lower = text.lower()
            if any(ending in lower for ending in _LASTING_ENDINGS):
                text = _LASTING.sub(" ", text)
        return tokenize(text, split_elisions=self.language in ELIDING)

    def match(self, tokens: Sequence[Token], at: int) -> tuple[int, Tags]:
        """Return how many tokens the longest phrase here has, and all that it is; 0 where none begins."""
        first = self.phrases.following.get(tokens[at].word)
        node, end = first, at + 1
        length, tags = NOTHING
        while node is not None and node.following and end < len(tokens):
            word = tokens[end].word
            following = node.following.get(word)
            if following is None and word[-2:] == _IS:
                following = _naming(node.following.get(word.removesuffix(_IS)))
            node, end = following, end + 1
            if node is not None and node.tags:
                length, tags = end - at, node.tags
        return (length, tags) if length else self._by_itself(tokens[at], first)

    def number_word(self, tokens: Sequence[Token], at: int) -> tuple[int, float]:
        """Return how many tokens a number in words has here, and its value; hyphens are passed over."""
        words: list[str] = []
        found = (0, 0.0)
        for position in range(at, min(at + 2 * self.longest_spelled, len(tokens))):
            token = tokens[position]
            if token.word == "-" and words:
                continue
            if token.word not in self.all_spelled:
                break
            words.append(token.word)
            if (value := self.spelled.get(tuple(words))) is not None:
                found = (position - at + 1, value)
        return found

    def _by_itself(self, token: Token, node: Node | None) -> tuple[int, Tags]:
        """Return what a token is that begins no longer phrase; `node`: where its word leads, if it does."""
        if token.kind != "word":
            return (1, node.tags) if node is not None and node.tags else NOTHING
        known = self._single.get(token.word)
        if known is None:
            tags = self._of_stems(token.word).union(node.tags if node is not None else ())
            known = (1, tags) if tags else NOTHING
            if len(self._single) < MAX_REMEMBERED:
                self._single[token.word] = known
        return known

    def _of_stems(self, word: str) -> Tags:
        found = frozenset(tag for stem, tag in self.stems if fits(stem, word))
        if not found and word not in self.phrases.following:
            found = found.union(*(family.tags_of(word) for family in self.inflected))
        return found


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of a language; those of all languages (units, abbreviations) are among them."""
    content, shared = read_file(language), read_file("all")
    root = Node()
    stems: list[tuple[str, str]] = []
    inflected = {name: _inflected(endings) for name, endings in content.get("endings", {}).items()}
    for tag, phrase in (*phrases(shared), *phrases(content)):
        if "*" in phrase:
            stems.append((phrase, tag))
            continue
        node = root
        for token in tokenize(phrase, split_elisions=language in ELIDING):
            node = node.following.setdefault(token.word, Node())
        node.tags |= {tag}
        if " " not in phrase:
            for name, family in inflected.items():
                if tag.partition(":")[0] in _INFLECTED[name] and tag != "direction:flat":
                    family.add(phrase, tag)
    verbs = dict(splits(content))
    spelled = spelled_numbers(content["numbers"])
    return Lexicon(
        language=language,
        phrases=root,
        stems=tuple(stems),
        inflected=tuple(inflected.values()),
        spelled=spelled,
        longest_spelled=max(map(len, spelled)),
        first_spelled=frozenset(words[0] for words in spelled),
        all_spelled=frozenset(word for words in spelled for word in words),
        verbs=frozenset(content["numbers"].get("verbs", ())),
        common=frozenset(map(str.strip, content["common"]["words"].split(","))),
        words={kind: words(kind, content) | words(kind, shared) for kind in get_args(WordKind)},
        splits=verbs,
        split_verbs=frozenset(verb for verb, _ in verbs),
        own={key: tuple(map(str.strip, words.split(","))) for key, words in content.get("own", {}).items()},
        values={
            f"{section}:{key}": float(key)
            for section in ("fraction", "multiple", "ordinal", "ago", "span")
            for key in content.get(section, {})
        },
    )


@lru_cache(maxsize=8192)
def sections(tags: Tags) -> Mapping[str, frozenset[str]]:
    """Return tags by their sections: `metric` gives the metrics that a phrase names."""
    found: dict[str, set[str]] = {}
    for tag in tags:
        section, _, key = tag.partition(":")
        found.setdefault(section, set()).add(key)
    return {section: frozenset(keys) for section, keys in found.items()}


def _naming(node: Node | None) -> Node | None:
    """Return what names something, and may have a verb joined to it: no "week", of "of the week's load"."""
    return node if node and not _NAMES.isdisjoint(sections(node.tags)) else None


def _inflected(endings: str) -> Inflected:
    """Return a family of words by its endings, and how much of a word must be left: "4: s, es"."""
    shortest, _, written = endings.partition(":")
    return Inflected((*map(str.strip, written.split(",")), ""), int(shortest))


def fits(pattern: str, word: str) -> bool:
    """Return whether a word is what an entry says: "shorter", or what begins or ends as "kürzer*"."""
    if "*" not in pattern:
        return word == pattern
    stem = pattern.strip("*")
    if pattern[0] == "*":
        return stem in word if pattern[-1] == "*" else word.endswith(stem)
    return word.startswith(stem)
