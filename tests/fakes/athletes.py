"""Made-up athletes, for reading what is written about them and for measuring who writes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tests.fakes.trainings import (
    EASY,
    HARD,
    MIDDLE,
    NOTHING,
    RIDER,
    RUNNER,
    STEADY,
    SWIMMER,
    TRIATHLETE,
    VERY_HARD,
    Made,
    Planned,
    Week,
    mixed,
    scaled,
    training,
)
from training_analyzer.analysis.training import Best, Training
from training_analyzer.domain.sport import Sport


@dataclass(frozen=True)
class MadeUp:
    """An athlete with a story."""

    name: str
    story: str
    training: Training


@cache
def made_up_athletes() -> tuple[MadeUp, ...]:
    """Return athletes in the situations that insights are for, always the same ones."""
    return tuple(_made_up())


def _made_up() -> Iterator[MadeUp]:
    year = [RIDER] * 40
    three_to_one = [scaled(RIDER, factor) for _ in range(10) for factor in (1.0, 1.1, 1.2, 0.6)]

    def one(name: str, story: str, weeks: Sequence[Week], made: Made | None = None) -> MadeUp:
        return MadeUp(name, story, training(weeks, made, seed=len(name)))

    yield one("steady", "Five rides a week, all year, nothing special.", year)
    yield one(
        "overreaching",
        "Three weeks of ever more, the last without a rest day.",
        [*year, scaled(RIDER, 1.3), scaled(RIDER, 1.7), [Planned(day, 2.2, STEADY) for day in range(7)]],
    )
    yield one(
        "detraining",
        "Six weeks with less and less.",
        [*year, *(scaled(RIDER, f) for f in (0.7, 0.6, 0.5, 0.4, 0.3, 0.3))],
    )
    yield one(
        "returning",
        "Three weeks off with an illness, now the first rides again.",
        [*year, NOTHING, NOTHING, NOTHING, scaled(RIDER[1:4], 0.6)],
    )
    yield one(
        "long_break", "Seven weeks off, and one week back.", [*year, *[NOTHING] * 7, scaled(RIDER, 0.5)]
    )
    yield one("stopped", "Trained all year, and stopped two months ago.", [*year, *[NOTHING] * 9])
    yield one(
        "tapering",
        "A big block, then two weeks with half the volume and the hard efforts kept.",
        [
            *year,
            *[scaled(RIDER, 1.3)] * 4,
            [*[Planned(day, 0.8, HARD) for day in (1, 3)], Planned(4, 0.8), Planned(6, 1.2, STEADY)],
            [*[Planned(day, 0.7, HARD) for day in (1, 3)], Planned(4, 0.7), Planned(6, 0.8)],
        ],
    )
    polar: Week = (
        Planned(1, 1.4, VERY_HARD),
        Planned(2, 1.2),
        Planned(4, 1.4, VERY_HARD),
        Planned(5, 3.0),
        Planned(6, 1.5),
    )
    yield one("polarised", "Two very hard sessions a week, everything else easy.", [polar] * 30)
    grey = [replace(planned, mix=MIDDLE if planned.mix is not HARD else HARD) for planned in RIDER]
    yield one("too_hard_on_easy_days", "Every easy ride turns into tempo.", [*[RIDER] * 26, *[grey] * 6])
    yield one("all_easy", "Only easy rides, many of them.", [mixed(RIDER, EASY)] * 30)
    yield one(
        "missing_data",
        "The sensor has not worked for two months: loads are estimated.",
        year,
        Made(estimated=lambda ago: ago < 60, readings=lambda ago: ago >= 60, threshold_age_days=250),
    )
    yield one("first_week", "Registered this week.", [RUNNER])
    yield one("five_weeks", "A beginner after five weeks.", [scaled(RUNNER, 0.6)] * 5)
    yield one("swimmer", "Three swims a week, and nothing else.", [SWIMMER] * 30, Made(zones=False))
    yield one(
        "run_jump",
        "A runner whose long run grew by half at once.",
        [*[RUNNER] * 25, [*RUNNER[:3], Planned(6, 2.4, STEADY, Sport.RUN)]],
    )
    yield one(
        "run_record",
        "The fastest five kilometres of the year.",
        [RUNNER] * 30,
        Made(bests={Best.RUN_5K: lambda week: 1380.0 if week == 0 else 1440.0 + week}),
    )
    yield one(
        "run_records",
        "The fastest ten kilometres and half marathon of the year, in one race.",
        [*[RUNNER] * 25, *[scaled(RUNNER, 0.7)] * 2, [*RUNNER[:1], Planned(6, 1.7, HARD, Sport.RUN)]],
        Made(
            bests={
                Best.RUN_10K: lambda week: 2760.0 if week == 0 else 2880.0 + week,
                Best.RUN_HALF: lambda week: 6000.0 if week == 0 else 6300.0 + week,
            }
        ),
    )
    yield one(
        "ride_records",
        "The best five minutes and the best hour of the year.",
        year,
        Made(
            bests={
                Best.POWER_5MIN: lambda week: 330.0 if week == 0 else 312.0,
                Best.POWER_60MIN: lambda week: 236.0 if week == 0 else 225.0,
            }
        ),
    )
    yield one("block_training", "Three weeks up, one week easy: this is the easy one.", three_to_one)
    yield one(
        "no_easy_week",
        "Six weeks at the same high level, without letting go.",
        [*year[:24], *[scaled(RIDER, 1.45)] * 6],
    )
    yield one(
        "ramping",
        "Coming up briskly from a low base.",
        [*[scaled(RIDER, 0.5)] * 14, *(scaled(RIDER, f) for f in (0.7, 0.9, 1.1, 1.3))],
    )
    yield one(
        "monotonous",
        "The same ride every day.",
        [*[scaled(RIDER, 0.9)] * 20, *[[Planned(day, 1.4, STEADY) for day in range(7)]] * 2],
        Made(noise=0.05),
    )
    yield one(
        "hard_in_a_row",
        "Three hard days back to back.",
        [
            *[RIDER] * 25,
            [Planned(2, 1.8, HARD), Planned(3, 1.7, HARD), Planned(4, 1.6, HARD), Planned(6, 0.8)],
        ],
    )
    yield one(
        "record",
        "The best twenty minutes of the year.",
        year,
        Made(power_20min=lambda week: 268.0 if week == 0 else 250.0),
    )
    yield one(
        "fitter_heart",
        "Two months of base: the heart drifts less.",
        year,
        Made(
            decoupling=lambda week: 2.5 if week < 4 else 5.5,
            efficiency=lambda week: 1.74 if week < 4 else 1.6,
        ),
    )
    yield one(
        "drifting",
        "Hot, tired weeks: the heart drifts more.",
        year,
        Made(decoupling=lambda week: 8.5 if week < 4 else 4.0),
    )
    yield one(
        "weekend_only",
        "Works a lot: rides on weekends only.",
        [[Planned(5, 3.0, STEADY), Planned(6, 2.0)]] * 30,
    )
    yield one(
        "one_long_ride",
        "A quiet week and one enormous ride.",
        [*[RIDER] * 25, [Planned(1, 0.8), Planned(2, 0.7), Planned(5, 5.5, STEADY)]],
    )
    yield one("triathlete", "Three sports, steady.", [TRIATHLETE] * 30)
    yield one("holiday", "A week at the sea, without the bike.", [*year, NOTHING])
    yield one(
        "more_hours",
        "More hours than usual, and easier ones.",
        [*year, [Planned(day, 1.9) for day in (0, 2, 3, 5, 6)]],
    )
    yield one("harder_hours", "The same hours, but hard.", [*year, mixed(RIDER, HARD)])
    yield one(
        "sparse",
        "A ride every now and then.",
        [[Planned(6, 1.5)] if week % 2 else NOTHING for week in range(30)],
    )
    yield one(
        "mixed_sources",
        "Nearly everything is their own, some rides are not for an AI.",
        year,
        Made(denied=lambda ago: ago % 30 == 1),
    )
