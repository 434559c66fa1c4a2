"""
Ours beside each peer: the same clean streams, the same durations, in the same run.

Each peer is installed into a throw-away environment by the ordinary client, never into ours. One
that cannot be installed is named, and the others go on.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.sessions import ATHLETE, session
from training_analyzer.sdk import Column, Sex
from training_analyzer_metrics_default.cleaning import Grid
from training_analyzer_metrics_default.critical_power import most_spent_integral
from training_analyzer_metrics_default.curves import mean_maximal
from training_analyzer_metrics_default.efficiency import drift_of, halves_of
from training_analyzer_metrics_default.filters import exponential_average, rolling_sums
from training_analyzer_metrics_default.heart_rate import BANISTER, Reserve
from training_analyzer_metrics_default.normalizing import normalized
from training_analyzer_metrics_default.power_response import xpower_w
from training_analyzer_metrics_default.zones import COGGAN, bounds_of, seconds_between

ASKED: Final = Path(__file__).with_name("asked.py")
PEERS: Final[Mapping[str, tuple[str, ...]]] = {
    # Its wheel of 2022 does not import with the numpy and pandas of today.
    "sweat": ("sweat==0.25.0", "numpy<2", "pandas<2", "setuptools<81"),
    "chironpy": ("chironpy==0.30.2",),
    # These two need no numpy; what asks them does, to read the streams.
    "endurance-metrics": ("endurance-metrics==0.1.0", "numpy"),
    "fitdocs": ("fitdocs==0.2.0", "numpy"),
    "igpsport-mcp": ("igpsport-mcp==0.7.1",),
}
PATIENCE_S: Final = 600
SECONDS: Final = 4 * 3600
SHORT_S: Final = (5, 60, 300, 1200, 3600)
FITDOCS_S: Final = (1, 5, 10, 15, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 720, 900, 1200,
                    1800, 2400, 2700, 3600, 5400, 7200, 9000, 10_800, 14_400)  # fmt: skip
CURVES: Final = "curve"
ROUNDS: Final = 15
ENOUGH_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Row:
    """A metric that both compute."""

    peer: str
    metric: str
    ours_ms: float
    theirs_ms: float
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Unasked:
    """A peer that could not be installed or asked, and why."""

    peer: str
    why: str


def compare_peers(folder: Path | None = None) -> Iterator[Row | Unasked]:
    """Yield a row for each metric that a peer and we compute. `folder`: keep the environments there."""
    with tempfile.TemporaryDirectory() as temporary:
        kept = folder or Path(temporary)
        streams = _streams()
        path = Path(temporary) / "streams.npz"
        np.savez(path, allow_pickle=False, **streams)
        ours = _ours(streams)
        for peer, requirements in PEERS.items():
            yield from _compared(peer, requirements, kept / peer, path, ours)


def _compared(
    peer: str,
    requirements: tuple[str, ...],
    folder: Path,
    streams: Path,
    ours: Mapping[str, Callable[[], Any]],
) -> Iterator[Row | Unasked]:
    try:
        python = _installed(folder, requirements)
        answer = subprocess.run(
            [python, ASKED, peer, streams], capture_output=True, text=True, check=True, timeout=PATIENCE_S
        )
    except (subprocess.SubprocessError, OSError) as error:
        yield Unasked(peer, _why(error))
        return
    for metric, found in json.loads(answer.stdout).items():
        if "error" in found:
            yield Unasked(peer, f"{metric}: {found['error']}")
            continue
        value, ms = _timed(ours[metric])
        yield Row(peer, metric, ms, found["ms"], _short(value), _short(found["value"]))


def _installed(folder: Path, requirements: tuple[str, ...]) -> Path:
    python, complete = folder / "bin" / "python", folder / "complete"
    if not complete.exists():  # an installation may have been cut off
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=PATIENCE_S)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements],
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        complete.touch()
    return python


def _why(error: Exception) -> str:
    said = getattr(error, "stderr", None) or str(error)
    lines = [line for line in str(said).splitlines() if line.strip()]
    return lines[-1][:200] if lines else type(error).__name__


def _streams() -> dict[str, Column]:
    ride = session(SECONDS, day=date(2026, 6, 15))
    generator = np.random.default_rng(2)
    loads = np.where(generator.random(365) < 0.6, generator.uniform(30, 120, 365), 0.0)
    return {
        "power": ride.power_w,
        "heart_rate": ride.heart_rate_bpm,
        "speed": ride.speed_mps,
        "loads": loads,
    }


def _ours(streams: Mapping[str, Column]) -> dict[str, Callable[[], Any]]:
    power, heart_rate, loads = streams["power"], streams["heart_rate"], streams["loads"]
    month = loads[-28:]
    stretch = np.zeros(power.size, dtype=np.intp)
    grid = Grid(
        moment_s=np.arange(float(power.size)), stretch=stretch, power_w=power, heart_rate_bpm=heart_rate
    )
    known = ATHLETE.thresholds
    critical_w, capacity_j = known.critical_power_w or 0.0, known.anaerobic_capacity_j or 0.0
    threshold_w = known.functional_threshold_power_w or 0.0
    reserve = Reserve(known.resting_heart_rate_bpm or 0.0, known.max_heart_rate_bpm or 0.0)
    factor, exponent = BANISTER[Sex.MALE]  # fitdocs's default

    def trimp() -> float:
        share = reserve.share(heart_rate)
        return float(np.sum(share * np.exp(exponent * share))) * factor / 60

    def curve(durations_s: tuple[int, ...]) -> list[float]:
        return list(mean_maximal(power, stretch, np.array(durations_s)).means)

    def every_duration() -> list[float]:
        means = mean_maximal(power, stretch, np.arange(1, power.size + 1)).means
        return [means[seconds - 1] for seconds in SHORT_S]

    def load_ratio() -> float:
        week, four_weeks = rolling_sums(month, (7, 28))
        return float(week[-1] / 7 / (four_weeks[-1] / 28))

    return {
        "normalized power": lambda: normalized(power, stretch),
        "xPower": lambda: xpower_w(power),
        "time in power zones": lambda: seconds_between(bounds_of(COGGAN, threshold_w), power),
        "work": lambda: float(np.nansum(power)) / 1000,
        "TRIMP": trimp,
        "W'bal, integral": lambda: (capacity_j - most_spent_integral(power - critical_w, grid)) / 1000,
        "decoupling by normalized power": lambda: drift_of(halves_of(grid, power, heart_rate), normalized),
        "curve, every duration": every_duration,
        "curve, 20 min of it": lambda: curve((1200,)),
        "curve, five durations": lambda: curve(SHORT_S),
        "curve, its durations": lambda: curve(FITDOCS_S),
        "load ratio of 28 days": load_ratio,
        "fitness of a year": lambda: float(exponential_average(loads, -np.expm1(-1 / 42))[-1]),
    }


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call makes, and the least that it took of several rounds: theirs is measured alike."""
    value = call()
    times: list[float] = []
    while len(times) < ROUNDS and sum(times) < 1000 * ENOUGH_S:
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1000)
    return value, min(times)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, list):
        numbers = [number[1] if isinstance(number, list) else number for number in value]
        shown = " ".join(f"{number:.4g}" for number in numbers[:4])
        return shown + (" …" if len(numbers) > 4 else "")
    return f"{value:.2f}" if isinstance(value, float) else str(value)
