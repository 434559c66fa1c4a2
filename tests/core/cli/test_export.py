"""`export`: an athlete's activities as files in a folder."""

import io
from pathlib import Path
from uuid import UUID

from tests.conftest import NOW, Deployment
from tests.core.cli.conftest import Run
from training_analyzer.processing import measuring
from training_analyzer.registry import load_registry
from training_analyzer.runtime import Runtime
from training_analyzer.sdk import Activity, RawActivity, Sport
from training_analyzer.storage import activities, athletes, recordings
from training_analyzer_files.provider import FilesProvider
from training_analyzer_files.settings import FilesSettings
from training_analyzer_files.writing.fit import write_fit

FILES = FilesProvider(FilesSettings())
PLUGINS = ("metrics_default", "files")


def file_of(minute: int) -> bytes:
    return write_fit(
        Activity(
            sport=Sport.RUN, started_at=NOW.replace(minute=minute), elapsed_s=60, moving_s=60, distance_m=200
        )
    )


def test_activities_are_written_into_a_folder(
    run: Run, configured: dict[str, str], deployment: Deployment, tmp_path: Path
) -> None:
    runtime = Runtime(deployment.settings(plugins=PLUGINS), registry=load_registry(PLUGINS, {}))
    with runtime.database.transaction() as tx:
        athlete_id = athletes.register(
            tx, email="ann@example.org", password_hash="-", name="Ann", sex=None, birth_year=None
        )
        for minute in (1, 11):
            (raw,) = FILES.read_upload("run.fit", io.BytesIO(file_of(minute)))
            assert isinstance(raw, RawActivity)
            recordings.receive(tx, athlete_id, None, "files", raw, now=NOW)
    providers = runtime.registry.providers
    with runtime.database.transaction(athlete_id) as tx:
        batch = measuring.choose(tx, athlete_id, runtime.plan, providers)
        assert measuring.measure_batch(tx, athlete_id, batch, runtime.plan, providers)
        first: UUID = activities.every_id(tx, athlete_id)[0]
    runtime.close()
    settings = {**configured, "PLUGINS": ",".join(PLUGINS)}
    said = run("export", "ann@example.org", "--into", str(tmp_path / "all"), **settings)
    assert (said.code, said.out) == (0, "")
    assert "2 of 2 activities are in" in said.err
    assert sorted(path.read_bytes() for path in (tmp_path / "all").iterdir()) == sorted(
        file_of(minute) for minute in (1, 11)
    )
    said = run(
        "export",
        "ann@example.org",
        "--activity",
        str(first),
        "--format",
        "tcx",
        "--into",
        str(tmp_path),
        **settings,
    )
    assert said.code == 0, said.err
    assert Path(said.out.strip()).read_bytes().startswith(b"<?xml")
    for number, code in (("1", 0), ("99", 1)):
        one = ("export", "ann@example.org", "--activity", str(first), "--into", str(tmp_path))
        assert run(*one, "--recording", number, **settings).code == code
    said = run("export", "ann@example.org", "--recording", "1", **settings)
    assert said.err.startswith("training-analyzer: --recording is one of an activity's")
    said = run("export", "ann@example.org", "--format", "gpx", "--into", str(tmp_path), **settings)
    assert said.code == 1
    assert said.err == "training-analyzer: No active plugin writes gpx. There is: original, fit, tcx.\n"
    assert run("export", "nobody@example.org", **settings).code == 1
