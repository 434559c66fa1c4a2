"""
Thresholds that could hold: what detectors find in training and providers know, as far as it is news.

Nothing is applied. What the athlete has set already, accepted or dismissed, is not suggested again;
"nearly the same" counts as the same.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from training_analyzer.domain.athlete import ThresholdSuggestion
from training_analyzer.domain.plausible import out_of_range
from training_analyzer.sdk import DetectionInput, MeasuredActivity, ThresholdDetector
from training_analyzer.storage import activities, measurements, suggestions, thresholds
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.suggestions import ACCEPTED, DISMISSED, Made, Origin, StoredSuggestion
from training_analyzer.storage.thresholds import Body

LOGGER = logging.getLogger(__name__)

SAME_AS_SET: Final = 0.01
"""A value within this share of the one that holds is no news: a watt or two, a heartbeat (ours)."""
SAME_AS_DISMISSED: Final = 0.03
"""One that was dismissed has to be left clearly behind before it comes back (ours)."""
SAME_OF: Final = {"anaerobic_capacity_j": 0.1}
"""What a fit is less sure of: W' goes up and down by a tenth where critical power stands still (ours)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What some plugins say now. Plugins that failed are no source."""

    suggestions: tuple[Made, ...]
    sources: frozenset[str]
    origin: Origin = "training"


def detect(
    tx: Transaction,
    athlete_id: UUID,
    detectors: Sequence[tuple[str, ThresholdDetector]],
    *,
    today: date,
) -> Found:
    """Ask every detector. One that fails is logged with its plugin's name, and the others go on."""
    if not detectors:
        return Found((), frozenset())
    body = thresholds.body(tx, athlete_id)
    found: list[Made] = []
    failed: set[str] = set()
    for plugin, detector in detectors:
        measured = _measured(tx, athlete_id, detector, today=today)
        given = DetectionInput(
            today=today,
            activities=tuple(measured),
            athletes={sport: body.as_of(today, sport) for sport in {one.sport for one in measured}},
        )
        try:
            said = [_checked(suggestion) for suggestion in detector.detect(given)]
        except Exception:
            LOGGER.exception("the plugin %s failed to look for thresholds (%s)", plugin, detector.name)
            failed.add(plugin)
            continue
        providers = frozenset(activities.sources(tx, [one.id for one in measured]))
        found += [Made(plugin, suggestion, providers) for suggestion in said]
    return Found(
        tuple(made for made in found if made.source not in failed),
        frozenset(plugin for plugin, _ in detectors) - failed,
    )


def _measured(
    tx: Transaction, athlete_id: UUID, detector: ThresholdDetector, *, today: date
) -> list[MeasuredActivity]:
    since = today - timedelta(days=detector.days - 1)
    keys = detector.needs | detector.beside
    return [
        one
        for one in measurements.since(tx, athlete_id, keys, since=since, until=today)
        if detector.needs & one.measurements.keys() or not detector.needs
    ]


def suggest(tx: Transaction, athlete_id: UUID, found: Found, *, today: date, now: datetime) -> int:
    """Make what is news the open suggestions of these sources, and return how many are new."""
    body = thresholds.body(tx, athlete_id)
    known = suggestions.of_athlete(tx, athlete_id)
    news = [
        made
        for made in found.suggestions
        if not _holds(made.suggestion, body, today) and not _is_decided(made, found.origin, known)
    ]
    return suggestions.replace_open(
        tx,
        athlete_id,
        news,
        origin=found.origin,
        of_sources=found.sources,
        now=now,
    )


def plausible(said: Iterable[ThresholdSuggestion]) -> list[ThresholdSuggestion]:
    """Leave out what no body can have: a service's placeholder, a field of another unit."""
    return [
        suggestion
        for suggestion in said
        if not any(out_of_range(name, value) for name, value in suggestion.values.items())
    ]


def _holds(suggestion: ThresholdSuggestion, body: Body, today: date) -> bool:
    """Say whether the athlete's own values, as of today, are these."""
    known = body.as_of(max(today, suggestion.valid_from), suggestion.sport).thresholds
    current = {name: value for name in suggestion.values if (value := getattr(known, name, None)) is not None}
    return _alike(current, suggestion.values, SAME_AS_SET)


def _is_decided(made: Made, origin: Origin, known: Iterable[StoredSuggestion]) -> bool:
    """
    Say whether the athlete dismissed nearly the same, or accepted it last and nothing has happened since.

    What was accepted may hold no longer: an athlete who then set another value knew of it.
    """
    of_its_place = [
        one
        for one in known
        if (one.source, one.suggestion.sport, one.suggestion.method)
        == (made.source, made.suggestion.sport, made.suggestion.method)
    ]
    if any(
        one.status == DISMISSED and _alike(one.suggestion.values, made.suggestion.values, SAME_AS_DISMISSED)
        for one in of_its_place
    ):
        return True
    accepted = [(one.decided_at, one) for one in of_its_place if one.status == ACCEPTED and one.decided_at]
    if not accepted:
        return False
    decided_at, last = max(accepted, key=lambda pair: pair[0])
    # A provider's day is the one on which it was asked.
    is_newer = origin == "training" and made.suggestion.valid_from > decided_at.date()
    return not is_newer and _alike(last.suggestion.values, made.suggestion.values, SAME_AS_SET)


def _alike(ones: object, others: object, tolerance: float) -> bool:
    """Say whether two sets of values differ by no more than a share of each, or its own share."""
    match ones, others:
        case dict(), dict():
            return ones.keys() == others.keys() and all(
                _alike(ones[name], others[name], max(tolerance, SAME_OF.get(name, 0.0))) for name in ones
            )
        case ((list() | tuple()), (list() | tuple())):
            return len(ones) == len(others) and all(
                _alike(one, other, tolerance) for one, other in zip(ones, others, strict=True)
            )
        case ((int() | float()), (int() | float())):
            return abs(ones - others) <= tolerance * abs(others)
        case _:
            return False


def _checked(suggestion: object) -> ThresholdSuggestion:
    if not isinstance(suggestion, ThresholdSuggestion):
        raise TypeError(f"yielded a {type(suggestion).__name__}, not a ThresholdSuggestion")
    for name, value in suggestion.values.items():
        wrong = out_of_range(name, value)
        if wrong is not None:
            raise ValueError(f"suggested {value}, but {wrong}")
    return suggestion
