"""
What a process works with, built from the settings once: the only place that knows all the rooms.

Before a fork, only `clock`, `registry`, `plan` and `keys` are made. Connections come after it, when they
are first asked for: a descriptor must not be shared between processes.
"""

import dataclasses
import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Self
from uuid import UUID

import httpx
import redis

from training_analyzer import queue
from training_analyzer.analysis.gathering import Meaning, gather
from training_analyzer.analysis.prices import Prices
from training_analyzer.analysis.spending import Terms
from training_analyzer.analysis.training import Training
from training_analyzer.domain.clock import Clock
from training_analyzer.domain.errors import ConfigurationError, Missing
from training_analyzer.domain.metric import DailySeries, MetricKey
from training_analyzer.domain.rights import DataRights, Retention
from training_analyzer.domain.spending import ACCOUNTS, Budget
from training_analyzer.embedded import default_data_directory
from training_analyzer.ingestion.planning import Horizon
from training_analyzer.ingestion.source import Caller, Source
from training_analyzer.processing import days
from training_analyzer.processing.plan import Plan
from training_analyzer.quota.gate import QuotaGate
from training_analyzer.quota.reserve import Reserve
from training_analyzer.quota.transport import RequestRecord, metered_client
from training_analyzer.registry.registry import Registry, load_registry
from training_analyzer.registry.thresholds import thresholds_behind
from training_analyzer.sdk import DataProvider, InsightBackend, QuotaRules
from training_analyzer.settings import Settings
from training_analyzer.storage import athletes, connections, quota_windows
from training_analyzer.storage.database import Database, Transaction
from training_analyzer.storage.secrets import KeyRing

LOGGER = logging.getLogger(__name__)

# The best row of our simulation: low priority leaves 40 % of a short window and paces itself over
# the day, and 97 % of the quota is used all the same. However many come at once, and want their newest
# weeks, a few lists are left for whoever comes next: never more than a twentieth of the day, because 95 %
# are to be used whatever happens.
SHARED_QUOTA = Reserve(short=0.4, day=1.0, first_short=0.2, first_day=0.05)
# Somebody may still come, and needs a list and their newest weeks: not a whole day's share. Whoever is alone
# until then is not held up for it.
NEWCOMERS_QUOTA = Reserve(short=0.1, day=0.1, first_short=0.04, first_day=0.02)
WHOLE_QUOTA = Reserve(short=0, day=0)


