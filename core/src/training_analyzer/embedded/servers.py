"""The one door to the embedded servers: a context manager that gives their addresses while they run."""

import logging
import os
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from training_analyzer.embedded import directory as places
from training_analyzer.embedded import postgres as postgres_server
from training_analyzer.embedded import valkey as valkey_server
from training_analyzer.embedded.account import server_account
from training_analyzer.embedded.addresses import Addresses
from training_analyzer.embedded.descriptors import OwnDescriptor
from training_analyzer.embedded.directory import Site
from training_analyzer.embedded.errors import EmbeddedError, ServerDied, ServerStartFailed
from training_analyzer.embedded.supervisor import Supervised

LOGGER = logging.getLogger(__name__)
START_TIMEOUT_S = 120.0
"""Long, because PostgreSQL replays its log after a crash; a server that dies is noticed at once."""
POLL_S = 0.02


class EmbeddedServers:
    """
    PostgreSQL and Valkey, running between `with` and the end of its block, and never beyond this process.

    `data_directory`: None means `default_data_directory()`; `ephemeral=True` means a temporary directory,
    removed at the end, with nothing synced to disk. `postgres=False` or `valkey=False` leaves one out.
    Entering raises an `EmbeddedError` that says what to do.
    """

    def __init__(
        self,
        data_directory: Path | None = None,
        *,
        ephemeral: bool = False,
        postgres: bool = True,
        valkey: bool = True,
        postgres_settings: Mapping[str, str] | None = None,
    ) -> None:
        if ephemeral and data_directory is not None:
            raise ValueError("an ephemeral start chooses its own directory")
        self._wanted_directory = data_directory
        self._ephemeral = ephemeral
        self._wants_postgres = postgres
        self._wants_valkey = valkey
        defaults = postgres_server.THROWAWAY_SETTINGS if ephemeral else {}
        self._postgres_settings = {**defaults, **(postgres_settings or {})}
        self._cleanup = ExitStack()
        self._servers: list[Supervised] = []
        self._addresses: Addresses | None = None
        self._owner_pid = 0

    def __enter__(self) -> Self:
        if self._owner_pid:
            raise EmbeddedError("these servers were started before; make a new object to start again")
        self._owner_pid = os.getpid()
        started_at = time.monotonic()
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        LOGGER.info("Embedded servers are ready after %.2f s", time.monotonic() - started_at)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def addresses(self) -> Addresses:
        if self._addresses is None:
            raise EmbeddedError("the embedded servers do not run")
        return self._addresses

    @property
    def database_url(self) -> str:
        """The application's role: reads and writes under row-level security."""
        return self.addresses.database_url

    @property
    def database_owner_url(self) -> str:
        """The owner of the database: migrates it."""
        return self.addresses.database_owner_url

    @property
    def database_superuser_url(self) -> str:
        """The bootstrap superuser, whom no policy binds: for tests that create databases."""
        return self.addresses.database_superuser_url

    @property
    def redis_url(self) -> str:
        return self.addresses.redis_url

    def check(self) -> None:
        """Raise `ServerDied`, naming the server and showing the end of its log, unless all of them run."""
        for server in self._servers:
            server.check()

    def _start(self) -> None:
        lock, site = self._take_site()
        if self._wants_valkey:
            self._servers.append(valkey_server.start(site))
        if self._wants_postgres:
            self._servers.append(
                postgres_server.start(site, self._postgres_settings, sync_new_data=not self._ephemeral)
            )
        site.running.close()  # from here on, the servers alone hold it
        sockets = site.socket_directory
        if self._wants_postgres:
            self._await(partial(postgres_server.answers, sockets))
            postgres_server.create_roles_and_database(sockets)
        if self._wants_valkey:
            self._await(partial(valkey_server.answers, sockets))
        self._addresses = Addresses(sockets, has_postgres=self._wants_postgres, has_valkey=self._wants_valkey)
        places.announce(lock, sockets)

    def _take_site(self) -> tuple[OwnDescriptor, Site]:
        """Make sure that the data directory is ours alone and fit for the servers; give our lock on it."""
        if self._ephemeral:
            directory = places.make_temporary_folder(server_account(None))
            self._cleanup.callback(shutil.rmtree, directory, ignore_errors=True)
        else:
            directory = (self._wanted_directory or places.default_data_directory()).absolute()
            places.make_folder(directory)
        lock = places.hold(directory)
        self._cleanup.callback(lock.close)
        account = server_account(directory / places.CLUSTER)
        places.require_entry(directory, account)
        running = places.await_earlier_servers(directory)
        self._cleanup.callback(running.close)
        sockets = places.make_socket_folder(directory, account)
        self._cleanup.callback(shutil.rmtree, sockets, ignore_errors=True)
        self._cleanup.callback(self._stop_servers)
        removable = (sockets, directory) if self._ephemeral else (sockets,)
        return lock, Site(directory, sockets, account, running, removable)

    def _await(self, answers: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not answers():
            try:
                self.check()
            except ServerDied as error:
                raise ServerStartFailed(f"While starting: {error}") from error
            if time.monotonic() > deadline:
                logs = "\n".join(server.log_tail() for server in self._servers)
                raise ServerStartFailed(f"No answer within {START_TIMEOUT_S:.0f} s. The logs end:\n{logs}")
            time.sleep(POLL_S)

    def _stop_servers(self) -> None:
        for server in self._servers:
            server.request_stop()
        for server in self._servers:
            server.stop()

    def _stop(self) -> None:
        if self._owner_pid != os.getpid():
            return  # a forked copy: the servers are not its own
        self._addresses = None
        self._cleanup.close()
