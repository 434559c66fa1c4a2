"""`GET /metrics`, for whoever has the deployer's token."""

import secrets
from typing import Final

from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from pydantic import SecretStr

from training_analyzer.api.monitoring.collecting import Deployment
from training_analyzer.api.monitoring.requests import RequestMeter
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.runtime import Runtime

PATH: Final = "/metrics"


def install(app: FastAPI, runtime: Runtime, token: SecretStr, *, prefix: str) -> None:
    """Measure requests from now on, and serve what is known at an address of its own."""
    disable_created_metrics()  # type: ignore[no-untyped-call] # when a series began helps nobody here
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Deployment(runtime))
    ProcessCollector(registry=registry)
    app.add_middleware(RequestMeter, registry=registry, prefix=prefix)
    expected = token.get_secret_value().encode()

    def read_metrics(request: Request) -> Response:
        """Return everything in the format of Prometheus."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # Schemes are written as one likes (RFC 9110, 11.1).
        if scheme.lower() != "bearer" or not secrets.compare_digest(given.strip().encode(), expected):
            raise Problem(Kind.UNAUTHENTICATED, "This needs the token that this server is set to.")
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), media_type=media_type)

    app.add_api_route(PATH, read_metrics, include_in_schema=False)
