"""FIT files, made for the case in question."""

import io
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from fitdecode.profile import FIELD_TYPES

from plugins.files.tests.made_files import (
    ACTIVITY,
    DEVELOPER_DATA_ID,
    ENUM,
    FIELD_DESCRIPTION,
    LAP,
    LENGTH,
    SINT32,
    SPORT,
    START,
    UINT8,
    UINT16,
    UINT32,
    Field,
    file_id,
    fit,
    message,
    record,
    ride,
    ride_points,
    session,
    stamp,
    text_message,
    timer,
)
from training_analyzer.sdk import (
    Activity,
    BadData,
    BrokenRecord,
    Channel,
    Lap,
    PoolLength,
    RawActivity,
    Samples,
    Sport,
    SwimStroke,
)
from training_analyzer_files.fit import garmin
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings

Translated = Callable[[bytes], Activity]
Read = Callable[[bytes, str], list[RawActivity | BrokenRecord]]


def samples_of(activity: Activity) -> Samples:
    assert activity.samples is not None
    return activity.samples


def reason(read: Read, content: bytes) -> str:
    (found,) = read(content, "a.fit")
    assert isinstance(found, BrokenRecord), found
    return found.reason


def test_a_ride(translated: Translated) -> None:
    activity = translated(ride())
    assert (activity.sport, activity.sport_name, activity.started_at) == (Sport.RIDE, "cycling", START)
    assert (activity.elapsed_s, activity.moving_s, activity.distance_m) == (60, 60, 480)
    assert activity.summary.average_power_w == 200
    assert activity.summary.power_is_measured
    samples = samples_of(activity)
    assert samples.seconds.tolist() == list(range(60))
    first = {channel: float(readings[0]) for channel, readings in samples.channels.items()}
    assert first == {
        Channel.POWER_W: 200,
        Channel.HEART_RATE_BPM: 140,
        Channel.SPEED_MPS: 8,
        Channel.DISTANCE_M: 0,
        Channel.ALTITUDE_M: 430,
        Channel.LATITUDE_DEG: pytest.approx(47, abs=1e-6),
        Channel.LONGITUDE_DEG: pytest.approx(8.5, abs=1e-6),
    }


def test_a_header_without_a_checksum_is_allowed(translated: Translated) -> None:
    points = (file_id(), ride_points(), session(0, 60))
    with_one, without = fit(*points), fit(*points, header_checksum=False)
    assert translated(without).fingerprint() == translated(with_one).fingerprint()


def test_invalid_readings_are_missing_and_zero_watts_are_data(translated: Translated) -> None:
    content = fit(
        file_id(),
        record(0, (7, UINT16, 0), (3, UINT8, 0)),
        record(1, (7, UINT16, 0xFFFF), (3, UINT8, 0xFF)),
        record(2, (7, UINT16, 300), (3, UINT8, 150)),
        session(0, 3),
    )
    samples = samples_of(translated(content))
    np.testing.assert_array_equal(samples.channels[Channel.POWER_W], [0, np.nan, 300])
    np.testing.assert_array_equal(samples.channels[Channel.HEART_RATE_BPM], [np.nan, np.nan, 150])


def test_power_in_a_developer_field_is_power(translated: Translated) -> None:
    content = fit(
        file_id(),
        message(DEVELOPER_DATA_ID, (3, UINT8, 0)),
        text_message(
            FIELD_DESCRIPTION,
            [(0, UINT8, 0), (1, UINT8, 5), (2, UINT8, 0x84), (14, UINT16, 20), (15, UINT8, 7)],
            [(3, "Stride Watts"), (8, "Watts")],
        ),
        *(record(second, developer=[(5, 250 + second)]) for second in range(5)),
        session(0, 5, sport=1),
    )
    activity = translated(content)
    assert samples_of(activity).channels[Channel.POWER_W].tolist() == [250, 251, 252, 253, 254]
    assert activity.sport is Sport.RUN


