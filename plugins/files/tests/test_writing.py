"""What we write, read by others and by ourselves: the same session, as exactly as the format can hold it."""

import io
import re
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fitdecode
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tcxreader.tcxreader import TCXReader

from plugins.files.tests.tcx_schema import EXTENSION, faults
from training_analyzer.sdk import (
    Activity,
    Channel,
    Lap,
    PoolLength,
    RawActivity,
    Samples,
    Sport,
    Summary,
    SwimStroke,
)
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings
from training_analyzer_files.writing.fit import write_fit
from training_analyzer_files.writing.sessions import laps_of, pauses_of
from training_analyzer_files.writing.tcx import write_tcx

START = datetime(2026, 3, 2, 5, 6, 7, tzinfo=UTC)
PROVIDER = FilesProvider(FilesSettings())

TOLERANCE: Mapping[str, Mapping[Channel, float]] = {
    "fit": {
        Channel.LATITUDE_DEG: 180 / 2**31,
        Channel.LONGITUDE_DEG: 180 / 2**31,
        Channel.ALTITUDE_M: 0.1,
        Channel.DISTANCE_M: 0.005,
        Channel.SPEED_MPS: 0.0005,
        Channel.HEART_RATE_BPM: 0.5,
        Channel.POWER_W: 0.5,
        Channel.CADENCE_RPM: 1 / 128,
        Channel.TEMPERATURE_C: 0.5,
    },
    "tcx": {
        Channel.LATITUDE_DEG: 5e-8,
        Channel.LONGITUDE_DEG: 5e-8,
        Channel.ALTITUDE_M: 0.005,
        Channel.DISTANCE_M: 0.005,
        Channel.SPEED_MPS: 0.0005,
        Channel.HEART_RATE_BPM: 0.5,
        Channel.POWER_W: 0.5,
        Channel.CADENCE_RPM: 0.5,
    },
}
"""Half of the step in which the format counts, or a whole one where it rounds down."""


def ride(**changes: Any) -> Activity:
    """An hour with a pause of ten minutes and a strap that loses contact."""
    seconds = np.concatenate([np.arange(0, 1200), np.arange(1800, 3600)]).astype(float)
    along = np.linspace(0, 1, seconds.size)
    heart_rate = 120 + 40 * along
    heart_rate[100:160] = np.nan
    samples = Samples(
        seconds,
        {
            Channel.LATITUDE_DEG: 47.0 + along / 10,
            Channel.LONGITUDE_DEG: 8.5 - along / 10,
            Channel.ALTITUDE_M: -12.3 + 500 * along,
            Channel.DISTANCE_M: 30_000 * along,
            Channel.SPEED_MPS: 10 + np.sin(along * 50),
            Channel.HEART_RATE_BPM: heart_rate,
            Channel.POWER_W: np.where(np.arange(seconds.size) % 7 == 0, 0.0, 213.0),
            Channel.CADENCE_RPM: 88.5 + along,
            Channel.TEMPERATURE_C: -3 + 8 * along,
        },
    )
    return Activity(
        **{
            "sport": Sport.RIDE,
            "title": "Up & over <the> hill",
            "started_at": START,
            "utc_offset_s": 3600,
            "elapsed_s": 3600.0,
            "moving_s": 3000.0,
            "distance_m": 30_000.0,
            "ascent_m": 500.0,
            "device": "Edge 540 & Co",
            "summary": Summary(
                average_heart_rate_bpm=140, max_heart_rate_bpm=160, calories_kcal=700, power_is_measured=True,
                average_power_w=180, normalized_power_w=200,
            ),
            "laps": (
                Lap(start_s=0, elapsed_s=1000, distance_m=8_000),
                Lap(start_s=1000, elapsed_s=2600, distance_m=22_000),
            ),
            "samples": samples,
            **changes,
        }
    )  # fmt: skip


def again(activity: Activity, format_name: str) -> Activity:
    """Write it, hand it over as an upload, and translate what came in."""
    written = PROVIDER.export(activity, format_name)
    (raw,) = PROVIDER.read_upload(f"x{written.suffix}", io.BytesIO(written.content))
    return PROVIDER.translate(raw.documents)  # type: ignore[union-attr]


