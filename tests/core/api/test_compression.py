"""Answers are compressed for whoever takes that, unless they are small, packed already or sent bit by bit."""

from uuid import UUID

import httpx


def test_a_long_answer_is_compressed_for_whoever_takes_it(http: httpx.Client) -> None:
    packed = http.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    plain = http.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 4
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_what_is_small_or_packed_already_or_sent_bit_by_bit_stays_as_it_is(
    ann: httpx.Client, connection_id: UUID
) -> None:
    takes = {"Accept-Encoding": "gzip"}
    assert "Content-Encoding" not in ann.get("/me", headers=takes).headers
    assert "Content-Encoding" not in ann.get("/me/export", headers=takes).headers
    events = {"Accept": "text/event-stream", **takes}
    with ann.stream("GET", f"/connections/{connection_id}/progress", headers=events) as stream:
        assert "Content-Encoding" not in stream.headers
        assert next(stream.iter_lines()).startswith(("event:", "data:", "id:", ":", "retry:"))
