"""An athlete in front of the consent page: a program that fills in the form as a browser would."""

from collections.abc import Collection
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


class ConsentForm(HTMLParser):
    """The fields of the form on the consent page, and where it is sent."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.hidden: dict[str, str] = {}
        self.boxes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given.get("action")
        elif tag == "input" and given.get("type") == "hidden":
            self.hidden[given["name"]] = given["value"]
        elif tag == "input" and given.get("type") == "checkbox" and "disabled" not in given:
            self.boxes.append(given["value"])


def authorize(authorization_url: str, *, untick: Collection[str] = (), timeout_s: float = 60.0) -> str:
    """
    Open the consent page, untick some scopes, press Authorize; return the address that the browser is
    sent to.

    Raises httpx.HTTPStatusError where Strava shows an error instead of the page.
    """
    return _answer(authorization_url, "authorize", untick, timeout_s)


def cancel(authorization_url: str, *, timeout_s: float = 60.0) -> str:
    """Open the consent page and press Cancel; return the address that the browser is sent to."""
    return _answer(authorization_url, "cancel", (), timeout_s)


def _answer(authorization_url: str, action: str, untick: Collection[str], timeout_s: float) -> str:
    with httpx.Client(timeout=timeout_s, trust_env=False) as client:
        page = client.get(authorization_url)
        if not page.is_redirect:
            page.raise_for_status()
            form = ConsentForm(page.text)
            ticked = [scope for scope in form.boxes if scope not in untick]
            fields = {**form.hidden, "granted": ticked, "action": action}
            page = client.post(urljoin(authorization_url, form.action or ""), data=fields)
            if not page.is_redirect:
                page.raise_for_status()
        return page.headers["location"]
