"""The simulator's few pages for people: plain HTML that says what this is."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from training_analyzer_strava.simulator.world import AthleteSource

MEANINGS = {
    "read": "View your public profile (required)",
    "read_all": "View your private routes, segments and events",
    "profile:read_all": "View your complete profile",
    "profile:write": "Change your profile",
    "activity:read": "View your activities",
    "activity:read_all": "View your activities that only you can see",
    "activity:write": "Upload activities",
}
CARRIED = ("client_id", "redirect_uri", "response_type", "scope", "state")


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        '<body style="font-family: sans-serif; max-width: 36em; margin: 3em auto">'
        f"<h1>{escape(title)}</h1>{content}"
        "<hr><p><small>This is a local stand-in for tests and demonstrations. It is not Strava.</small></p>"
        "</body></html>"
    )


def home_page(athletes: Sequence[AthleteSource]) -> str:
    """What somebody sees who opens the simulator's address."""
    names = escape(", ".join(athlete.display_name for athlete in athletes))
    return _page(
        "A local stand-in, not Strava",
        "<p>This program answers as the Strava API would, so that Training Analyzer can be tried without an"
        " account.</p>"
        f"<p>Athletes: {names}.</p>"
        '<p>What it was asked: <a href="/simulator/requests">/simulator/requests</a>.'
        ' Its state: <a href="/simulator/state">/simulator/state</a>.</p>',
    )


def consent_page(asked: Mapping[str, Any], scopes: Sequence[str], athlete: AthleteSource) -> str:
    """The page on which the athlete ticks and unticks what the application may see."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(str(asked.get(name, "")))}">' for name in CARRIED
    )
    boxes = "".join(
        f'<p><label><input type="checkbox" name="granted" value="{escape(scope)}" checked'
        f"{' disabled' if scope == 'read' else ''}> {escape(MEANINGS[scope])}</label></p>"
        for scope in scopes
    )
    return _page(
        "Authorize an application",
        f"<p>You are {escape(athlete.display_name)}. The application {escape(str(asked['client_id']))}"
        " would like to:</p>"
        f'<form method="post" action="/oauth/authorize">{hidden}'
        f'<input type="hidden" name="athlete_id" value="{athlete.athlete_id}">{boxes}'
        '<button name="action" value="authorize">Authorize</button> '
        '<button name="action" value="cancel">Cancel</button></form>',
    )


def capacity_page() -> str:
    """What an athlete sees when the application has no room left."""
    return _page(
        "Error 403: limit of connected athletes exceeded",
        "<p>This application has reached the number of athletes that may connect to it.</p>",
    )
