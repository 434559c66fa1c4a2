"""What Strava knows of the athlete: two requests, where they may be made, and suggestions."""

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from training_analyzer.sdk import Account, BadData, Confidence, RawDocument, Sport
from training_analyzer_strava.profile import ATHLETE, ZONES, suggestions_of
from training_analyzer_strava.provider import StravaProvider

if TYPE_CHECKING:
    from plugins.strava.tests.conftest import ScriptedServer

DAY = date(2026, 6, 1)


def document(kind: str, content: object) -> RawDocument:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return RawDocument(kind=kind, media_type="application/json", body=body)


def bounds(*pairs: tuple[int, int]) -> list[dict[str, int]]:
    return [{"min": low, "max": high} for low, high in pairs]


def test_zones_ftp_and_weight_are_suggested() -> None:
    zones = {
        "heart_rate": {"custom_zones": True, "zones": bounds((0, 111), (111, 140), (140, -1))},
        "power": {"zones": bounds((0, 130), (130, 190), (190, -1))},
    }
    found = {
        made.method: made
        for made in suggestions_of(
            [document(ATHLETE, {"id": 1, "ftp": 251, "weight": 70.5}), document(ZONES, zones)], DAY
        )
    }
    assert {method: dict(made.values) for method, made in found.items()} == {
        "profile_ftp": {"functional_threshold_power_w": 251},
        "profile_weight": {"weight_kg": 70.5},
        "profile_heart_rate_zones": {"heart_rate_zones_bpm": (111, 140)},
        "profile_power_zones": {"power_zones_w": (130, 190)},
    }
    assert {made.valid_from for made in found.values()} == {DAY}
    assert found["profile_ftp"].sport is found["profile_power_zones"].sport is Sport.RIDE
    assert found["profile_heart_rate_zones"].confidence is Confidence.HIGH


@pytest.mark.parametrize(
    "content", [{}, {"ftp": None, "weight": None}, {"ftp": 0, "weight": 0.0, "heart_rate": None}]
)
def test_what_strava_does_not_know_is_not_suggested(content: object) -> None:
    assert list(suggestions_of([document(ATHLETE, content), document(ZONES, content)], DAY)) == []


def test_zones_out_of_order_are_not_suggested_and_guessed_ones_are_doubted() -> None:
    guessed = {"heart_rate": {"custom_zones": False, "zones": bounds((0, 111), (111, -1))}}
    (made,) = suggestions_of([document(ZONES, guessed)], DAY)
    assert made.confidence is Confidence.LOW
    crossed = {"power": {"zones": bounds((0, 190), (190, 130), (130, -1))}}
    assert list(suggestions_of([document(ZONES, crossed)], DAY)) == []


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"ftp": "much"}'])
def test_nonsense_is_bad_data(body: bytes) -> None:
    with pytest.raises(BadData):
        list(suggestions_of([document(ATHLETE, body)], DAY))


def test_it_costs_two_requests_and_only_where_it_may(
    server: "ScriptedServer", provider: StravaProvider, account: Account
) -> None:
    assert provider.fetch_profile(account) == ()
    assert server.asked == []
    grant = account.grant.model_copy(update={"scopes": account.grant.scopes | {"profile:read_all"}})
    fetched = provider.fetch_profile(replace(account, grant=grant))
    assert [document.kind for document in fetched] == [ATHLETE, ZONES]
    assert [urlsplit(path).path for _, path, *_ in server.asked] == [
        "/api/v3/athlete",
        "/api/v3/athlete/zones",
    ]
