"""`sync` and `webhooks`: what they need, what they say, and what they do."""

import json

from tests.core.cli.conftest import Run
from training_analyzer_strava.simulator.clock import system_clock
from training_analyzer_strava.simulator.generated import generated_world
from training_analyzer_strava.simulator.serving import running_simulator
from training_analyzer_strava.simulator.settings import Settings

STRAVA = {"PLUGINS": "strava", "PLUGIN__STRAVA__CLIENT_ID": "7", "PLUGIN__STRAVA__CLIENT_SECRET": "s3cret"}


def test_subscribing_says_what_to_set_first(run: Run, configured: dict[str, str]) -> None:
    said = run("webhooks", "subscribe", "strava", **configured, **STRAVA)
    assert said.code == 1
    assert "TRAINING_ANALYZER_PUBLIC_URL" in said.err
    said = run("webhooks", "subscribe", "strava", **configured, **STRAVA, PUBLIC_URL="https://t.example")
    assert said.code == 1
    assert "TRAINING_ANALYZER_WEBHOOK_SECRET" in said.err
    assert "such as" in said.err
    said = run(
        "webhooks",
        "subscribe",
        "nobody",
        **configured,
        PUBLIC_URL="https://t.example",
        WEBHOOK_SECRET="x" * 16,
    )
    assert said.code == 1
    assert "nobody" in said.err


def test_what_strava_does_not_reach_is_told_and_nothing_is_subscribed(
    run: Run, configured: dict[str, str]
) -> None:
    with running_simulator(
        generated_world(1, system_clock()), Settings(client_id=7, client_secret="s3cret")
    ) as strava:
        at = {
            **configured,
            **STRAVA,
            "PLUGIN__STRAVA__API_BASE_URL": strava.url,
            "PLUGIN__STRAVA__BASE_URL": strava.url,
            "PUBLIC_URL": "http://127.0.0.1:9",  # nobody listens there
            "WEBHOOK_SECRET": "x" * 16,
        }
        said = run("webhooks", "subscribe", "strava", **at)
        assert said.code == 1
        assert "reachable from the internet" in said.err
        said = run("webhooks", "list", "strava", "--json", **at)
        assert json.loads(said.out) == {"subscriptions": [], "ignored": {}}
        assert "There is none" in run("webhooks", "list", "strava", **at).out
        assert run("webhooks", "unsubscribe", "strava", "9", **at).code == 1
        assert run("webhooks", "unsubscribe", "strava", **at).code == 1
        assert "s3cret" not in said.out + said.err


def test_sync_with_nobody_there(run: Run, configured: dict[str, str]) -> None:
    said = run("sync", **configured)
    assert (said.code, said.out) == (0, "")
    assert "Nobody has connected" in said.err
    assert run("sync", "who@example.org", **configured).code == 1
    assert run("sync", "--json", **configured).out.strip() == "[]"
