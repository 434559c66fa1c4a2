"""The web application, built from a runtime."""

from importlib.metadata import version
from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.gzip import GZipMiddleware

from training_analyzer.api import problems
from training_analyzer.api.bodies import BodyLimit
from training_analyzer.api.headers import SecurityHeaders
from training_analyzer.api.heads import Heads
from training_analyzer.api.openapi import declare_all, with_problem_documents
from training_analyzer.api.parameters import refuse_strange
from training_analyzer.api.routes import (
    activities,
    activity_files,
    api_keys,
    athletes,
    callback,
    connections,
    curves,
    days,
    documents,
    health,
    insights,
    leaving,
    me,
    metrics,
    parked,
    password,
    periods,
    plugins,
    progress,
    providers,
    recordings,
    samples,
    sessions,
    suggestions,
    thresholds,
    uploads,
    usage,
    webhooks,
)
from training_analyzer.api.security import Passwords
from training_analyzer.runtime import Runtime

PREFIX: Final = "/api/v1"
SMALL_BYTES: Final = 1000
"""Up to here, an answer fits into one packet anyway, and is not compressed."""
GZIP_LEVEL: Final = 5
"""Two hundred activities become a ninth; level 9 would take four times as long to save another percent."""

ROUTERS: Final[tuple[APIRouter, ...]] = (
    athletes.router,
    sessions.router,
    api_keys.router,
    me.router,
    password.router,
    leaving.router,
    thresholds.router,
    suggestions.router,
    providers.router,
    connections.router,
    progress.router,
    parked.router,
    activities.router,
    activity_files.router,
    recordings.router,
    samples.router,
    documents.router,
    uploads.router,
    metrics.router,
    days.router,
    periods.router,
    curves.router,
    insights.router,
    usage.router,
    plugins.router,
    health.router,
)


def create_app(runtime: Runtime) -> FastAPI:
    """Return the application. Whoever made the runtime closes it."""
    # Its page of the API comes from this server, not from somebody's content network.
    app = FastAPIOffline(
        title="Training Analyzer",
        version=version("training-analyzer"),
        summary="Your training: what you did, what it adds up to, and what it means.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url="/docs",
        redoc_url=None,
        static_url="/docs/static",
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.runtime = runtime
    app.state.passwords = Passwords()
    if runtime.settings.metrics_token is not None:
        # Only where somebody watches is it measured, and the library loaded. First, and so innermost: what
        # is added later may hand on another request than came, as for HEAD.
        from training_analyzer.api.monitoring.serving import install

        install(app, runtime, runtime.settings.metrics_token, prefix=PREFIX)
    app.add_middleware(GZipMiddleware, minimum_size=SMALL_BYTES, compresslevel=GZIP_LEVEL)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Heads)
    problems.install(app)
    for router in ROUTERS:
        declare_all(router)
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(refuse_strange)])
    # Services send people there with what they like, and call there.
    declare_all(callback.router)
    app.include_router(callback.router, prefix=PREFIX)
    app.include_router(webhooks.router, include_in_schema=False)
    # Whoever watches a process knows this address without knowing versions of the API.
    app.include_router(health.router, include_in_schema=False)
    app.openapi = with_problem_documents(app)  # type: ignore[method-assign]
    return app
