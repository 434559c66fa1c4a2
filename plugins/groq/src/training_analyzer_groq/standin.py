"""
A local stand-in that speaks Groq's wire protocol, for tests. It is not Groq, and no model runs in it.

It answers `POST /openai/v1/chat/completions` with `reply`. A model name that holds one of these
words makes it behave accordingly:

    minute   429, retry-after 2        cut      200, finish_reason length
    daily    429, retry-after 3600     safety   200, finish_reason content_filter
    busy     503                       badjson  200, not JSON inside
    full     498, capacity exceeded    text     200, a body that is not JSON
    badkey   401                       empty    200, no choices
    invalid  400, JSON validation      slow     200, after `slow_s`
    html     502, an HTML page         rerouted 200, answered by another model
    unknown  404, no such model
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

PATH = "/openai/v1/chat/completions"
EMPTY_REPLY = json.dumps(
    {
        "status": "insufficient_data",
        "observations": [],
        "caveats": [],
        "recommendation": "",
        "headline": "There is too little to go by",
    }
)

LIMIT_HEADERS: Mapping[str, str] = {
    "x-ratelimit-limit-requests": "14400",
    "x-ratelimit-remaining-requests": "14370",
    "x-ratelimit-reset-requests": "2m59.56s",
    "x-ratelimit-limit-tokens": "18000",
    "x-ratelimit-remaining-tokens": "17997",
    "x-ratelimit-reset-tokens": "7.66s",
}

Answer = tuple[int, bytes, dict[str, str]]

_ENDS: Mapping[str, str] = {"cut": "length", "safety": "content_filter"}
_FAILURES: Mapping[str, tuple[int, str, str]] = {
    "busy": (503, "The service is over capacity.", "internal_server_error"),
    "full": (498, "The flex tier is at capacity.", "capacity_exceeded"),
    "badkey": (401, "Invalid API Key", "invalid_api_key"),
    "invalid": (400, "Failed to generate JSON. Please adjust your prompt.", "json_validate_failed"),
    "minute": (429, "Rate limit reached on tokens per minute (TPM).", "rate_limit_exceeded"),
    "daily": (429, "Rate limit reached on requests per day (RPD).", "rate_limit_exceeded"),
    "unknown": (404, "The model does not exist or you do not have access to it.", "model_not_found"),
}


USAGE: Final = {
    "prompt_tokens": 198,
    "completion_tokens": 61,
    "total_tokens": 259,
    "prompt_tokens_details": {"cached_tokens": 20},
    "completion_tokens_details": {"reasoning_tokens": 12},
}


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(slots=True)
class GroqStandIn:
    """The stand-in while it runs, and what it has seen."""

    url: str = ""
    reply: str = EMPTY_REPLY
    slow_s: float = 3
    counts_tokens: bool = False
    """It tells about how many tokens there were, instead of `USAGE`."""
    received: list[Received] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: Received) -> Answer:
        self.received.append(request)
        if request.path != PATH:
            return _error(404, "Unknown request URL", "unknown_url")
        model = str(request.body.get("model", ""))
        if "slow" in model:
            self.closing.wait(self.slow_s)
        for word, (status, message, code) in _FAILURES.items():
            if word in model:
                return _error(status, message, code)
        if "html" in model:
            return 502, b"<html><body>Bad Gateway</body></html>", {}
        if "text" in model:
            return 200, b"not json at all", {}
        return 200, json.dumps(self._completion(model, request.body)).encode(), dict(LIMIT_HEADERS)

    def _completion(self, model: str, body: Mapping[str, Any]) -> dict[str, Any]:
        text = "Sure! Here is the JSON: {oops" if "badjson" in model else self.reply
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "logprobs": None,
            "finish_reason": next((end for word, end in _ENDS.items() if word in model), "stop"),
        }
        return {
            "id": "chatcmpl-stand-in",
            "object": "chat.completion",
            "created": 1,
            "model": "openai/gpt-oss-120b" if "rerouted" in model else model,
            "choices": [] if "empty" in model else [choice],
            "usage": _counted(body, text) if self.counts_tokens else USAGE,
            "x_groq": {"id": "stand-in"},
        }


def _counted(body: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Count a token for every four characters."""
    prompt, completion = len(json.dumps(body)) // 4, len(text) // 4
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


@contextmanager
def running(slow_s: float = 3) -> Iterator[GroqStandIn]:
    """Run the stand-in on any free port of 127.0.0.1."""
    standin = GroqStandIn(slow_s=slow_s)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave in one piece; in two, delayed ACKs cost 40 ms each.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body, more = standin.answer(Received(self.path, headers, json.loads(raw or b"{}")))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
                self.wfile.flush()
            except ConnectionError:
                self.close_connection = True  # the client has not waited

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            """Say nothing: the tests' report is the only output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    standin.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield standin
    finally:
        standin.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _error(status: int, message: str, code: str) -> Answer:
    wait = "3600" if "per day" in message else "2"
    headers = {"retry-after": wait} if status == 429 else {}  # noqa: PLR2004  Too Many Requests
    return status, json.dumps({"error": {"message": message, "code": code}}).encode(), headers
