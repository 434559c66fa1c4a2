"""
What ingestion spends of a provider's quota: simulated days with the real gate, work table, fairness and
plugin, over HTTP against the local Strava.

    python -m benchmarks.requests            # the table of docs/performance.md: some minutes
    python -m benchmarks.requests --short    # one day instead of three
    python -m benchmarks.requests --only rush
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.requests import memory, scenarios
from benchmarks.requests.figures import Figure
from training_analyzer.embedded import EmbeddedServers
from training_analyzer.storage.migrating import migrate


def figures(servers: EmbeddedServers, *, short: bool) -> Mapping[str, Callable[[], Iterator[Figure]]]:
    """Return the scenarios by name."""

    def alone() -> Iterator[Figure]:
        yield from scenarios.alone(
            servers, (0.1, 14.2) if short else (0.1, 6.2, 12.6, 18.1, 23.7), closed=True
        )
        yield from scenarios.alone(servers, (9.05,) if short else (0.1, 9.05, 20.3), closed=False)

    return {
        "memory": lambda: memory.memory(servers),
        "alone": alone,
        "steady": lambda: scenarios.steady(servers),
        "crowd": lambda: scenarios.crowd(servers, 1 if short else 3),
        "rush": lambda: scenarios.rush(servers),
    }


def run(names: Sequence[str], *, short: bool) -> Iterator[Figure]:
    with EmbeddedServers(ephemeral=True) as servers:
        migrate(servers.database_owner_url, servers.database_url)
        for name, scenario in figures(servers, short=short).items():
            if not names or name in names:
                yield from scenario()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="one day of the crowd instead of three")
    parser.add_argument("--only", nargs="+", default=[], help="memory, alone, steady, crowd or rush")
    parser.add_argument("--json", action="store_true", help="for programs")
    given = parser.parse_args()
    found = []
    for one in run(given.only, short=given.short):
        found.append(one)
        sys.stderr.write(f"{one.what}: {one.measured}\n")
    if given.json:
        print(json.dumps([one.__dict__ for one in found], indent=2, ensure_ascii=False))
    else:
        table = Table("figure", "measured", "wanted", "")
        for one in found:
            table.add_row(one.what, one.measured, one.wanted, "" if one.holds else "no")
        Console().print(table)
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