def described(number: int, name: str, *native: Field) -> bytes:
    """A developer's field of points, of two bytes."""
    numbers = [(0, UINT8, 0), (1, UINT8, number), (2, UINT8, 0x84), *native]
    return text_message(FIELD_DESCRIPTION, numbers, [(3, name), (8, "x")])


def test_a_developers_field_takes_the_place_of_none_of_the_devices(translated: Translated) -> None:
    names = ["timestamp", "heart_rate", "power", "distance", "speed", "fractional_cadence", "cadence"]
    content = fit(
        file_id(),
        message(DEVELOPER_DATA_ID, (3, UINT8, 0)),
        *(described(number, name) for number, name in enumerate(names)),
        described(len(names), "heart_rate", (14, UINT16, 20), (15, UINT8, 7)),
        described(len(names) + 1, "total_calories"),
        *(
            record(
                second,
                (3, UINT8, 120),
                (7, UINT16, 200),
                (5, UINT32, second * 800),
                (6, UINT16, 8000),
                developer=[(number, 999) for number in range(len(names) + 1)],
            )
            for second in range(20)
        ),
        message(
            18,
            (2, UINT32, stamp(0)),
            (7, UINT32, 20_000),
            (11, UINT16, 300),
            developer=[(len(names) + 1, 999)],
        ),
    )
    activity = translated(content)
    assert activity.summary.calories_kcal == 300
    samples = samples_of(activity)
    assert samples.seconds.tolist() == list(range(20))
    readings = {channel: float(column[-1]) for channel, column in samples.channels.items()}
    assert readings == {
        Channel.HEART_RATE_BPM: 120,
        Channel.POWER_W: 200,
        Channel.DISTANCE_M: 19 * 8,
        Channel.SPEED_MPS: 8,
        Channel.CADENCE_RPM: 999,  # of which the device says nothing
    }


def test_what_was_recorded_while_the_timer_stood_is_a_gap(translated: Translated) -> None:
    content = fit(
        file_id(),
        timer(0, 0),
        ride_points(range(30)),
        timer(10, 4),
        timer(20, 0),
        timer(30, 4),
        session(0, 30),
    )
    kept = samples_of(translated(content)).seconds.tolist()
    assert kept == [*range(11), *range(20, 30)]


@pytest.mark.parametrize(("shift", "offset"), [(7200, 7200), (-12_600, -12_600), (46_770, 46_800)])
def test_local_time_comes_from_the_device(translated: Translated, shift: int, offset: int) -> None:
    said = message(ACTIVITY, (253, UINT32, stamp(60)), (5, UINT32, stamp(60 + shift)))
    assert translated(fit(file_id(), ride_points(), session(0, 60), said)).utc_offset_s == offset


def test_without_local_time_the_longitude_tells_unless_the_ride_is_virtual(translated: Translated) -> None:
    assert translated(ride()).utc_offset_s == 3600
    indoors = translated(fit(file_id(), ride_points(), session(0, 60, sub_sport=58)))
    assert indoors.indoor
    assert indoors.utc_offset_s == 0


def test_a_multisport_file_becomes_several_activities(provider: FilesProvider) -> None:
    content = fit(
        file_id(),
        ride_points(range(60)),
        session(0, 20, sport=5),
        session(20, 10, sport=3),
        session(30, 30, sport=2),
        message(
            LAP, (253, UINT32, stamp(60)), (2, UINT32, stamp(30)), (7, UINT32, 30_000), (9, UINT32, 24_000)
        ),
    )
    found = list(provider.read_upload("triathlon.fit", io.BytesIO(content)))
    assert all(isinstance(each, RawActivity) for each in found)
    raw = [each for each in found if isinstance(each, RawActivity)]
    assert [each.external_id[64:] for each in raw] == ["#1", "#2", "#3"]
    assert len({each.external_id[:64] for each in raw}) == 1
    assert [each.started_at - START for each in raw] == [timedelta(seconds=begin) for begin in (0, 20, 30)]
    parts = [provider.translate(each.documents) for each in raw]
    assert [part.sport for part in parts] == [Sport.SWIM, Sport.OTHER, Sport.RIDE]
    assert [len(samples_of(part)) for part in parts] == [20, 10, 30]
    # This device counted on through all sessions.
    assert [samples_of(part).channels[Channel.DISTANCE_M][0] for part in parts] == [0, 8, 8]
    assert parts[2].laps == (Lap(start_s=0, elapsed_s=30, distance_m=240),)


