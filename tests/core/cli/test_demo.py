"""`demo --serve --fresh`: what it may not remove. How it plays is in `tests/journeys`."""

from pathlib import Path

from tests.core.cli.conftest import Run
from training_analyzer.embedded import directory


def test_data_in_use_is_not_forgotten(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "demo" / "seed-1"
    kept = data / directory.CLUSTER / "year"
    kept.parent.mkdir(parents=True)
    kept.write_text("of training")
    lock = directory.hold(data)
    refused = run("demo", "--serve", "--fresh", DATA_DIRECTORY=str(tmp_path))
    lock.close()
    assert refused.code == 1
    assert f"{data} is in use" in refused.err
    assert kept.read_text() == "of training"
