"""
What Strava's refusals mean to us: one table from status and body to the SDK's errors.

| status | body | error |
|---|---|---|
| 400 | `Application`, `client_id`… | Misconfigured: the deployer's id or secret is wrong |
| 400, 403 | `Application` … | Misconfigured: what is wrong is the application's, not an athlete's |
| 401 | `Application` …, of the application's own requests | Misconfigured: such as a wrong secret |
| 400 | `PushSubscription` … | Misconfigured: the webhook's address, or a second subscription |
| 400 | `RefreshToken` … | NotAuthorized: the athlete connects again |
| 400 | `AuthorizationCode`, `RequestToken` … | NotAuthorized: the athlete clicks once more |
| 401 | code `missing` | MissingScope: a permission was unticked |
| 401 | other | NotAuthorized: the athlete connects again |
| 403 | `Inactive` | Misconfigured: the deployer's application needs a paid subscription |
| 403 | other JSON | Forbidden: it does not say that the athlete has left |
| 404 | no HTML | NotFound |
| 408, 425, 429, 5xx | any | Unavailable |
| redirects, and any other status | HTML, or a redirect | Unavailable: a gateway spoke, not the API |
| other 4xx | no HTML | BadData |

Bodies are `{"message", "errors": [{resource, field, code}]}`; `errors` may also be a plain text, and
a 404 may be empty. A request for activities whose token has ended was seen to be refused with 401 and
`Application` too: there, the refresh that follows tells whose fault it is.
"""

import json
from http import HTTPStatus
from typing import NamedTuple

import httpx

from training_analyzer.sdk import (
    BadData,
    Forbidden,
    Misconfigured,
    MissingScope,
    NotAuthorized,
    NotFound,
    PluginError,
    Unavailable,
)

WAIT = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
WORDS_SHOWN = 200  # characters of Strava's own words that a message may quote

CONNECT_AGAIN = "Connect Strava again."
TICK_ACTIVITIES = (
    "Connect Strava again and leave the boxes for your activities and your private activities ticked."
)

SWITCHED_OFF = (
    "Strava has switched this application off. Since 2026-06-30 the developer of an application needs a "
    "paid Strava subscription: whoever runs this server must subscribe with the account that owns the "
    "application, then look at its state at https://www.strava.com/settings/api."
)
WRONG_CALLBACK = (
    "Strava does not allow the address that athletes are sent back to. Whoever runs this server must enter "
    "its host as Authorization Callback Domain at https://www.strava.com/settings/api."
)
UNKNOWN_APPLICATION = (
    "Strava does not know this application. Whoever runs this server must compare "
    "TRAINING_ANALYZER_PLUGIN__STRAVA__CLIENT_ID and …CLIENT_SECRET with "
    "https://www.strava.com/settings/api."
)
REFUSED_APPLICATION = (
    "Strava refuses this application ({said}). Whoever runs this server must look at its state at "
    "https://www.strava.com/settings/api, and compare its id and secret."
)
UNREACHABLE_CALLBACK = (
    "Strava asked our webhook address and did not get the right answer within two seconds. It has to be "
    "reachable from the internet: compare TRAINING_ANALYZER_PUBLIC_URL, and see that the API runs with the "
    "same settings as this command."
)
SUBSCRIBED_ALREADY = (
    "This application has a subscription already, and Strava allows one. "
    "`training-analyzer webhooks list strava` shows it; unsubscribe it first."
)
CODE_REFUSED = (
    "Strava did not accept the code that it sent you back with. This happens now and then with a code that "
    f"is only moments old. {CONNECT_AGAIN}"
)


class Complaint(NamedTuple):
    """One of the `errors` in a refusal."""

    resource: str
    field: str
    code: str

    def __str__(self) -> str:
        return " ".join(filter(None, self))[:WORDS_SHOWN]


def complaints_in(body: bytes) -> tuple[Complaint, ...]:
    """Return what a refusal complains of; nothing where it is not in Strava's shape."""
    try:
        errors = json.loads(body)["errors"]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return ()
    if isinstance(errors, str):
        return (Complaint("", errors, ""),)
    if not isinstance(errors, list):
        return ()
    return tuple(
        Complaint(*(str(error.get(part) or "") for part in Complaint._fields))
        for error in errors
        if isinstance(error, dict)
    )


def is_page(body: bytes) -> bool:
    """Tell whether a body is a page for people, such as a gateway's, instead of JSON."""
    return body.lstrip()[:1] == b"<"


def error_of(response: httpx.Response, *, for_application: bool = False) -> PluginError:
    """
    Return the error that an answer other than 2xx stands for.

    `for_application`: what was asked with the application's own id and secret.
    """
    status, body = response.status_code, response.read()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in WAIT:
        return Unavailable(f"Strava answered {status}: it cannot answer now.")
    if status < HTTPStatus.BAD_REQUEST or is_page(body):
        return Unavailable(
            f"Strava answered {status} without data. "
            "If it goes on, check TRAINING_ANALYZER_PLUGIN__STRAVA__BASE_URL and …API_BASE_URL."
        )
    if status == HTTPStatus.NOT_FOUND:
        return NotFound("Strava has no such thing, or does not show it to this athlete.")
    return _refusal(status, complaints_in(body), for_application=for_application)


def _refusal(status: int, complaints: tuple[Complaint, ...], *, for_application: bool) -> PluginError:
    said = "; ".join(map(str, complaints)) or "no reason given"
    for complaint in complaints:
        if refused := _of_complaint(complaint):
            return refused
        if complaint.resource == "Application" and (for_application or status != HTTPStatus.UNAUTHORIZED):
            return Misconfigured(REFUSED_APPLICATION.format(said=said))
    if status == HTTPStatus.UNAUTHORIZED:
        return NotAuthorized(f"Strava no longer accepts this athlete's permission. {CONNECT_AGAIN}")
    if status == HTTPStatus.FORBIDDEN:
        return Forbidden(f"Strava forbids this: {said}. {CONNECT_AGAIN}")
    return BadData(f"Strava refused the request with {status}: {said}.")


def _of_complaint(complaint: Complaint) -> PluginError | None:
    """What is known of one complaint; None where the status has to tell."""
    match complaint:
        case Complaint("AccessToken", permission, "missing"):
            return missing_scope({permission.removesuffix("_permission")})
        case Complaint("Application", "Status", "Inactive"):
            return Misconfigured(SWITCHED_OFF)
        case Complaint("Application", "redirect_uri", _):
            return Misconfigured(WRONG_CALLBACK)
        case Complaint("Application", "client_id" | "client_secret", _):
            return Misconfigured(UNKNOWN_APPLICATION)
        case Complaint("PushSubscription", _, "already exists"):
            return Misconfigured(SUBSCRIBED_ALREADY)
        case Complaint("PushSubscription", "callback url", _):
            return Misconfigured(UNREACHABLE_CALLBACK)
        case Complaint("RefreshToken", _, _):
            return NotAuthorized(f"Strava no longer accepts this athlete's refresh token. {CONNECT_AGAIN}")
        case Complaint("AuthorizationCode" | "RequestToken", _, _):
            return NotAuthorized(CODE_REFUSED)
        case _:
            return None


def missing_scope(scopes: set[str]) -> MissingScope:
    """Return the error for permissions that were not given, with what to tick."""
    return MissingScope(
        f"Strava gave no permission for {', '.join(sorted(scopes))}. {TICK_ACTIVITIES}", scopes=scopes
    )
