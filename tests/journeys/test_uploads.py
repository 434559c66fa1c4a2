"""Files from the hand-over to the numbers, with the real plugins: real recordings, and a made-up export."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from benchmarks.strava_export import made, write
from plugins.files.tests.made_files import gpx
from tests.conftest import Deployment
from tests.core.cli.conftest import Run, run
from tests.waiting import PATIENCE_S, until
from training_analyzer.registry.registry import Registry, load_registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import BadData, RawActivity
from training_analyzer.settings import PREFIX
from training_analyzer_files.fit.structure import sequence

ROOT: Final = Path(__file__).parents[2]
DATA: Final = ROOT.parent / "shared" / "data"
PLUGINS: Final = "metrics_default,files"
SPORTS: Final = {
    "cycling": "ride",
    "running": "run",
    "swimming": "swim",
    "rowing": "row",
    "training": "strength",
    "generic": "other",
    "transition": "other",
}
CHANNELS: Final = {
    "heart_rate": "heart_rate_bpm",
    "power": "power_w",
    "cadence": "cadence_rpm",
    "distance": "distance_m",
    "enhanced_speed": "speed_mps",
    "enhanced_altitude": "altitude_m",
    "position_lat": "latitude_deg",
    "temperature": "temperature_c",
}

assert run is not None  # a fixture


@pytest.fixture
def registry() -> Registry:
    return load_registry(tuple(PLUGINS.split(",")), {})


@pytest.fixture
def environment(deployment: Deployment) -> dict[str, str]:
    return {
        "DATABASE_URL": deployment.database_url,
        "REDIS_URL": deployment.redis_url,
        "SECRET_KEYS": "main:" + "A" * 43 + "=",
        "PLUGINS": PLUGINS,
    }


@pytest.fixture
def ask(runtime: Runtime, athlete_id: UUID) -> Callable[[str], list[Any]]:
    def asked(query: str) -> list[Any]:
        with runtime.database.transaction(athlete_id) as tx:
            return list(tx.execute(text(query)))

    return asked


def hand_over(run: Run, environment: dict[str, str], *paths: Path, code: int = 0) -> dict[str, Any]:
    said = run("upload", *map(str, paths), "-a", "athlete@example.org", "--json", "--no-wait", **environment)
    assert said.code == code, said.err
    report: dict[str, Any] = json.loads(said.out)
    return report


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real recordings, ../shared/data, is absent")
def test_real_recordings_come_in_as_their_devices_say(
    *,
    run: Run,
    environment: dict[str, str],
    work_off: Callable[[], int],
    ask: Callable[[str], list[Any]],
    subtests: pytest.Subtests,
) -> None:
    hand_over(run, environment, DATA)
    work_off()
    refused = [name for (name,) in ask("SELECT name FROM upload_results WHERE outcome = 'refused'")]
    assert refused == []
    oracle: dict[str, Any] = json.loads((DATA / "fit_session_oracle.json").read_text())
    rows = ask("""
        SELECT u.name, r.id, r.outline, r.begins, a.id AS activity_id, a.leading_id, a.sport, a.started_at,
               a.elapsed_s, a.moving_s, a.distance_m, a.ascent_m, a.reported, np.value AS normalized_power_w, np.reason
        FROM upload_results u JOIN recordings r ON r.id = u.recording_id
        JOIN activities a ON a.id = r.activity_id
        LEFT JOIN measurements np
            ON np.activity_id = a.id AND np.key = 'metrics_default.normalized_power'
        ORDER BY u.id
    """)
    with_power = 0
    for name, expected in oracle.items():
        found = [row for row in rows if row.name == name]
        with subtests.test(name):
            assert len(found) == len(expected["sessions"])
            for row, said in zip(found, expected["sessions"], strict=True):
                if row.leading_id != row.id:
                    continue  # another recording of the same ride leads: the numbers are of that one
                assert row.sport == SPORTS[said["sport"]]
                assert row.started_at.isoformat(" ") == said["start_time"]
                assert row.elapsed_s == pytest.approx(said["total_elapsed_time"], abs=1)
                assert row.distance_m == pytest.approx(said.get("total_distance"), abs=0.01)
                assert row.reported.get("normalized_power_w") == said.get("normalized_power")
                if len(found) == 1:
                    wanted = {CHANNELS[one] for one in expected["channels"] if one in CHANNELS}
                    assert wanted <= set(row.outline["channels"]) | {"latitude_deg"}
                if said.get("normalized_power") and row.outline["active_s"] >= 20 * 60:
                    with_power += 1
                    assert row.normalized_power_w == pytest.approx(said["normalized_power"], rel=0.008)
    assert with_power >= 3
    one = {row.activity_id for row in rows if row.name.endswith(("sloatsburg.fit", "sloatsburg.tcx"))}
    assert len(one) == 1, "the same run as FIT and as TCX is one activity"
    elevate: dict[str, Any] = json.loads((DATA / "elevate" / "elevate_expected.json").read_text())["files"]
    for path, expected in elevate.items():
        said = expected["tests"][0]["source_file_stats"] | expected["tests"][0]["computed"]
        found = [row for row in rows if row.name.endswith("/" + path.split("/")[1])]
        with subtests.test(path):
            assert found
            assert found[0].sport == {"cycling": "ride", "running": "run", "swimming": "swim"}.get(
                path.split("/")[0], found[0].sport
            )
            if "distance" in said:
                assert found[0].distance_m == pytest.approx(float(said["distance"]), rel=0.01)
            for what, written in expected["tests"][0]["source_file_stats"].items():
                if what in OF_ELEVATE and (path, what) not in NOT_IN_THE_FILE:
                    assert OF_ELEVATE[what](found[0]) == pytest.approx(_number(written), rel=0.01), what


OF_ELEVATE: Final[dict[str, Callable[[Any], float]]] = {
    "elapsedTime": lambda row: row.elapsed_s,
    "movingTime": lambda row: row.moving_s,
    "elevationGain": lambda row: row.ascent_m,
    "speed.avg": lambda row: row.distance_m / row.moving_s * 3.6,
    "pace.avg": lambda row: row.moving_s / row.distance_m * (100 if row.sport == "swim" else 1000),
    "calories": lambda row: row.reported["calories_kcal"],
    "power.work": lambda row: row.reported["work_kj"],
    "scores.stress.trainingEffect.aerobic": lambda row: row.reported["aerobic_training_effect"],
    "scores.stress.trainingEffect.anaerobic": lambda row: row.reported["anaerobic_training_effect"],
}
"""What Elevate found stated in the files, by its names."""
NOT_IN_THE_FILE: Final = {
    # Elevate leaves out standing still by a rule of its own; the devices did not.
    *((path, "movingTime") for path in ("running/sloatsburg.fit", "running/portland.fit")),
    *(("running/sloatsburg.tcx", what) for what in ("movingTime", "elevationGain", "pace.avg")),
    *(("swimming/open-water-swim.gpx", what) for what in ("movingTime", "pace.avg")),
    ("running/treadmill.fit", "power.work"),  # computed by Elevate: there is no power in it
}


def _number(written: str) -> float:
    """Return a number, or the seconds of a time."""
    total = 0.0
    for part in written.split(":"):
        total = total * 60 + float(part)
    return total


WORKER: Final = """
import sys
from training_analyzer.runtime import Runtime
from training_analyzer.storage import work
from training_analyzer.worker.run import work_on
runtime = Runtime.read()
while True:
    with runtime.database.transaction() as tx:
        due = [unit for priority in ("high", "low")
               for unit in work.ring(tx, priority, now=runtime.now(), room=10, patience_s=0)]
    for unit in due:
        work_on(runtime, unit, lease_s=1.0)
        print("unit", flush=True)
    if not due and sys.argv[1:]:
        break
