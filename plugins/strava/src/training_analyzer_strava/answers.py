"""Requests to Strava and their answers: one request, no retries; all that goes wrong is an SDK error."""

import json
from typing import Any

import httpx

from training_analyzer.sdk import BadData, Grant, RawDocument, Unavailable
from training_analyzer_strava.errors import error_of, is_page


def bearer(grant: Grant) -> dict[str, str]:
    """The athlete's token, in the header: from 2027-06-01 Strava accepts it nowhere else."""
    return {"Authorization": f"Bearer {grant.access_token.get_secret_value()}"}


def sent(http: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Return the answer, whatever its status. Raises `Unavailable` where there is none."""
    try:
        return http.send(request)
    except httpx.HTTPError as error:
        raise Unavailable(f"Strava did not answer ({type(error).__name__}).") from error


def checked(response: httpx.Response, *, for_application: bool = False) -> httpx.Response:
    """
    Return an answer that is none of Strava's refusals; raise what it stands for otherwise.

    `for_application`: what was asked with the application's own id and secret.
    """
    if not response.is_success:
        raise error_of(response, for_application=for_application)
    if is_page(response.content):
        raise Unavailable("Strava answered with a page instead of data.")
    return response


def text_of(response: httpx.Response) -> str:
    """Return the answer's JSON as text, without parsing it."""
    try:
        return response.content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadData("Strava's answer is not UTF-8.", document=received(response)) from error


def json_of(response: httpx.Response) -> Any:
    """Return what the answer's JSON says."""
    try:
        return json.loads(text_of(response))
    except (ValueError, RecursionError) as error:
        raise BadData("Strava's answer is not JSON, or is cut off.", document=received(response)) from error


def received(response: httpx.Response) -> RawDocument:
    """Return what was answered, for whoever has to find out why it makes no sense."""
    media_type = response.headers.get("content-type", "application/octet-stream").partition(";")[0]
    return RawDocument(kind="answer", media_type=media_type, body=response.content)