class Runtime:
    """
    Settings brought to life.

    `brief`: the process lives for one unit of work. `registry`: use this one instead of
    loading the enabled plugins; for tests.
    """

    def __init__(self, settings: Settings, *, brief: bool = False, registry: Registry | None = None) -> None:
        self.settings = settings
        self.clock = make_clock(settings)
        self.registry = registry or load_registry(settings.plugins, settings.plugin)
        self.plan = Plan(
            self.registry.activity_metrics,
            self.registry.daily_metrics,
            self.registry.plugin_of,
            settings.plugin,
        )
        self._brief = brief

    @classmethod
    def read(cls, *, brief: bool = False) -> Self:
        return cls(Settings.read(), brief=brief)

    @cached_property
    def keys(self) -> KeyRing:
        return KeyRing.parse(read_keys(self.settings))

    @cached_property
    def database(self) -> Database:
        if self.settings.database_url is None:
            raise ConfigurationError(
                "TRAINING_ANALYZER_DATABASE_URL is not set. Set it, or use `training-analyzer up`, "
                "which brings its own PostgreSQL"
            )
        return Database(self.settings.database_url.get_secret_value(), brief=self._brief)

    @cached_property
    def redis(self) -> redis.Redis:
        return queue.connect(redis_url(self.settings))

    @cached_property
    def horizon(self) -> Horizon:
        return Horizon(
            initial_days=self.settings.initial_days,
            history_days=self.settings.history_days,
            overlap_days=self.settings.overlap_days,
            every_minutes=self.settings.sync_every_minutes,
            full_every_hours=self.settings.full_sync_every_hours,
        )

    def horizon_of(self, provider: str) -> Horizon:
        """Return how far listing reaches back at a provider: never behind what may be kept."""
        retention = self.retention.get(provider)
        return self.horizon.within(None if retention is None else retention.days)

    @cached_property
    def retention(self) -> Mapping[str, Retention]:
        """For how long documents are kept, by provider; forever where none is named."""
        return {
            name: Retention(days=rights.retention_days, keeps_derived=rights.derived == "keep")
            for name, rights in self.settings.rights.items()
            if rights.retention_days is not None
        }

    def days_kept(self, providers: Iterable[str]) -> int | None:
        """Return how many days series may rest on that come from these providers; None: any number."""
        purged = (self.retention[name] for name in providers if name in self.retention)
        return min((one.days for one in purged if not one.keeps_derived), default=None)

    @cached_property
    def meaning(self) -> Meaning:
        meaning = Meaning.of_plugin(self.settings.insight_metrics)
        rests_on = thresholds_behind(meaning.keys, self.registry.calculators)
        return dataclasses.replace(meaning, rests_on=rests_on)

    @cached_property
    def rights(self) -> Mapping[str, DataRights]:
        """The terms of each provider, as far as the deployer does not depart from them."""
        return {name: self._rights_of(provider) for name, provider in self.registry.providers.items()}

    @property
    def backends(self) -> Sequence[InsightBackend]:
        """Who may write, in the order in which they are asked."""
        names = self.settings.insight_backends or tuple(self.registry.backends)
        return [self.registry.backends[name] for name in names if name in self.registry.backends]

    @cached_property
    def ai_terms(self) -> Terms:
        """The deployer's budgets and prices."""
        settings = self.settings
        return Terms(
            budgets={
                (scope, period): Budget(
                    microusd=round(getattr(settings, f"ai_{scope}_{period}_usd") * 1_000_000),
                    requests=getattr(settings, f"ai_{scope}_{period}_requests"),
                    tokens=getattr(settings, f"ai_{scope}_{period}_tokens"),
                )
                for scope, period in ACCOUNTS
            },
            prices=Prices.read_if_possible(settings.ai_prices),
            soft_share=settings.ai_soft_share,
            deadline_s=settings.ai_deadline_s,
        )

    def training_of(self, tx: Transaction, athlete_id: UUID, day: date) -> Training | None:
        """Return what is known of an athlete's training up to a day; None where there is none."""

        def series_of(sources: Sequence[str]) -> Mapping[MetricKey, DailySeries]:
            kept = self.days_kept(sources)
            return days.compute(tx, athlete_id, self.plan, until=day, kept_days=kept, sources=sources)

        return gather(tx, athlete_id, self.meaning, self.rights, today=day, series_of=series_of)

    @property
    def plugins_digest(self) -> str:
        """Differs where a plugin or its version does: what an old one could not do, a new one may."""
        versions = sorted(f"{one.name} {one.version}" for one in self.registry.reports)
        return hashlib.sha256("\n".join((self.plan.whole_digest, *versions)).encode()).hexdigest()

    def now(self) -> datetime:
        return self.clock.now()

    def source(self, name: str) -> Source:
        """Return an active provider. Raises Missing."""
        source = self.known_source(name)
        if source is None:
            raise Missing(
                f"there is no active provider named {name!r}; `training-analyzer plugins` says what is there"
            )
        return source

    def known_source(self, name: str) -> Source | None:
        """Return an active provider; None where there is none of that name."""
        provider = self.registry.providers.get(name)
        if provider is None:
            return None
        rules = provider.quota_rules()
        return Source(provider, lambda caller: self._client(name, rules, caller))

    def gate(self, provider: str) -> QuotaGate:
        return QuotaGate(
            self.redis, clock=self.clock, seed=self._remembered_usage, reserve=self._reserve(provider)
        )

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()
        if "redis" in self.__dict__:
            self.redis.close()

    def _client(self, provider: str, rules: QuotaRules, caller: Caller) -> httpx.Client:
        return metered_client(
            rules,
            self.gate(provider),
            priority=caller.priority,
            purpose=caller.purpose,
            on_request=lambda record: self._count(caller, record),
        )

    def _count(self, caller: Caller, record: RequestRecord) -> None:
        """Keep the books in PostgreSQL: what Redis counts may be forgotten."""
        usage = {(quota.name, quota.window_start): quota.used for quota in record.usage}
        with self.database.transaction(caller.athlete_id) as tx:
            quota_windows.record(tx, record.scope, usage)
            if caller.athlete_id is not None and caller.connection_id is not None:
                connections.count_requests(tx, caller.athlete_id, caller.connection_id, caller.purpose)

    def _remembered_usage(self, scope: str, quota: str, window_start: datetime) -> int:
        with self.database.transaction() as tx:
            return quota_windows.used(tx, scope, quota, window_start)

    def _reserve(self, provider: str) -> Reserve:
        """Hold back only what others could need: nothing, where one athlete is all there will be."""
        limit = self.settings.athletes_limit
        with self.database.transaction() as tx:
            alone = connections.athletes_connected(tx, provider) <= 1
            closed = limit is not None and athletes.registered(tx) >= limit
        if not alone:
            return SHARED_QUOTA
        return WHOLE_QUOTA if closed else NEWCOMERS_QUOTA

    def _rights_of(self, provider: DataProvider) -> DataRights:
        override = self.settings.rights.get(provider.info.name)
        changed: dict[str, object] = {}
        if override is not None and override.ai is not None:
            changed["ai"] = override.ai == "allow"
        if override is not None and override.retention_days is not None:
            changed["retention_days"] = override.retention_days
        return provider.info.rights.model_copy(update=changed)


def make_clock(settings: Settings) -> Clock:
    if settings.as_of is None:
        return Clock.system()
    return Clock.starting_at(settings.as_of, began=settings.as_of_began, speed=settings.as_of_speed)


def redis_url(settings: Settings) -> str:
    if settings.redis_url is None:
        raise ConfigurationError(
            "TRAINING_ANALYZER_REDIS_URL is not set. Set it, or use `training-analyzer up`, "
            "which brings its own Valkey"
        )
    return settings.redis_url.get_secret_value()


def data_directory(settings: Settings) -> Path:
    return settings.data_directory or default_data_directory()


def read_keys(settings: Settings) -> str:
    """Return the key ring as it is written; made once, beside the data, where everything is embedded."""
    if settings.secret_keys is not None:
        return settings.secret_keys.get_secret_value()
    path = data_directory(settings) / "secret_keys"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise ConfigurationError(
            "TRAINING_ANALYZER_SECRET_KEYS is not set. `training-analyzer keys generate` prints one; "
            "keep it with your backups: without it, athletes have to connect again"
        ) from None


def make_keys(settings: Settings) -> None:
    """Make the key file, unless keys are set or it exists."""
    path = data_directory(settings) / "secret_keys"
    if settings.secret_keys is not None or path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Complete, or not there at all: half a key would lock every athlete out.
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(KeyRing.generate(), encoding="ascii")
    draft.rename(path)
