"""
A local stand-in that speaks Gemini's wire protocol. It is not Google, and no model runs in it.

It answers `POST /v1/models/{model}:generateContent` (also `/v1beta`) from the facts in the
request. A model name that holds one of these words makes it behave accordingly:

    minute  429, retry in 2.5 s            blocked    200, the prompt is blocked
    daily   429, the day's quota is spent  safety     200, the answer is withheld
    busy    503                            cut        200, cut off after 500 tokens of thought
    badkey  400, key not valid             badjson    200, not JSON inside
    html    502, an HTML page              schema     200, JSON of another shape
    text    200, a body that is not JSON   invented   200, a number that is no fact
    slow    200, after `slow_s`            rerouted   200, answered by another model
    unknown 404, no such model              late       504
    malformed 400, the request makes no sense
"""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from training_analyzer.sdk import DemoStandIn
from training_analyzer_gemini.composing import compose

MODEL = "gemini-stand-in"
PATH = re.compile(r"^/v1(?:beta)?/models/([^:/?]+):generateContent$")

Answer = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(slots=True)
class Scenario:
    """How the stand-in behaves, and what it has seen."""

    slow_s: float = 3
    reply: str = ""
    """What it answers instead of composing, where a test has its own words."""
    received: list[Received] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: Received) -> Answer:
        self.received.append(request)
        match = PATH.match(request.path)
        if match is None:
            return _error(404, "NOT_FOUND", "no such method")
        if not request.headers.get("x-goog-api-key"):
            return _error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        model = match[1]
        if "slow" in model:
            self.closing.wait(self.slow_s)
        return _failure(model) or _success(model, request.body, self.reply)


class GeminiStandIn(DemoStandIn):
    """The stand-in while it runs."""

    description = "a local stand-in for Gemini: no model, no Google; it composes from the facts it is sent"

    def __init__(self, url: str, scenario: Scenario) -> None:
        self.url = url
        self.scenario = scenario
        # Nobody is paid, so the report must not show a price.
        self.settings = {
            "api_key": "stand-in",
            "model": MODEL,
            "base_url": url,
            "timeout_s": 45,  # on a busy machine it takes its time to load the SDK, and nobody is waited for
            "input_usd": 0,
            "output_usd": 0,
            "thinking_tokens": 0,
        }

    def requests(self) -> Mapping[str, int]:
        return {"generate": len(self.scenario.received)}


@contextmanager
def running(slow_s: float = 3) -> Iterator[GeminiStandIn]:
    """Run the stand-in on any free port of 127.0.0.1."""
    scenario = Scenario(slow_s=slow_s)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave in one piece; in two, delayed ACKs cost 40 ms each.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body = scenario.answer(Received(self.path, headers, json.loads(raw or b"{}")))
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
                self.wfile.flush()
            except ConnectionError:
                self.close_connection = True  # the client has not waited

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            """Say nothing: the demo's report is the only output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield GeminiStandIn(f"http://127.0.0.1:{server.server_port}", scenario)
    finally:
        scenario.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _failure(model: str) -> Answer | None:
    failures: dict[str, Answer] = {
        "minute": _quota_spent("Minute"),
        "daily": _quota_spent("Day"),
        "unknown": _error(404, "NOT_FOUND", f"models/{model} is not found for API version v1."),
        "busy": _error(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
        "badkey": _error(
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
        ),
        "malformed": _error(400, "INVALID_ARGUMENT", "Invalid JSON payload received."),
        "late": _error(504, "DEADLINE_EXCEEDED", "The service is unable to finish within the deadline."),
        "html": (502, b"<html><body>Bad Gateway</body></html>"),
        "text": (200, b"not json at all"),
    }
    return next((answer for word, answer in failures.items() if word in model), None)


def _success(model: str, body: Mapping[str, Any], reply: str = "") -> Answer:
    asked = body.get("contents") or [{}]
    sent = "".join(part.get("text", "") for part in asked[-1].get("parts", []))
    prompt_tokens = len(json.dumps(body)) // 4
    if "blocked" in model:
        return _json({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, **_usage(model, 12, 0)})
    if "safety" in model:
        return _json({"candidates": [{"finishReason": "SAFETY", "index": 0}], **_usage(model, 12, 0)})
    text = reply or _text(model, sent)
    if "cut" in model:
        return _json({**_candidate(text[:40], "MAX_TOKENS"), **_usage(model, prompt_tokens, 10, 500)})
    return _json({**_candidate(text, "STOP"), **_usage(model, prompt_tokens, len(text) // 4)})


def _text(model: str, sent: str) -> str:
    if "badjson" in model:
        return "Sure! Here is the JSON: {oops"
    if "schema" in model:
        return json.dumps({"headline": 3})
    reply = compose(sent)
    if "invented" in model:
        reply["observations"].append({"facts": [], "direction": "na", "text": "Your load was 4321."})
    return json.dumps(reply)


def _candidate(text: str, finish: str) -> dict[str, Any]:
    content = {"parts": [{"text": text}], "role": "model"}
    return {"candidates": [{"content": content, "finishReason": finish, "index": 0}]}


def _usage(model: str, prompt: int, candidates: int, thoughts: int = 0) -> dict[str, Any]:
    return {
        "usageMetadata": {
            "promptTokenCount": prompt,
            "candidatesTokenCount": candidates,
            "thoughtsTokenCount": thoughts,
            "cachedContentTokenCount": 0,
            "totalTokenCount": prompt + candidates + thoughts,
        },
        "modelVersion": "gemini-3.8-flash-001" if "rerouted" in model else model,
        "responseId": "stand-in",
    }


def _quota_spent(window: str) -> Answer:
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
        "quotaId": f"GenerateRequestsPer{window}PerProjectPerModel-FreeTier",
    }
    details: list[dict[str, Any]] = [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2.5s"},
    ]
    return _error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", details)


def _error(code: int, status: str, message: str, details: list[dict[str, Any]] | None = None) -> Answer:
    error = {"code": code, "status": status, "message": message, "details": details or []}
    return code, json.dumps({"error": error}).encode()


def _json(content: dict[str, Any]) -> Answer:
    return 200, json.dumps(content).encode()
