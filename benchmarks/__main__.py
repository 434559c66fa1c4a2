"""
`make bench`: run every benchmark and print the ratios.

The files of a whole export and the requests of a simulated day take minutes each.
`make bench ARGS="--metrics"`: those of metrics alone. `--peers FOLDER`: keep the peers' environments.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import history, metrics, printing, subjects
from benchmarks.peers.comparing import compare_peers
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.storage import athletes
from training_analyzer.storage.database import Database
from training_analyzer.storage.migrating import migrate
from training_analyzer.worker.run import keep_what_is_loaded


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--metrics", action="store_true", help="only what metrics cost, and the peers")
    parser.add_argument("--no-peers", action="store_true", help="install nothing")
    parser.add_argument("--files", type=int, default=2000, help="how many files the bulk export holds")
    parser.add_argument("--peers", type=Path, help="where the peers' environments are kept between runs")
    asked = parser.parse_args()
    if not asked.metrics:
        _everything_else()
        # Processes of their own: what is looked at is their memory, too. A figure that is missed is printed.
        for command in (["benchmarks.files", str(asked.files)], ["benchmarks.requests", "--short"]):
            subprocess.run([sys.executable, "-m", *command], check=False)
    _metrics()
    if not asked.no_peers:
        printing.print_peers(compare_peers(asked.peers))


def _metrics() -> None:
    loaded = metrics.registry()
    keep_what_is_loaded()  # as every worker does before it forks
    with EmbeddedServers(ephemeral=True) as servers:
        migrate(servers.database_owner_url, servers.database_url)
        database = Database(servers.database_url)
        printing.print_costs(
            (
                *metrics.a_ride(loaded),
                *metrics.a_year(database, loaded, servers.database_owner_url),
                *metrics.many_athletes(loaded),
                *metrics.a_day_long(),
            )
        )
        database.close()


def _everything_else() -> None:
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
            *history.five_years(database, athlete_id, servers.database_owner_url),
            *subjects.grounding(),
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
