"""The local Strava as a demonstration gets it, and the plugin around all of it."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from training_analyzer.sdk import (
    DemoOptions,
    DemoStandIn,
    PluginError,
    Sex,
    SupportsOAuth,
    Window,
)
from training_analyzer_strava.demo import recorded_athlete
from training_analyzer_strava.plugin import StravaPlugin
from training_analyzer_strava.provider import StravaProvider
from training_analyzer_strava.settings import StravaSettings

if TYPE_CHECKING:
    from plugins.strava.tests.conftest import Connect


def test_the_plugin_offers_one_provider() -> None:
    plugin = StravaPlugin(StravaSettings.model_validate({"client_id": 7, "client_secret": "x"}))
    [provider] = plugin.register_providers()
    assert isinstance(provider, SupportsOAuth)
    assert provider.info.name == "strava"
    assert provider.quota_rules().scope == "strava:7"


def test_stravas_terms_are_declared_truthfully() -> None:
    rights = StravaProvider.info.rights
    assert (rights.ai, rights.share, rights.combine) == (False, False, False)
    assert (rights.retention_days, rights.erase_within_days) == (7, 30)
    assert rights.attribution == "Powered by Strava"
    assert rights.terms_url.startswith("https://www.strava.com/")


def test_the_made_up_athlete(local: DemoStandIn) -> None:
    assert "not the real service" in local.description
    assert local.synthetic
    assert local.as_of is None
    assert local.athlete is not None
    assert local.athlete.thresholds.functional_threshold_power_w == 260
    assert local.athlete.thresholds.max_heart_rate_bpm == 186


def test_requests_are_counted_by_purpose(
    local: DemoStandIn, local_provider: StravaProvider, connect: "Connect"
) -> None:
    before = local.requests()
    account = connect(local, local_provider)
    now = datetime.now(UTC)
    local_provider.list_activities(account, Window(since=now - timedelta(days=1), until=now), None)
    after = local.requests()
    assert after["token"] == before.get("token", 0) + 1
    assert after["list"] == before.get("list", 0) + 1


def test_recorded_answers_arrive_byte_for_byte(recordings: Path, connect: "Connect") -> None:
    folder = recordings / "strava-ruby-client"
    everything = (folder / "athlete_activities_all_pages.json").read_bytes()
    with StravaPlugin.demo(DemoOptions(recorded=folder)) as stand_in:
        assert not stand_in.synthetic
        assert stand_in.as_of is not None
        assert stand_in.athlete is not None
        assert stand_in.athlete.sex is Sex.MALE
        assert stand_in.athlete.thresholds.heart_rate_zones_bpm == (111, 139, 152, 166)
        assert stand_in.athlete.thresholds.power_zones_w is None
        provider = StravaProvider(StravaSettings.model_validate(dict(stand_in.settings)))
        account = connect(stand_in, provider)
        year = Window(since=stand_in.as_of - timedelta(days=365), until=stand_in.as_of)
        first = provider.list_activities(account, year, None)
        last = provider.list_activities(account, year, first.next_cursor)
        assert len(first.activities) == 186
        # Pages follow by time: the last one holds the oldest second once more, and nothing new.
        known = {activity.external_id for activity in first.activities}
        assert {activity.external_id for activity in last.activities} <= known
        assert last.next_cursor is None
        assert all(activity.documents[0].body in everything for activity in first.activities)
        assert stand_in.requests()["list"] == 2


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with (
        pytest.raises(PluginError, match="holds no recorded answers"),
        StravaPlugin.demo(DemoOptions(recorded=tmp_path)),
    ):
        pass


def test_what_a_profile_leaves_open_stays_open() -> None:
    athlete = recorded_athlete({"sex": None, "ftp": None, "weight": 0}, {})
    assert athlete.sex is None
    assert athlete.thresholds.model_dump(exclude_none=True) == {}


def test_without_its_extra_the_demo_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['starlette'] = None; sys.modules['uvicorn'] = None\n"
        "from training_analyzer.sdk import DemoOptions, PluginError\n"
        "from training_analyzer_strava.plugin import StravaPlugin\n"
        "try:\n"
        "    StravaPlugin.demo(DemoOptions()).__enter__()\n"
        "except PluginError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'training-analyzer-strava[simulator]'" in done.stdout


def test_the_plugin_loads_without_the_simulator() -> None:
    program = (
        "import sys, training_analyzer_strava.plugin\n"
        "print([name for name in ('starlette', 'uvicorn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
