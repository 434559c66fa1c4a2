"""`make bench`: run every benchmark and print the ratios."""

from rich.console import Console
from rich.table import Table

from benchmarks import subjects
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.storage import athletes
from training_analyzer.storage.database import Database
from training_analyzer.storage.migrating import migrate


def main() -> None:
    table = Table("what", "subject", "ms", "yardstick", "ms", "ratio", title="Medians of one run")
    with EmbeddedServers(ephemeral=True) as servers:
        migrate(servers.database_owner_url, servers.database_url)
        database = Database(servers.database_url)
        with database.transaction() as tx:
            athlete_id = athletes.register(
                tx, email="bench@example.org", password_hash="-", name="", sex=None, birth_year=None
            )
        for comparison in (
            *subjects.gate(servers),
            *subjects.a_unit_of_work(database, athlete_id),
            *subjects.a_year_of_days(database, athlete_id),
            *subjects.metrics_of_a_ride(),
        ):
            table.add_row(
                comparison.name,
                comparison.subject,
                f"{comparison.subject_ms:.2f}",
                comparison.yardstick,
                f"{comparison.yardstick_ms:.2f}",
                f"{comparison.ratio:.2f}",
            )
        database.close()
    Console().print(table)


if __name__ == "__main__":
    main()
