"""Which methods an address takes, and what it says of them."""

import time
from uuid import UUID

import httpx
import pytest


def test_a_refused_method_names_every_one_that_is_taken(http: httpx.Client, ann: httpx.Client) -> None:
    taken = {
        "/me": "DELETE, GET, HEAD, PATCH",
        "/sessions": "DELETE, POST",
        "/sessions/current": "DELETE",
        "/insights": "GET, HEAD, POST",
        "/activities/00000000-0000-0000-0000-000000000001/recordings/7": "DELETE",
        "/health/live": "GET, HEAD",
    }
    for path, methods in taken.items():
        refused = ann.put(path)
        assert refused.status_code == 405
        assert refused.headers["Allow"] == methods, path
    assert http.put("/me").status_code == 405, "nobody has to log in to learn it"


@pytest.mark.parametrize("path", ["/health/live", "/me", "/metrics", "/nothing", "/openapi.json"])
def test_head_says_what_get_says_but_for_the_body(ann: httpx.Client, path: str) -> None:
    head, get = ann.head(path), ann.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    for name in ("Content-Type", "Content-Length", "X-Content-Type-Options"):
        assert head.headers[name] == get.headers[name]


def test_head_changes_nothing_and_needs_the_same_session(http: httpx.Client, ann: httpx.Client) -> None:
    assert http.head("/me").status_code == 401
    refused = ann.head("/sessions")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "DELETE, POST")


def test_head_does_not_wait_for_what_is_sent_in_pieces(ann: httpx.Client, connection_id: UUID) -> None:
    began = time.monotonic()
    events = ann.head(f"/connections/{connection_id}/progress", headers={"Accept": "text/event-stream"})
    assert events.headers["Content-Type"].startswith("text/event-stream")
    assert ann.head("/me/export").headers["Content-Type"] == "application/zip"
    assert time.monotonic() - began < 60, "a stream of events goes on for a quarter of an hour"
    assert ann.get("/me").status_code == 200