"""


@pytest.mark.usefixtures("athlete_id")
def test_nobody_waits_for_what_was_given_up(
    *,
    run: Run,
    environment: dict[str, str],
    runtime: Runtime,
    work_off: Callable[[], int],
    tmp_path: Path,
) -> None:
    ride = tmp_path / "ride.gpx"
    ride.write_bytes(gpx())
    hand_over(run, environment, ride)
    with runtime.database.transaction() as tx:
        tx.execute(text("UPDATE work SET state = 'parked', last_error = 'OSError' WHERE kind = 'upload'"))
    again = "upload", str(ride), "-a", "athlete@example.org", "--json"
    said = run(*again, **environment)
    assert (said.code, json.loads(said.out)["given_up"]) == (1, ["OSError"])
    assert run("retry", "athlete@example.org", **environment).code == 0
    work_off()
    said = run(*again, **environment)
    assert (said.code, json.loads(said.out)["handed_over_before"]) == (0, 1)


@pytest.mark.slow
def test_an_export_of_strava_survives_kills_and_lists_what_is_broken(
    *,
    run: Run,
    environment: dict[str, str],
    ask: Callable[[str], list[Any]],
    tmp_path: Path,
) -> None:
    export = tmp_path / "export.zip"
    listed = write(export, 80, minutes=2)
    broken = [one for one in listed if one.broken]
    report = hand_over(run, environment, export)
    assert not report["done"]
    variables = os.environ | {f"{PREFIX}{name}": value for name, value in environment.items()}
    deadline = time.monotonic() + PATIENCE_S
    kills = 0
    while ask("SELECT state FROM uploads") != [("done",)] and time.monotonic() < deadline:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER], env=variables, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        before = ask("SELECT count(*) FROM upload_results")
        while (
            ask("SELECT count(*) FROM upload_results") == before
            and ask("SELECT state FROM uploads") != [("done",)]
            and time.monotonic() < deadline
        ):
            time.sleep(0.02)
        time.sleep(0.05 * kills)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        kills += 1
        time.sleep(1.2)  # the lease of the one that died
    assert ask("SELECT state FROM uploads") == [("done",)]
    assert kills > 1
    results = ask("SELECT name, outcome, reason FROM upload_results ORDER BY id")
    assert len({row.name for row in results}) == len(results) == len(listed), "each once"
    reasons = {row.name: row.reason for row in results if row.outcome == "refused"}
    assert set(reasons) == {one.name for one in broken}
    for one in broken:
        assert one.broken.lower() in reasons[one.name].lower()

    def all_measured() -> bool:
        subprocess.run([sys.executable, "-c", WORKER, "to the end"], env=variables, cwd=ROOT, check=True)
        return (
            ask("SELECT 1 FROM work WHERE state = 'owed' AND kind = 'measure' AND not_before <= now()") == []
        )

    until(all_measured, "what was read is not measured")
    assert ask("SELECT count(*) FROM activities") == [(len(listed) - len(broken),)]
    assert ask("SELECT count(*) FROM upload_pieces") == [(0,)]
    titles = {title for (title,) in ask("SELECT title FROM activities")}
    assert titles == {f"Session {one.number}" for one in listed if not one.broken}
    again = run("upload", str(export), "-a", "athlete@example.org", "--no-wait", **environment)
    assert again.code == 0
    assert "handed over before" in again.out


MUTATED: Final = [one.content for one in made(3, minutes=1)]


@given(st.sampled_from(MUTATED), st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_mutated_recordings_are_read_or_refused(
    registry: Registry, content: bytes, data: st.DataObject
) -> None:
    """Whatever a file holds, it is an activity or has a reason: nothing else is raised."""
    plain = bytearray(gzip.decompress(content))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(plain) - 1))
        plain[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        plain = bytearray(sequence(bytes(plain[14:-2])))  # with checksums that are right again
    provider = registry.providers["files"]
    for record in provider.read_upload("a.fit", io.BytesIO(bytes(plain))):  # type: ignore[attr-defined]
        if isinstance(record, RawActivity):
            try:
                provider.translate(record.documents)
            except BadData as error:
                raise AssertionError("what is read can be translated") from error
        else:
            assert record.reason


EDITS: Final = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=40)
MUTATION: Final = st.tuples(st.integers(0, len(MUTATED) - 1), EDITS, st.booleans())


@pytest.mark.slow
@given(mutations=st.lists(MUTATION, min_size=15, max_size=15))
@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # to make a failing example smaller would take minutes
)
def test_mutated_recordings_are_stored_and_measured_or_refused(
    *,
    run: Run,
    environment: dict[str, str],
    work_off: Callable[[], int],
    ask: Callable[[str], list[Any]],
    tmp_path: Path,
    mutations: list[tuple[int, list[tuple[float, int]], bool]],
) -> None:
    """Whatever a recording holds that can be read, its numbers come out of it: nothing is given up."""
    export = tmp_path / f"{uuid4()}.zip"
    with zipfile.ZipFile(export, "w") as archive:
        for number, (which, edits, is_repaired) in enumerate(mutations):
            plain = bytearray(gzip.decompress(MUTATED[which]))
            for place, value in edits:
                plain[int(place * (len(plain) - 1))] = value
            # With checksums that are right again, what was changed reaches the numbers.
            content = sequence(bytes(plain[14:-2])) if is_repaired else bytes(plain)
            archive.writestr(f"{number}.fit", content)
    (upload_id,) = hand_over(run, environment, export)["uploads"]
    work_off()
    found = ask(f"SELECT name, outcome, reason FROM upload_results WHERE upload_id = '{upload_id}'")
    assert {row.name for row in found} == {f"{number}.fit" for number in range(len(mutations))}
    assert all(row.reason for row in found if row.outcome == "refused")
    assert [row for row in found if "could not be read:" in (row.reason or "")] == [], "a bug of the plugin"
    assert ask("SELECT external_id, problem FROM recordings WHERE problem IS NOT NULL") == []
    assert ask("SELECT kind, last_error FROM work WHERE state = 'parked' OR failures > 0") == []
    assert ask("SELECT key FROM measurements WHERE reason = 'calculator_failed'") == []