@pytest.mark.parametrize("format_name", ["fit", "tcx"])
def test_our_own_reader_finds_the_same_session(format_name: str) -> None:
    before = ride()
    after = again(before, format_name)
    assert after.started_at == START
    assert after.sport is Sport.RIDE
    assert after.elapsed_s == pytest.approx(3600, abs=1)
    assert after.moving_s == pytest.approx(3000, abs=0.01)
    assert after.distance_m == pytest.approx(30_000, abs=0.02)
    assert after.device == before.device
    assert [(lap.start_s, lap.distance_m) for lap in after.laps] == [(0, 8000), (1000, 22_000)]
    assert after.summary.average_heart_rate_bpm == pytest.approx(140, abs=0.5)
    assert after.summary.calories_kcal == pytest.approx(700, abs=1)
    assert before.samples is not None
    assert after.samples is not None
    assert after.samples.seconds.tolist() == before.samples.seconds.tolist()
    for channel, tolerance in TOLERANCE[format_name].items():
        given, found = before.samples.get(channel), after.samples.get(channel)
        assert given is not None
        assert found is not None, channel
        np.testing.assert_allclose(found, given, rtol=0, atol=tolerance * 1.001, err_msg=channel)


def test_fit_keeps_what_tcx_cannot() -> None:
    after = again(ride(), "fit")
    assert (after.utc_offset_s, after.utc_offset_is_guessed) == (3600, False)
    assert after.ascent_m == 500
    assert after.summary.normalized_power_w == 200
    guessed = again(ride(utc_offset_is_guessed=True), "fit")
    assert guessed.utc_offset_is_guessed, "what nobody said is not said now"


@pytest.mark.parametrize("sport", list(Sport))
def test_fit_knows_every_sport(sport: Sport) -> None:
    assert again(ride(sport=sport), "fit").sport is sport


@pytest.mark.parametrize("sport", [Sport.RIDE, Sport.RUN, Sport.WALK])
def test_what_was_indoors_stays_there(sport: Sport) -> None:
    after = again(ride(sport=sport, indoor=True), "fit")
    assert (after.sport, after.indoor) == (sport, True)


def test_a_pool_keeps_its_lengths() -> None:
    lengths = (
        PoolLength(start_s=0, elapsed_s=25, strokes=12, stroke=SwimStroke.FREESTYLE),
        PoolLength(start_s=25, elapsed_s=20, swum=False),
        PoolLength(start_s=45, elapsed_s=28, strokes=14, stroke=SwimStroke.BREASTSTROKE),
    )
    swim = ride(
        sport=Sport.SWIM, samples=None, lengths=lengths, pool_length_m=25, elapsed_s=73, moving_s=53,
        distance_m=50, laps=(),
    )  # fmt: skip
    after = again(swim, "fit")
    assert after.sport is Sport.SWIM
    assert after.pool_length_m == 25
    assert after.lengths == lengths


