"""Of what a placeholder is said to be the share: of which whole, and of which intensity."""

from typing import Final

from training_analyzer.analysis.grounding.cited import placeholders
from training_analyzer.analysis.grounding.placed.telling import is_copula, parted
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sayable import Reading, what
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE

_INTENSITIES: Final = ("moderate", "easy", "hard")
_SESSION: Final = frozenset({"session"})
_HIGHEST: Final = frozenset({"highest"})
_DAY: Final = frozenset({"day"})
_WHOLES: Final = frozenset({"time", "session", "load", "distance"})
_MEASURED: Final = frozenset({"time", "load", "distance"})
_ENDING: Final = frozenset({"clause:and", "clause:but", "negation:not"})
_FAR: Final = 7
"""Tokens between a share and how it was: "of the week's time lay between easy and hard"."""
_NO: Final = frozenset[str]()


def misplaced(quantity: Quantity, fact: Reading, scene: Scene) -> str:
    whole, end = _whole(quantity, scene)
    was = _is_said_to_be(quantity, fact, scene)
    if _is_of_another_whole(whole, fact) or _is_of_days(quantity, fact, scene):
        return f"is said to be a share of {what(whole)}, but is of {what(fact.concepts)}"
    own = intensity_of(fact)
    said = intensity_said(end, scene) if whole or was or fact.dimension == "percent" else ""
    if said and own != said and (whole or was or own):
        return f"is said to be how much was {said}, but is of {what(fact.concepts)}"
    return ""


def _is_of_another_whole(whole: frozenset[str], fact: Reading) -> bool:
    """As in "{longest_share} of the week's load", of its time."""
    own = fact.concepts & _MEASURED if fact.dimension == "percent" and "share" in fact.concepts else _NO
    return bool(own and whole & _MEASURED) and whole.isdisjoint(own)


def _is_of_days(quantity: Quantity, fact: Reading, scene: Scene) -> bool:
    """As in "{easy_share} of the days were easy", of which it is the time."""
    of = scene.sentence.starting.get(quantity.end)
    timed = "share" in fact.concepts and fact.concepts & _MEASURED == {"time"}
    return timed and of is not None and "article:of" in of.tags and scene.sentence.has_at(of.end, "unit:day")


def _is_said_to_be(quantity: Quantity, fact: Reading, scene: Scene) -> bool:
    """As in "Just {hard_share} was hard", and no "most of your {time_week} was easy"."""
    if scene.sentence.has_before(quantity.at, "article:of", "clause:most"):
        return False
    listed = fact.dimension in ("length", "time") and any(
        intensity_of(other) for _, other in placeholders(scene)
    )
    return listed or (quantity.end < len(scene.sentence.tokens) and is_copula(quantity.end, scene))


def _whole(quantity: Quantity, scene: Scene) -> tuple[frozenset[str], int]:
    """Return of what the number is said to be a share, and where the words for that end."""
    sentence = scene.sentence
    of = sentence.starting.get(quantity.end)
    if of is None or of.tags.isdisjoint({"article:of", "clause:thereof"}):
        return _NO, quantity.end
    if "clause:thereof" in of.tags:
        return _SESSION, of.end  # "{session_easy_share} davon"
    if sentence.has_at(of.end, "clause:pronoun"):
        return _SESSION, of.end + 1  # "{session_easy_share} of it"
    nouns = (sentence.starting.get(at) for at in range(of.end, of.end + CLOSE + 1))
    for noun in nouns:
        if noun is not None and (whole := _named_by(noun, scene)) and not parted(of.end, noun.at, scene):
            return whole, noun.end
    return _NO, quantity.end


def _named_by(noun: Mention, scene: Scene) -> frozenset[str]:
    """As in "Of its highest", "of the days of half a year", "of the week's time"."""
    if noun.keys("superlative") & _HIGHEST:
        return _HIGHEST
    return _DAY if "unit:day" in noun.tags else scene.metrics_in(noun) & _WHOLES


def intensity_said(at: int, scene: Scene) -> str:
    """As in "of the time was easy", "most of the time was easy", "hart", "lay between easy and hard"."""
    sentence = scene.sentence
    for place in range(at, min(at + _FAR, len(sentence.tokens))):
        mention = sentence.starting.get(place)
        if mention is None and sentence.tokens[place].kind != "word":
            return ""
        keys = mention.keys("metric") if mention else _NO
        if found := keys & set(_INTENSITIES):
            return min(found) if len(found) == 1 else ""
        if mention and (keys - {"time", "session"} or not mention.tags.isdisjoint(_ENDING)):
            return ""
    return ""


def intensity_of(fact: Reading) -> str:
    """Return of which intensity a fact is: "other_days_easy_share" is of what was easy."""
    found = fact.concepts & set(_INTENSITIES)
    if "moderate" in found or len(found) == 1:
        return next(intensity for intensity in _INTENSITIES if intensity in found)
    return next((word for word in fact.stem.split("_") if word in found), "")
