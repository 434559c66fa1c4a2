"""The consent page and the way back to the application."""

from typing import TYPE_CHECKING

import pytest

from training_analyzer_strava.simulator.browser import ConsentForm

if TYPE_CHECKING:
    from plugins.strava.tests.simulator.conftest import Application, OpenApplication


def test_page_has_a_ticked_box_for_each_requested_scope_and_read_cannot_be_unticked(
    application: "Application",
) -> None:
    page = application.http.get("/oauth/authorize", params=application.asked())
    form = ConsentForm(page.text)
    assert page.status_code == 200
    assert form.boxes == ["activity:read", "activity:read_all", "profile:read_all"]
    assert page.text.count(" checked") == 4
    assert "not Strava" in page.text


def test_page_does_not_repeat_markup_from_the_request(application: "Application") -> None:
    page = application.http.get(
        "/oauth/authorize", params=application.asked(state='"><script>alert(1)</script>')
    )
    assert "<script>" not in page.text


def test_consent_comes_back_with_code_state_and_comma_separated_scopes(application: "Application") -> None:
    back = application.returned(application.consent(state="s p&c=1"))
    assert back["state"] == "s p&c=1"
    assert len(back["code"]) == 40
    assert back["scope"] == "read,activity:read,activity:read_all,profile:read_all"


def test_the_redirect_keeps_the_query_of_the_callback(application: "Application") -> None:
    back = application.consent(redirect_uri="http://127.0.0.1:1/callback?tenant=3")
    assert back.headers["location"].startswith("http://127.0.0.1:1/callback?tenant=3&state=")


def test_an_unticked_scope_is_missing_from_what_was_accepted(application: "Application") -> None:
    back = application.returned(application.consent(granted="read,activity:read"))
    assert back["scope"] == "read,activity:read"


def test_with_every_box_unticked_read_remains(application: "Application") -> None:
    back = application.returned(application.consent(granted=""))
    assert back["scope"] == "read"


def test_a_scope_that_was_not_requested_cannot_be_granted(application: "Application") -> None:
    back = application.returned(application.consent(granted="activity:write", scope="read"))
    assert back["scope"] == "read"


def test_cancel_comes_back_as_access_denied_with_the_state(application: "Application") -> None:
    assert application.returned(application.consent(action="cancel")) == {
        "state": "a state",
        "error": "access_denied",
    }


@pytest.mark.parametrize(
    ("wrong", "resource", "field"),
    [
        ({"client_id": "1"}, "Application", "client_id"),
        ({"client_id": "not a number"}, "Application", "client_id"),
        ({"redirect_uri": "https://elsewhere.example/callback"}, "Application", "redirect_uri"),
        ({"redirect_uri": "https://notlocalhost/callback"}, "Application", "redirect_uri"),
        ({"redirect_uri": "javascript://localhost/"}, "Application", "redirect_uri"),
        ({"redirect_uri": ""}, "Application", "redirect_uri"),
        ({"response_type": "token"}, "Authorize", "response_type"),
        ({"scope": "activity:read activity:read_all"}, "Authorize", "scope"),
        ({"scope": "everything"}, "Authorize", "scope"),
        ({"scope": ""}, "Authorize", "scope"),
    ],
)
def test_a_wrong_request_is_refused_in_stravas_shape(
    application: "Application", wrong: dict[str, str], resource: str, field: str
) -> None:
    expected = {
        "message": "Bad Request",
        "errors": [{"resource": resource, "field": field, "code": "invalid"}],
    }
    shown = application.http.get(
        "/oauth/authorize", params=application.asked(**wrong), follow_redirects=False
    )
    sent = application.consent(**wrong)
    assert [shown.status_code, sent.status_code] == [400, 400]
    assert shown.json() == sent.json() == expected


def test_the_configured_callback_domain_and_what_lies_below_it_are_allowed(
    open_application: "OpenApplication",
) -> None:
    application = open_application(callback_domain="training.example")
    back = application.consent(redirect_uri="https://app.training.example/callback")
    assert back.headers["location"].startswith("https://app.training.example/callback?")


def test_who_has_granted_everything_before_is_not_asked_again(connected: "Application") -> None:
    back = connected.http.get("/oauth/authorize", params=connected.asked(), follow_redirects=False)
    assert connected.returned(back)["scope"] == "read,activity:read,activity:read_all,profile:read_all"


def test_force_always_shows_the_page(connected: "Application") -> None:
    asked = connected.asked(approval_prompt="force")
    assert "Authorize" in connected.http.get("/oauth/authorize", params=asked).text


def test_beyond_the_capacity_an_error_page_is_shown_instead(
    open_application: "OpenApplication",
) -> None:
    application = open_application(capacity=1)
    first, second = (str(athlete.athlete_id) for athlete in application.simulation.world.athletes)
    application.connect(athlete_id=first)
    shown = application.http.get("/oauth/authorize", params=application.asked(athlete_id=second))
    sent = application.consent(athlete_id=second)
    assert [shown.status_code, sent.status_code] == [403, 403]
    assert "limit of connected athletes exceeded" in shown.text
    assert "code" in application.returned(application.consent(athlete_id=first)), (
        "who is connected may come again"
    )


def test_each_athlete_sees_their_own_activities(open_application: "OpenApplication") -> None:
    application = open_application(capacity=2)
    seen = []
    for athlete in application.simulation.world.athletes:
        application.connect(athlete_id=str(athlete.athlete_id))
        seen.append({row["id"] for row in application.activities()})
    assert seen[0]
    assert seen[1]
    assert seen[0].isdisjoint(seen[1])
