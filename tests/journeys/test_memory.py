"""A recording of a whole day is decoded and measured in a process that stays small."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import zstandard

from benchmarks.sessions import session
from tests.architecture.documents import ROOT

DAY_S = 24 * 3600
MAY_TAKE_MB = 250


@pytest.mark.slow
def test_a_day_long_recording_fits_into_250_megabytes(tmp_path: Path) -> None:
    for document in session(DAY_S, day=date(2026, 6, 15)).documents:
        (tmp_path / f"{document.kind}.zst").write_bytes(zstandard.compress(document.body))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.day_long", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < MAY_TAKE_MB
