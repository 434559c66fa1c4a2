"""From stored rows to `Training`: which metric plays which part, and what their sources permit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from training_analyzer.analysis.training import Best, Measure, Role, Session, Training
from training_analyzer.domain.athlete import Thresholds
from training_analyzer.domain.metric import DailySeries, MetricKey
from training_analyzer.domain.rights import DataRights, combine
from training_analyzer.domain.sport import Sport
from training_analyzer.storage import briefs, days, thresholds
from training_analyzer.storage.briefs import ActivityBrief
from training_analyzer.storage.database import Transaction
from training_analyzer.storage.thresholds import Body, DatedThreshold

KEPT_DAYS: Final = 400
"""Further back no fact looks but fitness, which is a series."""
BESTS_DAYS: Final = 220
"""A record is told from those of the half year before the four weeks that it may lie in."""
POWER_S: Final = {300.0: Best.POWER_5MIN, 1200.0: Best.POWER_20MIN, 3600.0: Best.POWER_60MIN}
RUN_M: Final = {5000.0: Best.RUN_5K, 10_000.0: Best.RUN_10K, 21_097.5: Best.RUN_HALF}
AGEING: Final = frozenset(
    {
        "functional_threshold_power_w",
        "threshold_heart_rate_bpm",
        "threshold_speed_mps",
        "critical_power_w",
        "max_heart_rate_bpm",
    }
)
"""Those that follow fitness, so that an old one tells of another athlete."""

SeriesOf = Callable[[Sequence[str]], Mapping[MetricKey, DailySeries]]
"""Daily series as they would be if these providers' recordings were all there are."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which metrics play which part in an insight."""

    activity_load: MetricKey
    series: Mapping[Role, MetricKey]
    measures: Mapping[Measure, tuple[MetricKey, ...]]
    """The first of them that an activity has counts."""
    power_curve: MetricKey
    best_efforts: MetricKey
    rests_on: frozenset[str] = frozenset(Thresholds.model_fields)
    """The thresholds that any of these metrics may be made from: all, where nobody says which."""

    @classmethod
    def of_plugin(cls, plugin: str) -> "Meaning":
        """Take the metrics of one plugin, by the names that the field gives them."""
        return cls(
            activity_load=f"{plugin}.load",
            series={
                Role.LOAD: f"{plugin}.daily_load",
                Role.FITNESS: f"{plugin}.fitness",
                Role.FATIGUE: f"{plugin}.fatigue",
                Role.FORM: f"{plugin}.form",
                Role.MONOTONY: f"{plugin}.monotony",
                Role.STRAIN: f"{plugin}.strain",
                Role.LOAD_RATIO: f"{plugin}.load_ratio",
            },
            measures={
                Measure.EASY_S: (f"{plugin}.low_intensity_time",),
                Measure.MODERATE_S: (f"{plugin}.moderate_intensity_time",),
                Measure.HARD_S: (f"{plugin}.high_intensity_time",),
                Measure.DECOUPLING: (f"{plugin}.decoupling", f"{plugin}.speed_decoupling"),
                Measure.EFFICIENCY: (f"{plugin}.efficiency_factor", f"{plugin}.pace_efficiency_factor"),
            },
            power_curve=f"{plugin}.power_curve",
            best_efforts=f"{plugin}.best_efforts",
        )

    @property
    def of_activities(self) -> list[MetricKey]:
        return [self.activity_load, *(key for keys in self.measures.values() for key in keys)]

    @property
    def keys(self) -> list[MetricKey]:
        """All metrics that play a part."""
        return [*self.of_activities, *self.series.values(), self.power_curve, self.best_efforts]


def gather(
    tx: Transaction,
    athlete_id: UUID,
    meaning: Meaning,
    rights: Mapping[str, DataRights],
    *,
    today: date,
    series_of: SeriesOf | None = None,
) -> Training | None:
    """
    Return the athlete's training up to `today`, or to yesterday while today has no session.

    None without any training.
    `series_of` is asked only where some recordings do not permit AI and others do.
    """
    span = days.span(tx, athlete_id)
    if span is None or span[0] > today:
        return None
    border = today - timedelta(days=KEPT_DAYS)
    rows = briefs.since(tx, athlete_id, meaning.of_activities, since=border)
    older = briefs.sources_before(tx, athlete_id, before=border)
    bests = _bests(tx, athlete_id, meaning, since=today - timedelta(days=BESTS_DAYS))
    sessions = sessions_of(rows, meaning, rights, today=today, bests=bests)
    older_denied = sum(count for sources, count in older if not permits_ai(sources, rights))
    permitted = None
    if series_of is not None and (older_denied or not all(session.ai_permitted for session in sessions)):
        made = series_of([name for name, terms in rights.items() if terms.ai])
        permitted = {role: made[key] for role, key in meaning.series.items() if key in made}
    body = thresholds.body(tx, athlete_id)
    permitting = [row for row in rows if permits_ai(row.sources, rights)]
    counting = thresholds_of(permitting, body, meaning, today=today)
    known = Training(
        last_day=today,
        series=_series(tx, athlete_id, meaning, today),
        sessions=sessions,
        history_days=(today - span[0]).days + 1,
        older_denied=older_denied,
        threshold_age_days=_threshold_age(thresholds_of(rows, body, meaning, today=today), today),
        permitted_threshold_age_days=_threshold_age(counting, today),
        denied_thresholds=denied_thresholds(counting, rights),
        permitted_series=permitted,
        last_before=None if sessions else briefs.newest_before(tx, athlete_id, before=border),
    )
    return known.without_empty_last_day()


