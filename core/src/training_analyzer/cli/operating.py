"""What commands for whoever runs this stand on: the servers of the deployment, and every athlete."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from training_analyzer.cli import logs
from training_analyzer.domain.errors import ConfigurationError, Missing
from training_analyzer.settings import PREFIX

if TYPE_CHECKING:
    from training_analyzer.runtime import Runtime

AT_ONCE = 200


@contextmanager
def operating() -> Iterator["Runtime"]:
    """Yield a runtime on the deployment's servers: those of the settings, or of the `up` that runs here."""
    settings = logs.settings()
    from training_analyzer.cli import services
    from training_analyzer.cli.ground import with_running_servers
    from training_analyzer.runtime import Runtime, data_directory

    settings = with_running_servers(settings)
    if settings.database_url is None:
        raise ConfigurationError(
            f"No `training-analyzer up` runs on {data_directory(settings)}. Start it, or set "
            f"{PREFIX}DATABASE_URL where the database is another."
        )
    services.require(settings)
    runtime = Runtime(settings)
    try:
        yield runtime
    finally:
        runtime.close()


def every_athlete(runtime: "Runtime") -> Iterator[UUID]:
    """Yield every athlete's id. Whoever is erased meanwhile may be among them."""
    from training_analyzer.storage import athletes

    behind: UUID | None = None
    while True:
        with runtime.database.transaction() as tx:
            page = athletes.every_id(tx, behind=behind, at_most=AT_ONCE)
        yield from page
        if len(page) < AT_ONCE:
            return
        behind = page[-1]


def athlete_named(runtime: "Runtime", email: str) -> UUID:
    """Return whose e-mail address this is. Raises Missing."""
    from training_analyzer.storage import athletes

    with runtime.database.transaction() as tx:
        found = athletes.login(tx, email)
    if found is None:
        raise Missing(f"no athlete has the e-mail address {email}; `training-analyzer athletes` lists them")
    return found[0]