def test_an_outsider_reads_our_fit() -> None:
    """fitdecode checks both checksums, and knows the profile by itself."""
    with fitdecode.FitReader(io.BytesIO(write_fit(ride())), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        frames = [frame for frame in reader if frame.frame_type == fitdecode.FIT_FRAME_DATA]
    by_name: dict[str, list[Any]] = {}
    for frame in frames:
        by_name.setdefault(frame.name, []).append(frame)
    assert {name: len(found) for name, found in by_name.items()} == {
        "file_id": 1, "event": 4, "record": 3000, "lap": 2, "session": 1, "activity": 1,
    }  # fmt: skip
    (session,) = by_name["session"]
    assert session.get_value("sport") == "cycling"
    assert session.get_value("start_time") == START
    assert session.get_value("total_elapsed_time") == 3600
    assert session.get_value("total_timer_time") == 3000
    assert session.get_value("total_distance") == 30_000
    assert session.get_value("num_laps") == 2
    assert by_name["file_id"][0].get_value("type") == "activity"
    timer = [(frame.get_value("event_type"), frame.get_value("timestamp")) for frame in by_name["event"]]
    assert timer == [
        ("start", START),
        ("stop_all", START + timedelta(seconds=1199)),
        ("start", START + timedelta(seconds=1800)),
        ("stop_all", START + timedelta(seconds=3600)),
    ]
    assert [lap.get_value("total_timer_time") for lap in by_name["lap"]] == pytest.approx([1000, 2000], abs=1)
    first, hundredth = by_name["record"][0], by_name["record"][100]
    assert first.get_value("enhanced_altitude") == pytest.approx(-12.3, abs=0.1)
    assert first.get_value("position_lat") == round(47.0 / 180 * 2**31)
    assert first.get_value("power") == 0, "zero watts are data"
    assert hundredth.get_value("heart_rate") is None, "and missing is not zero"
    assert by_name["activity"][0].get_value("local_timestamp") == START + timedelta(hours=2)


def test_an_outsider_reads_our_tcx(tmp_path: Path) -> None:
    path = tmp_path / "ride.tcx"
    path.write_bytes(write_tcx(ride()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = TCXReader().read(str(path))
    assert found.activity_type == "Biking"
    assert found.start_time == START.replace(tzinfo=None)
    assert found.distance == pytest.approx(30_000, abs=1)
    assert len(found.trackpoints) == 3000
    assert len(found.laps) == 2
    assert found.hr_max == 160
    assert found.trackpoints[0].tpx_ext["Watts"] == 0


@pytest.mark.parametrize("sport", [Sport.RIDE, Sport.RUN, Sport.SWIM])
def test_tcx_is_as_its_schema_wants_it(sport: Sport) -> None:
    assert faults(write_tcx(ride(sport=sport))) == []
    assert faults(write_tcx(ride(sport=sport, samples=None, laps=(), device="", title=""))) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (b"<Watts>213", b"<Watts>-1", "Watts says '-1'"),
        (b"<Calories>", b"<Notes>x</Notes><Calories>", "Lap holds"),
        (b'Sport="Biking"', b'Sport="Swimming"', "Activity has"),
        (b"Z</Time>", b"</Time>", "Time says"),
    ],
)
def test_what_the_schema_forbids_would_be_seen(right: bytes, wrong: bytes, told: str) -> None:
    written = (
        write_tcx(ride()).replace(b"ns3:", b"").replace(b"<TPX>", b'<TPX xmlns="%s">' % EXTENSION.encode())
    )
    assert faults(written) == []
    assert told in faults(written.replace(right, wrong, 1))[0]


def test_a_session_without_samples_can_be_written() -> None:
    for format_name in ("fit", "tcx"):
        after = again(ride(samples=None, laps=()), format_name)
        assert after.moving_s == pytest.approx(3000)
        assert after.distance_m == pytest.approx(30_000)


def test_a_gap_is_a_pause_only_where_there_was_one() -> None:
    assert [(pause.begins, pause.ends) for pause in pauses_of(ride())] == [(1199, 1800)]
    assert pauses_of(ride(moving_s=3600.0)) == [], "the recording was sparse"


def test_laps_cover_the_session_and_their_time_is_the_moving_time() -> None:
    laps = laps_of(ride(laps=(Lap(start_s=600, elapsed_s=300),)))
    assert [(lap.begins, lap.ends) for lap in laps] == [(0, 600), (600, 3600)]
    assert sum(lap.timer_s for lap in laps) == pytest.approx(3000)


def test_laps_that_are_longer_than_all_moving_share_out_no_more_than_there_is() -> None:
    assert b"<Calories>" in write_tcx(ride(moving_s=5e-324))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0.4, 500),
            st.one_of(st.just(np.nan), st.floats(-1e6, 1e6)),
            st.one_of(st.just(np.nan), st.floats(0, 1e5)),
        ),
        min_size=1,
        max_size=40,
    ),
    st.text(max_size=80),
    st.floats(0, 1),
    st.sampled_from(Sport),
)
def test_whatever_was_recorded_can_be_written_and_read(
    points: list[tuple[float, float, float]], text: str, moving: float, sport: Sport
) -> None:
    seconds = np.cumsum([step for step, _, _ in points])
    columns = {
        Channel.ALTITUDE_M: np.array([value for _, value, _ in points]),
        Channel.POWER_W: np.array([value for _, _, value in points]),
        Channel.HEART_RATE_BPM: np.array([value for _, _, value in points]),
        Channel.CADENCE_RPM: np.array([value for _, value, _ in points]),
        Channel.LATITUDE_DEG: np.clip([value for _, value, _ in points], -90, 90),
        Channel.LONGITUDE_DEG: np.clip([value for _, value, _ in points], -180, 180),
    }
    elapsed = float(seconds[-1])
    activity = ride(
        samples=Samples(seconds, columns), elapsed_s=elapsed, moving_s=elapsed * moving, laps=(),
        device=text, title=text, sport=sport, started_at=START + timedelta(milliseconds=345),
    )  # fmt: skip
    assert faults(write_tcx(activity)) == []
    for format_name in ("fit", "tcx"):
        after = again(activity, format_name)
        late_s = (activity.started_at - after.started_at).total_seconds()
        assert 0 <= late_s < (1 if format_name == "fit" else 0.001)