def test_a_swim_of_lengths_alone_has_a_point_for_each(translated: Translated) -> None:
    lengths = [
        message(
            LENGTH,
            (253, UINT32, stamp(end)),
            (2, UINT32, stamp(begin)),
            (3, UINT32, (end - begin) * 1000),
            kind,
        )
        for begin, end, kind in (
            (0, 30, (12, ENUM, 1)),
            (30, 62, (12, ENUM, 1)),
            (62, 90, (12, ENUM, 0)),  # a rest at the wall
            (90, 125, (12, ENUM, 1)),
        )
    ]
    content = fit(file_id(), *lengths, session(0, 125, (44, UINT16, 2500), sport=5, sub_sport=17))
    activity = translated(content)
    assert activity.sport is Sport.SWIM
    assert samples_of(activity).seconds.tolist() == [30, 62, 90, 125]
    assert samples_of(activity).channels[Channel.DISTANCE_M].tolist() == [25, 50, 50, 75]


@pytest.mark.parametrize(("sport", "strokes"), [(5, 596), (15, 596), (2, None), (1, None)])
def test_strokes_are_of_arms_and_oars(translated: Translated, sport: int, strokes: int | None) -> None:
    activity = translated(fit(file_id(), session(0, 3600, (10, UINT32, 596), sport=sport)))
    assert activity.summary.strokes == strokes


def test_a_word_that_is_several_is_no_error(translated: Translated) -> None:
    names = text_message(FIELD_DESCRIPTION, [(0, UINT8, 0), (1, UINT8, 0)], [(3, "heart\0rate")])
    content = fit(file_id(), message(DEVELOPER_DATA_ID, (3, UINT8, 0)), names, ride_points(), session(0, 60))
    assert translated(content).elapsed_s == 60


@pytest.mark.parametrize(
    ("maker", "product", "name"),
    [(1, 3113, "Garmin Forerunner 945"), (1, 2100, "Garmin Edge 1000"), (1, 60_000, "garmin 60000")],
)
def test_a_device_is_called_by_its_name(translated: Translated, maker: int, product: int, name: str) -> None:
    of_device = message(0, (0, ENUM, 4), (1, UINT16, maker), (2, UINT16, product))
    assert translated(fit(of_device, session(0, 60))).device == name


def test_garmins_numbers_are_those_of_the_profile() -> None:
    profile = FIELD_TYPES["garmin_product"].enum
    for number, name in garmin.NAMES.items():
        figures = "".join(filter(str.isdigit, name.removesuffix("(Gen 2)")))
        assert figures in profile[int(number.removeprefix("garmin "))], (number, name)


def test_an_activity_without_points_is_an_activity(translated: Translated) -> None:
    activity = translated(fit(file_id(), session(0, 3600, sport=10, sub_sport=20)))
    assert (activity.sport, activity.elapsed_s, activity.samples) == (Sport.STRENGTH, 3600, None)


def test_a_recording_whose_end_was_never_written_counts_as_far_as_it_goes(translated: Translated) -> None:
    activity = translated(fit(file_id(), message(SPORT, (0, ENUM, 1)), ride_points(range(31))))
    assert (activity.sport, activity.started_at) == (Sport.RUN, START)
    assert (activity.elapsed_s, activity.distance_m) == (30, 240)


