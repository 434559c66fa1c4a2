"""TCX and GPX, made for the case in question, and the attacks that XML knows."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from plugins.files.tests.made_files import START, gpx, moment, tcx, tcx_activity, track
from training_analyzer.sdk import Activity, BadData, BrokenRecord, Channel, Lap, RawActivity, Sport
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings

Translated = Callable[[bytes], Activity]
Read = Callable[[bytes, str], list[RawActivity | BrokenRecord]]


def test_a_run_in_tcx(translated: Translated) -> None:
    activity = translated(tcx())
    assert (activity.sport, activity.sport_name, activity.started_at) == (Sport.RUN, "Running", START)
    assert (activity.elapsed_s, activity.moving_s, activity.distance_m) == (9, 9, 27)
    assert activity.device == "A Watch"
    assert activity.laps == (Lap(start_s=0, elapsed_s=9, distance_m=27),)
    assert (activity.summary.average_heart_rate_bpm, activity.summary.max_heart_rate_bpm) == (139, 141)
    assert activity.summary.calories_kcal == 3
    assert activity.samples is not None
    assert {channel: readings[1] for channel, readings in activity.samples.channels.items()} == {
        Channel.LATITUDE_DEG: 47,
        Channel.LONGITUDE_DEG: 8.5,
        Channel.ALTITUDE_M: 430.5,
        Channel.DISTANCE_M: 3,
        Channel.HEART_RATE_BPM: 140,
        Channel.SPEED_MPS: 3,
        Channel.CADENCE_RPM: 85,
        Channel.POWER_W: 250,
    }


def test_a_run_in_gpx(translated: Translated) -> None:
    activity = translated(gpx())
    assert (activity.sport, activity.title, activity.started_at) == (Sport.RUN, "Früh, kalt", START)
    # One ten-thousandth of a degree of latitude is 11.12 m on a sphere of the earth's mean radius.
    assert activity.distance_m == pytest.approx(9 * 11.1195, rel=1e-4)
    assert activity.utc_offset_s == 3600
    assert activity.samples is not None
    readings = {channel: readings[0] for channel, readings in activity.samples.channels.items()}
    assert readings[Channel.POWER_W] == 250
    assert readings[Channel.HEART_RATE_BPM] == 140
    assert readings[Channel.CADENCE_RPM] == 85
    assert readings[Channel.TEMPERATURE_C] == 12


def test_a_long_step_is_a_pause(translated: Translated) -> None:
    activity = translated(gpx(track(seconds=[*range(10), *range(400, 410)])))
    assert activity.elapsed_s == 409
    assert activity.moving_s == 18


def test_each_activity_of_a_file_is_one(provider: FilesProvider) -> None:
    for content in (tcx(tcx_activity(), tcx_activity(900, "Biking")), gpx(track(), track(900, "cycling"))):
        found = list(provider.read_upload("two", io.BytesIO(content)))
        raw = [each for each in found if isinstance(each, RawActivity)]
        assert [each.started_at - START for each in raw] == [timedelta(0), timedelta(seconds=900)]
        assert [provider.translate(each.documents).sport for each in raw] == [Sport.RUN, Sport.RIDE]


def test_white_space_in_front_and_other_encodings_are_read(translated: Translated) -> None:
    plain = translated(tcx()).fingerprint()
    assert translated(b" " * 10 + tcx()).fingerprint() == plain
    text = tcx().decode().replace("UTF-8", "UTF-16")
    assert translated(text.encode("utf-16")).fingerprint() == plain
    assert translated(b"\xef\xbb\xbf" + tcx()).fingerprint() == plain
    assert translated(tcx() + bytes(100)).fingerprint() == plain, "what a device reserved and never used"
    assert translated(tcx().decode().encode("utf-16")).fingerprint() == plain, "its mark counts"
    for encoding in ("utf-8-sig", "utf-16"):
        reserved = (tcx().decode() + "\n\0\0").encode(encoding)
        assert translated(reserved).fingerprint() == plain, "zeros at the end are what a device never used"


@pytest.mark.parametrize("declared", [' encoding="UTF-8"', ' encoding="windows-1252"', ""])
def test_old_programs_wrote_letters_of_their_own(translated: Translated, declared: str) -> None:
    text = gpx().decode().replace(' encoding="UTF-8"', declared)
    assert translated(text.encode("windows-1252")).title == "Früh, kalt"


def test_an_activity_without_points_keeps_what_its_laps_say(translated: Translated) -> None:
    bare = re.sub(r"<Track>.*?</Track>", "", tcx().decode(), flags=re.DOTALL).encode()
    activity = translated(bare)
    assert (activity.started_at, activity.elapsed_s, activity.distance_m) == (START, 9, 27)
    assert activity.samples is None


def test_points_without_time_or_number_are_no_fault(translated: Translated) -> None:
    content = tcx().replace(b"<Value>140</Value>", b"<Value>x</Value>", 1)
    content = content.replace(
        b"<AltitudeMeters>430.5</AltitudeMeters>", b"<AltitudeMeters>inf</AltitudeMeters>"
    )
    content = content.replace(f"<Time>{moment(3)}</Time>".encode(), b"<Time>soon</Time>")
    samples = translated(content).samples
    assert samples is not None
    assert samples.seconds.tolist() == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert np.isnan(samples.channels[Channel.HEART_RATE_BPM][0])
    assert Channel.ALTITUDE_M not in samples.channels


def test_numbers_for_sports_are_stravas_alone(translated: Translated) -> None:
    assert translated(gpx(track(kind="16"), creator="StravaGPX Android")).sport is Sport.SWIM
    assert translated(gpx(track(kind="16"))).sport is Sport.OTHER


BOMB = '<!DOCTYPE gpx [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in ("ab", "bc", "cd", "de", "ef", "fg", "gh")
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gpx(before=BOMB + "]>").replace(b"Fr", b"&h;Fr"), "document type or entities"),
        (gpx(before='<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "document type or entities"),
        (gpx(before='<!DOCTYPE gpx SYSTEM "http://127.0.0.1:9/x.dtd">'), "document type or entities"),
        (gpx().replace("Früh".encode(), b"&auml;"), "XML is broken: undefined entity"),
        (tcx()[:-30], "cut off"),
        (tcx()[:300], "cut off"),
        (tcx().replace(b"<Lap ", b"<Lap <"), "XML is broken"),
        (gpx(f"<trk>{'<a>' * 100}{'</a>' * 100}</trk>"), "nested deeper"),
        (gpx().replace(b"UTF-8", b"shift_jis"), "encoding"),
        (gpx("<trk><trkseg><trkpt lat='1' lon='2'></trkpt></trkseg></trk>"), "holds a route"),
        (gpx().replace(b"2026-", b"1985-"), "clock was not set"),
        (gpx("<rte><rtept lat='1' lon='2'></rtept></rte>"), "holds a route"),
        (tcx("</Activities><Courses><Course><Name>A</Name></Course></Courses><Activities>"), "a course"),
    ],
)
def test_what_is_wrong_is_said(read: Read, content: bytes, said: str) -> None:
    (found,) = read(content, "a file")
    assert isinstance(found, BrokenRecord), found
    assert said in found.reason


def test_too_many_points_meet_a_limit() -> None:
    few = FilesProvider(FilesSettings(max_points=5))
    for content in (tcx(), gpx()):
        (found,) = few.read_upload("long", io.BytesIO(content))
        assert isinstance(found, BrokenRecord)
        assert "more than 5 points" in found.reason


def test_a_clock_that_jumps_is_bad_data(translated: Translated) -> None:
    with pytest.raises(BadData, match="clock jumped"):
        translated(gpx(track(seconds=[*range(10), *range(-500, -490)])))
    with pytest.raises(BadData, match="clock jumped"):
        translated(gpx(track(seconds=[*range(10), 10**8, 10**8 + 1])))