def test_the_same_bytes_every_time() -> None:
    for format_name in ("fit", "tcx"):
        assert PROVIDER.export(ride(), format_name) == PROVIDER.export(ride(), format_name)


@pytest.mark.parametrize("packed", [False, True])
def test_the_original_is_what_came_in(packed: bool) -> None:
    import gzip

    received = write_fit(ride())
    if packed:
        received = gzip.compress(received)
    (raw,) = PROVIDER.read_upload("mine.fit.gz" if packed else "mine.fit", io.BytesIO(received))
    original = PROVIDER.original(raw.documents)  # type: ignore[union-attr]
    assert original is not None
    assert original.content == received
    assert (original.media_type, original.suffix) == (
        ("application/gzip", ".fit.gz") if packed else ("application/vnd.ant.fit", ".fit")
    )
    assert PROVIDER.original([]) is None


@pytest.mark.slow
def test_real_recordings_come_back_the_same(recordings: Path, subtests: pytest.Subtests) -> None:
    for path in sorted(recordings.glob("*/**/*.fit")):
        with path.open("rb") as file:
            found = [raw for raw in PROVIDER.read_upload(path.name, file) if isinstance(raw, RawActivity)]
        for raw in found:
            with subtests.test(path.name):
                before = PROVIDER.translate(raw.documents)
                after = again(before, "fit")
                assert 0 <= (before.started_at - after.started_at).total_seconds() < 1
                assert after.sport is before.sport
                assert after.elapsed_s == pytest.approx(before.elapsed_s, abs=1)
                assert after.moving_s == pytest.approx(before.moving_s, abs=0.01)
                assert after.distance_m == pytest.approx(before.distance_m, abs=0.01)
                assert len(after.laps) == max(len({lap.start_s for lap in before.laps} | {0.0}), 1)
                if before.samples is None:
                    continue
                assert after.samples is not None
                assert len(after.samples) == len(before.samples)
                for channel, tolerance in TOLERANCE["fit"].items():
                    if (expected := before.samples.get(channel)) is not None:
                        found_again = after.samples.get(channel)
                        assert found_again is not None, channel
                        np.testing.assert_allclose(
                            found_again, expected, rtol=0, atol=tolerance * 1.001, err_msg=channel
                        )


def lap_rates(written: bytes) -> list[tuple[int | None, int | None]]:
    """The average and the highest heart rate of each lap, as they stand in a TCX file."""
    laps = written.decode().split("<Lap ")[1:]
    names = ("AverageHeartRateBpm", "MaximumHeartRateBpm")
    found = [[re.search(rf"<{name}><Value>(\d+)<", lap) for name in names] for lap in laps]
    return [(average and int(average[1]), highest and int(highest[1])) for average, highest in found]


def test_each_lap_has_heart_rates_of_its_own() -> None:
    activity = ride()
    samples = activity.samples
    assert samples is not None
    first, second = (
        samples.channels[Channel.HEART_RATE_BPM][part] for part in (slice(1000), slice(1000, None))
    )
    expected = [(round(np.nanmean(one)), round(np.nanmax(one))) for one in (first, second)]
    assert expected[0][1] < expected[1][0], "the second lap was the harder one"
    assert lap_rates(write_tcx(activity)) == expected
    assert lap_rates(write_tcx(ride(laps=()))) == [(140, 160)], "as the device says of the whole"
    channels = {**samples.channels, Channel.HEART_RATE_BPM: np.where(samples.seconds < 1000, np.nan, 150.0)}
    lost = ride(samples=Samples(samples.seconds, channels))
    assert lap_rates(write_tcx(lost)) == [(None, None), (150, 150)]
    assert lap_rates(write_tcx(ride(samples=None))) == [(None, None)] * 2