def test_several_files_in_one_are_read_on(translated: Translated) -> None:
    assert (
        len(samples_of(translated(fit(file_id(), ride_points(range(30))) + fit(ride_points(range(30, 60))))))
        == 60
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (ride()[:-40], "cut off"),
        (ride()[:13], "cut off"),
        (ride()[:-2] + b"\0\0", "checksum is wrong"),
        (ride()[:200] + b"\xaa" + ride()[201:], "checksum is wrong"),
        (b"\x0e\x20\x54\x08\0\0\0\0.FIT\0\0", "never finished"),
        (fit(file_id(2)), "no activity; it is of the kind “settings”"),
        (fit(file_id(6), ride_points()), "no activity; it is of the kind “course”"),
        (fit(file_id()), "neither a session nor a point"),
        (fit(b"\x05\x01\x02"), "before its definition"),
        (fit(file_id(), ride_points()[:-3]), "last message is cut off"),
        (fit(b"\x40\0\0\x14\0\x01\xfd\x04\x77"), "type that does not exist"),
        (
            fit(file_id(), message(20, (253, UINT32, 1000)), message(18, (2, UINT32, 1000), (7, UINT32, 1))),
            "date",
        ),
    ],
)
def test_what_is_wrong_is_said(read: Read, content: bytes, said: str) -> None:
    assert said in reason(read, content)


@pytest.mark.parametrize(
    "content",
    [
        fit(file_id(), ride_points(range(30)), ride_points(range(-500, -470)), session(-500, 530)),
        fit(file_id(), ride_points(range(30)), ride_points(range(90_000, 90_030)), session(0, 60)),
        fit(file_id(), ride_points(range(30)), ride_points(range(10**8, 10**8 + 30))),
    ],
    ids=["back", "a day on", "years on"],
)
def test_a_clock_that_jumps_is_bad_data(translated: Translated, content: bytes) -> None:
    with pytest.raises(BadData, match="clock jumped"):
        translated(content)


def test_a_few_points_astray_are_left_out(translated: Translated) -> None:
    content = fit(file_id(), ride_points([*range(30), 5, 5.9, *range(30, 60), 10**8]), session(0, 60))
    assert samples_of(translated(content)).seconds.tolist() == list(range(60))


def test_too_many_points_meet_a_limit() -> None:
    few = FilesProvider(FilesSettings(max_points=50))
    (found,) = few.read_upload("long.fit", io.BytesIO(ride(60)))
    assert isinstance(found, BrokenRecord)
    assert "the limit is 50 points" in found.reason


def test_places_without_reception_are_no_places(translated: Translated) -> None:
    nowhere = [record(second, (0, SINT32, 0), (1, SINT32, 0), (3, UINT8, 99)) for second in range(3)]
    samples = samples_of(translated(fit(file_id(), *nowhere, session(0, 3))))
    assert set(samples.channels) == {Channel.HEART_RATE_BPM}


def test_lengths_of_a_pool_are_kept_with_their_strokes(translated: Translated) -> None:
    swum = message(
        LENGTH,
        (253, UINT32, stamp(30)),
        (2, UINT32, stamp(0)),
        (3, UINT32, 30_000),
        (5, UINT16, 17),
        (7, ENUM, 1),
        (12, ENUM, 1),
    )
    rest = message(
        LENGTH, (253, UINT32, stamp(50)), (2, UINT32, stamp(30)), (3, UINT32, 20_000), (12, ENUM, 0)
    )
    activity = translated(
        fit(file_id(), swum, rest, session(0, 50, (44, UINT16, 2500), sport=5, sub_sport=17))
    )
    assert activity.pool_length_m == 25
    assert activity.lengths == (
        PoolLength(start_s=0, elapsed_s=30, strokes=17, stroke=SwimStroke.BACKSTROKE),
        PoolLength(start_s=30, elapsed_s=20, swum=False),
    )
