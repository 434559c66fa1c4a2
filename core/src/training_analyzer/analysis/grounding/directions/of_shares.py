"""Comparisons with what a share counts: on how many days form was lower, how many sessions were shorter."""

from functools import lru_cache
from typing import Final

from training_analyzer.analysis.grounding.labels import named
from training_analyzer.analysis.grounding.lexicon import lexicon
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.reading import read
from training_analyzer.analysis.grounding.sayable import TURNED, UP_OR_DOWN
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

_WHICH: Final = (" that were ", " that carried ", " on which ")
"""What leads, in a label, to what a share counts: "share of the days on which form was lower"."""
_MERITS: Final = {"better": "up", "worse": "down", "positive": "up", "negative": "down"}


def of_shares(mention: Mention, scene: Scene) -> list[str] | None:
    """
    Check "lower on 3 % of the days", "higher than on 97 % of them", by what the share counts.

    None where no share is beside it.
    """
    way = way_of(mention)
    share = share_beside(mention, scene) if way else None
    if share is None:
        return None
    shown = {_counts(scene.evidence.facts[fact_id].label) for fact_id in _facts_of(share, scene)} - {""}
    if _is_than_those(mention, share, scene):
        way = TURNED[way]
    return [] if way in shown else [f'"{mention.text}", but "{share.text}" counts the opposite']


def way_of(mention: Mention) -> str:
    """Return in which direction a phrase compares: "lower", "shorter", "better", "fresher"."""
    ways = mention.keys("direction") & UP_OR_DOWN
    ways |= {key.partition(".")[2] for key in mention.keys("implied")} & UP_OR_DOWN
    ways |= {_MERITS[key] for key in mention.keys("direction") & _MERITS.keys()}
    ways |= {_MERITS[key.partition(".")[2]] for key in mention.keys("state")}
    return min(ways) if len(ways) == 1 else ""


def share_beside(mention: Mention, scene: Scene) -> Quantity | None:
    """Return the share beside a phrase: the nearest without another number or direction between them."""
    sentence = scene.sentence
    found = []
    for share in sentence.quantities:
        if not sentence.together(share.at, mention.at) or not _facts_of(share, scene):
            continue
        start, end = (share.end, mention.at) if share.at < mention.at else (mention.end, share.at)
        others = any(start <= m.at < end and m.keys("direction") & UP_OR_DOWN for m in scene.ways)
        told = any(token.word == ":" for token in sentence.tokens[start:end])
        told = told or _has_its_own(share, start, end, scene)
        if not (others or told or scene.parts_numbers(start, end)):
            found.append((not _is_than_those(mention, share, scene), end - start, share))
    return min(found, key=lambda one: one[:2])[2] if found else None


def _has_its_own(share: Quantity, start: int, end: int, scene: Scene) -> bool:
    """As in "Heavier than most, {session_lighter_share} of them carried less": the word behind it."""
    comma = share.at == end and any(token.word == "," for token in scene.sentence.tokens[start:end])
    behind = (m for m in scene.ways if m.at >= share.end and scene.sentence.together(m.at, share.at))
    return comma and any(way_of(m) for m in behind)


def _facts_of(share: Quantity, scene: Scene) -> list[str]:
    """Return the facts that a share may be which count what was less."""
    return [
        fact_id
        for reading in scene.said.get(share.at, ())
        if "share" in reading.concepts
        for fact_id in reading.ids
        if _counts(scene.evidence.facts[fact_id].label)
    ]


@lru_cache(maxsize=256)
def _counts(label: str) -> str:
    """As in "Share of the days on which form was lower": which way those are that a share counts."""
    behind = next((behind for which in _WHICH if (behind := label.partition(which)[2])), "")
    sentences = read(behind, lexicon("en"))
    ways = named(sentences, "direction") | {key.partition(".")[2] for key in named(sentences, "implied")}
    return min(ways & UP_OR_DOWN, default="")


def _is_than_those(mention: Mention, share: Quantity, scene: Scene) -> bool:
    """As in "Higher than on 97 % of the days": those were lower."""
    than = [m.end for m in scene.sentence.tagged("role:versus") if 0 <= m.at - mention.end <= 1]
    ends = [mention.end, *than] if "role:versus" in mention.tags or mention.keys("comparison") else than
    return any(0 <= scene.gap(end, share.at) <= 1 for end in ends)
