"""Looking whether everything that is configured is there and fit, without asking a provider."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from redis import RedisError
from sqlalchemy.exc import DBAPIError

from training_analyzer import queue
from training_analyzer.analysis.asking import why_never_asked
from training_analyzer.analysis.prices import Prices
from training_analyzer.cli import services
from training_analyzer.cli.endings import describe
from training_analyzer.cli.ground import with_running_servers
from training_analyzer.cli.terms import terms_of
from training_analyzer.domain.errors import ConfigurationError
from training_analyzer.registry import PluginState, Registry, load_registry
from training_analyzer.runtime import data_directory, make_clock, read_keys
from training_analyzer.settings import PREFIX, Settings
from training_analyzer.storage.secrets import KeyRing


class State(StrEnum):
    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing is wrong."""
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: State
    subject: str
    text: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one after the other; one problem hides no other."""
    registry = load_registry(settings.plugins, settings.plugin)
    yield from _plugins(registry)
    yield from _misdirected(settings, registry)
    yield from _ai(settings, registry)
    reachable = with_running_servers(settings)
    yield from _database(reachable)
    yield from _redis(reachable)
    yield from _keys(settings)
    for name, provider in registry.providers.items():
        for text in terms_of(provider.info, settings.rights.get(name)):
            yield Finding(State.NOTE, f"terms of {name}", text)


def _plugins(registry: Registry) -> Iterator[Finding]:
    for report in registry.reports:
        subject = f"plugin {report.name}"
        if report.state is PluginState.ACTIVE:
            yield Finding(State.OK, subject, f"active, {report.version}")
        elif report.state is not PluginState.NOT_ENABLED:
            yield Finding(State.PROBLEM, subject, f"{report.state.value}: {report.problem}")


def _misdirected(settings: Settings, registry: Registry) -> Iterator[Finding]:
    """Find settings that name what is not there."""
    for name in settings.plugin:
        if name not in settings.plugins:
            text = f"Settings of the plugin `{name}` are there, but {PREFIX}PLUGINS does not name it."
            yield Finding(State.NOTE, "settings", text)
    for name in settings.rights:
        if name not in registry.providers:
            text = f"{PREFIX}RIGHTS__{name.upper()}__… is set, but no active provider has that name."
            yield Finding(State.NOTE, "settings", text)
    of_insights = f"{settings.insight_metrics}."
    if not any(metric.key.startswith(of_insights) for one in registry.calculators for metric in one.metrics):
        chosen = "insight_metrics" in settings.model_fields_set
        text = (
            f"Insights speak of the metrics of `{settings.insight_metrics}`, which no active plugin brings: "
            f"they have nothing to say. {PREFIX}INSIGHT_METRICS names another."
        )
        yield Finding(State.PROBLEM if chosen else State.NOTE, "settings", text)
    for name in settings.insight_backends:
        if name not in registry.backends:
            text = f"{PREFIX}INSIGHT_BACKENDS names `{name}`, which no active plugin brings."
            yield Finding(State.PROBLEM, "settings", text)


def _ai(settings: Settings, registry: Registry) -> Iterator[Finding]:
    """Find backends that would not be asked, and models that are switched off."""
    try:
        prices = Prices.read(settings.ai_prices)
    except ConfigurationError as error:
        yield Finding(State.PROBLEM, "prices", str(error))
        prices = Prices()
    today = make_clock(settings).now().date()
    for name, backend in registry.backends.items():
        for text in why_never_asked(backend, prices, today, settings.ai_deadline_s):
            yield Finding(State.PROBLEM, f"backend {name}", text)
        for warning in backend.warnings():
            yield Finding(State.NOTE, f"backend {name}", f"{warning[0].upper()}{warning[1:]}.")


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None:
        yield _not_running("database", "PostgreSQL", settings)
        return
    try:
        database = services.open_database(settings)
    except ConfigurationError as error:
        yield Finding(State.PROBLEM, "database", str(error))
        return
    try:
        answers = _tried("database", database.check, "answers; its role is bound by row-level security")
        yield answers
        if answers.state is State.OK:
            yield _tried("migrations", lambda: services.require_migrated(database), "all are there")
    finally:
        database.close()


def _redis(settings: Settings) -> Iterator[Finding]:
    if settings.redis_url is None:
        yield _not_running("Redis", "Valkey", settings)
        return

    def ask() -> None:
        with services.open_redis(settings) as client:
            queue.check(client)

    yield _tried("Redis", ask, "answers")


def _keys(settings: Settings) -> Iterator[Finding]:
    embedded = settings.secret_keys is None and settings.database_url is None
    if embedded and not (data_directory(settings) / "secret_keys").exists():
        yield Finding(State.NOTE, "keys", "The first `training-analyzer up` makes them, beside its data.")
    else:
        yield _tried("keys", lambda: KeyRing.parse(read_keys(settings)), "can be read")


def _not_running(subject: str, product: str, settings: Settings) -> Finding:
    where = data_directory(settings)
    text = f"The embedded {product} does not run on {where}. It starts with `training-analyzer up`."
    return Finding(State.PROBLEM, subject, text)


def _tried(subject: str, attempt: Callable[[], object], success: str) -> Finding:
    try:
        attempt()
    except (ConfigurationError, DBAPIError, RedisError, PermissionError) as error:
        return Finding(State.PROBLEM, subject, describe(error) or str(error))
    return Finding(State.OK, subject, success)