def sessions_of(
    rows: Iterable[ActivityBrief],
    meaning: Meaning,
    rights: Mapping[str, DataRights],
    *,
    today: date,
    bests: Mapping[UUID, Mapping[Best, float]] | None = None,
) -> list[Session]:
    """Turn rows into sessions. One of an unknown source is not permitted."""
    bests = bests or {}
    return [
        Session(
            sport=row.sport,
            local_date=row.local_date,
            moving_s=row.moving_s,
            distance_m=row.distance_m,
            load=row.values.get(meaning.activity_load),
            estimated=meaning.activity_load in row.estimated,
            ai_permitted=permits_ai(row.sources, rights),
            measures=_measures(row.values, meaning),
            bests=bests.get(row.id, {}),
            has_readings=row.has_samples,
            key=str(row.id),
        )
        for row in rows
        if row.local_date <= today
    ]


def permits_ai(sources: Sequence[str], rights: Mapping[str, DataRights]) -> bool:
    """Return whether all sources are known, and their terms permit showing numbers to an AI."""
    known = bool(sources) and all(source in rights for source in sources)
    return known and combine(rights[source] for source in sources).ai


def thresholds_of(
    rows: Iterable[ActivityBrief], body: Body, meaning: Meaning, *, today: date
) -> list[DatedThreshold]:
    """Return those that the numbers of these activities rest on, or that their next ones would today."""
    done = {(row.local_date, row.sport) for row in rows if row.local_date <= today}
    done |= {(today, sport) for _, sport in done}
    found = {
        (one.name, one.sport, one.valid_from): one
        for day, sport in done
        for one in body.holding(day, sport).values()
        if one.name in meaning.rests_on
    }
    return sorted(found.values(), key=lambda one: (one.valid_from, one.name, one.sport or ""))


def denied_thresholds(body: Iterable[DatedThreshold], rights: Mapping[str, DataRights]) -> dict[str, str]:
    """Return which thresholds rest on data that no AI may see, and whose data that is."""
    return {
        one.name: ", ".join(name for name in one.providers if not permits_ai([name], rights))
        for one in body
        if one.providers and not permits_ai(one.providers, rights)
    }


def _bests(
    tx: Transaction, athlete_id: UUID, meaning: Meaning, *, since: date
) -> dict[UUID, dict[Best, float]]:
    found: dict[UUID, dict[Best, float]] = {}
    powers = briefs.values_at(
        tx, athlete_id, meaning.power_curve, list(POWER_S), sport=Sport.RIDE, since=since
    )
    for activity_id, seconds, power_w in powers:
        found.setdefault(activity_id, {})[POWER_S[seconds]] = power_w
    times = briefs.seconds_for(
        tx, athlete_id, meaning.best_efforts, list(RUN_M), sport=Sport.RUN, since=since
    )
    for activity_id, distance_m, seconds in times:
        found.setdefault(activity_id, {})[RUN_M[distance_m]] = seconds
    return found


def _measures(values: Mapping[MetricKey, float], meaning: Meaning) -> dict[Measure, float]:
    return {
        measure: next(values[key] for key in keys if key in values)
        for measure, keys in meaning.measures.items()
        if any(key in values for key in keys)
    }


def _series(tx: Transaction, athlete_id: UUID, meaning: Meaning, today: date) -> dict[Role, DailySeries]:
    first = today - timedelta(days=KEPT_DAYS)
    columns = days.columns(tx, athlete_id, list(meaning.series.values()), first=first, last=today)
    return {
        role: DailySeries(key=key, first_day=first, values=columns[key])
        for role, key in meaning.series.items()
    }


def _threshold_age(body: Iterable[DatedThreshold], today: date) -> int | None:
    set_on = [
        threshold.valid_from
        for threshold in body
        if threshold.name in AGEING and threshold.valid_from <= today
    ]
    return (today - max(set_on)).days if set_on else None
