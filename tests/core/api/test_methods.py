"""Which methods an address takes, and what it says of them."""

import httpx


def test_a_refused_method_names_every_one_that_is_taken(http: httpx.Client, ann: httpx.Client) -> None:
    taken = {
        "/me": "DELETE, GET, PATCH",
        "/sessions": "DELETE, POST",
        "/sessions/current": "DELETE",
        "/insights": "GET, POST",
        "/activities/00000000-0000-0000-0000-000000000001/recordings/7": "DELETE",
        "/health/live": "GET",
    }
    for path, methods in taken.items():
        refused = ann.put(path)
        assert refused.status_code == 405
        assert refused.headers["Allow"] == methods, path
    assert http.put("/me").status_code == 405, "nobody has to log in to learn it"
