"""Laps and the lengths of a pool: read from the file when they are asked for."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import numpy as np
import pytest

from tests.conftest import NOW
from training_analyzer.registry.registry import Registry, load_registry
from training_analyzer.sdk import (
    Activity,
    Channel,
    Lap,
    PoolLength,
    Samples,
    Sport,
    SupportsExport,
    SwimStroke,
)

SWIM = Activity(
    sport=Sport.SWIM,
    started_at=NOW - timedelta(days=1),
    elapsed_s=120,
    moving_s=95,
    distance_m=75,
    pool_length_m=25,
    laps=(Lap(start_s=0, elapsed_s=55, distance_m=50), Lap(start_s=55, elapsed_s=65, distance_m=25)),
    lengths=(
        PoolLength(start_s=0, elapsed_s=25, strokes=20, stroke=SwimStroke.FREESTYLE),
        PoolLength(start_s=25, elapsed_s=30, strokes=22, stroke=SwimStroke.BREASTSTROKE),
        PoolLength(start_s=55, elapsed_s=25, swum=False),
        PoolLength(start_s=80, elapsed_s=40, strokes=9, stroke=SwimStroke.DRILL),
    ),
    samples=Samples(np.array([25.0, 55.0, 120.0]), {Channel.DISTANCE_M: np.array([25.0, 50.0, 75.0])}),
)


@pytest.fixture
def registry() -> Registry:
    return load_registry(("files",), {})


def test_lengths_have_strokes_swolf_and_pace(
    ann: httpx.Client, registry: Registry, work_off: Callable[[], int]
) -> None:
    writer = registry.providers["files"]
    assert isinstance(writer, SupportsExport)
    ann.post("/uploads", files={"file": ("swim.fit", writer.export(SWIM, "fit").content)})
    work_off()
    (activity,) = ann.get("/activities").json()["items"]
    answer = ann.get(f"/activities/{activity['id']}/laps").json()
    assert [(one["start_s"], one["elapsed_s"], one["distance_m"]) for one in answer["laps"]] == [
        (0, 55, 50),
        (55, 65, 25),
    ]
    assert answer["pool_length_m"] == 25
    assert [
        (one["swum"], one["strokes"], one["stroke"], one["swolf"], one["pace_s_per_100m"])
        for one in answer["lengths"]
    ] == [
        (True, 20, "freestyle", 45, 100),
        (True, 22, "breaststroke", 52, 120),
        (False, None, "unknown", None, None),
        (True, 9, "drill", None, 160),
    ]
