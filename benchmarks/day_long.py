"""Like a worker's child: decodes and measures a recording, and prints the peak of its memory in MB."""

import resource
import sys
from pathlib import Path

import zstandard

import training_analyzer.worker.handlers  # noqa: F401 - what a worker has loaded
from benchmarks.metrics import plan_of, registry
from benchmarks.sessions import ATHLETE
from training_analyzer.processing.plan import measure
from training_analyzer.sdk import RawDocument


def main() -> None:
    loaded = registry()
    documents = tuple(
        RawDocument(
            kind=path.stem, media_type="application/json", body=zstandard.decompress(path.read_bytes())
        )
        for path in sorted(Path(sys.argv[1]).iterdir())
    )
    activity = loaded.providers["strava"].translate(documents)
    assert not measure(plan_of(loaded), activity, ATHLETE).failures
    print(peak_mb())


def peak_mb() -> float:
    """Return the most memory that this program had. `getrusage` counts what its parent had before it, too."""
    status = Path("/proc/self/status")
    if status.exists():
        kilobytes = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(kilobytes.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
