"""
Runs inside a peer's environment, which has none of ours: times what the peer makes of clean streams.

`python asked.py PEER STREAMS.npz` prints, as JSON, the milliseconds and the value of each metric.
"""

# mypy: disable-error-code="import-not-found, import-untyped, no-any-return"
import json
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

ROUNDS = 15
ENOUGH_S = 3.0
FTP_W, CP_W, CAPACITY_J, REST_BPM, MAX_BPM = 250.0, 245.0, 18_000.0, 48, 186
SHORT_S = (5, 60, 300, 1200, 3600)
Calls = dict[str, Callable[[], Any]]


def sweat_like(library: Any, streams: dict[str, Any]) -> Calls:
    from importlib import import_module

    core = import_module(f"{library}.metrics.core")
    balance = import_module(f"{library}.pdm.w_prime_balance")
    power = streams["power"]
    return {
        "normalized power": lambda: core.weighted_average_power(power),
        "xPower": lambda: core.weighted_average_power(power, algorithm="xPower"),
        "time in power zones": lambda: core.time_in_zones(power, ftp=FTP_W).tolist(),
        "W'bal, integral": lambda: (
            float(balance.w_prime_balance(power, CP_W, CAPACITY_J, algorithm="waterworth").min()) / 1000
        ),
        "curve, every duration": lambda: core.mean_max(power),
        "curve, 20 min of it": lambda: core.best_interval(power, 1200),
    }


def endurance_metrics(streams: dict[str, Any]) -> Calls:
    from endurance_metrics.decoupling import calculate_decoupling, compute_normalized_power
    from endurance_metrics.workload import compute_training_load

    power, heart_rate = streams["power"].tolist(), streams["heart_rate"].tolist()
    today = date.today()  # noqa: DTZ011 - it asks for the same itself
    days = [
        {"date": (today - timedelta(days=27 - day)).isoformat(), "load": load}
        for day, load in enumerate(streams["loads"][-28:].tolist())
    ]
    return {
        "normalized power": lambda: compute_normalized_power(power),
        "decoupling by normalized power": lambda: calculate_decoupling(power, heart_rate),
        "load ratio of 28 days": lambda: compute_training_load(days)["acwr"],
    }


def fitdocs(streams: dict[str, Any]) -> Calls:
    from fitdocs.metrics import sources
    from fitdocs.metrics.mean_max import MeanMaxChannel, mean_max_curve
    from fitdocs.metrics.power import normalized_power
    from fitdocs.metrics.stress import trimp
    from fitdocs.metrics.types import ZoneSpec
    from fitdocs.metrics.zones import time_in_zone
    from fitdocs.model import Samples

    size = streams["power"].size
    nothing = (None,) * size
    samples = Samples(
        time_s=tuple(map(float, range(size))),
        heart_rate_bpm=tuple(streams["heart_rate"].astype(int).tolist()),
        power_w=tuple(streams["power"].astype(int).tolist()),
        speed_mps=tuple(streams["speed"].tolist()),
        **dict.fromkeys(
            (
                "cadence_rpm",
                "distance_m",
                "altitude_m",
                "latitude_deg",
                "longitude_deg",
                "temperature_c",
            ),
            nothing,
        ),
    )
    zones = ZoneSpec(tuple(share * FTP_W for share in (0.55, 0.75, 0.90, 1.05, 1.20, 1.50)))
    weighting = sources.weighting_for(None)
    return {
        "normalized power": lambda: normalized_power(samples),
        "time in power zones": lambda: list(time_in_zone(samples.power_w, samples.time_s, zones)),
        "TRIMP": lambda: trimp(samples, REST_BPM, MAX_BPM, weighting).value,
        "curve, its durations": lambda: [
            (point.duration_s, point.value) for point in mean_max_curve(samples, MeanMaxChannel.POWER)
        ],
    }


def igpsport_mcp(streams: dict[str, Any]) -> Calls:
    import pandas as pd
    from igpsport_mcp.analysis import load, power, thresholds

    watts = streams["power"]
    days = pd.Series(
        streams["loads"], index=pd.date_range("2026-01-01", periods=streams["loads"].size, freq="D")
    )
    return {
        "normalized power": lambda: power.normalized_power(watts),
        "work": lambda: power.work_kj(watts),
        "time in power zones": lambda: list(power.power_zone_seconds(watts, FTP_W).values()),
        "curve, five durations": lambda: list(
            thresholds._mean_max(watts, SHORT_S).values()  # noqa: SLF001 - it has no other
        ),
        "fitness of a year": lambda: float(load.compute_load(days)["ctl"].iloc[-1]),
    }


def main() -> None:
    peer, path = sys.argv[1:]
    streams = dict(np.load(path))
    calls = {
        "sweat": lambda: sweat_like("sweat", streams),
        "chironpy": lambda: sweat_like("chironpy", streams),
        "endurance-metrics": lambda: endurance_metrics(streams),
        "fitdocs": lambda: fitdocs(streams),
        "igpsport-mcp": lambda: igpsport_mcp(streams),
    }[peer]()
    found: dict[str, Any] = {}
    for name, call in calls.items():
        try:
            value = call()
            times: list[float] = []
            while len(times) < ROUNDS and sum(times) < 1000 * ENOUGH_S:
                begun = time.perf_counter()
                call()
                times.append((time.perf_counter() - begun) * 1000)
            found[name] = {"ms": min(times), "value": _plain(value)}
        except Exception as error:  # noqa: BLE001 - the others go on
            found[name] = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(found))


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        # Of a curve, what can be set beside ours.
        return [float(value[min(second, value.size) - 1]) for second in SHORT_S]
    if isinstance(value, np.generic):
        return value.item()
    return value


if __name__ == "__main__":
    main()
