"""The command `training-analyzer-strava-simulator`: serves a local Strava until it is stopped."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from training_analyzer_strava.simulator.app import create_app
from training_analyzer_strava.simulator.clock import Clock, as_utc, clock_running_from, system_clock
from training_analyzer_strava.simulator.generated import generated_world
from training_analyzer_strava.simulator.recorded import RecordedAthlete
from training_analyzer_strava.simulator.serving import address_of, bind, server_of
from training_analyzer_strava.simulator.settings import Limit, Settings
from training_analyzer_strava.simulator.world import World


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the address as the first line, then serve; 0 after Ctrl-C, 2 if the arguments make no sense."""
    parser = command_line()
    given = parser.parse_args(arguments)
    try:
        world, clock = world_and_clock(given)
        bound = bind(given.host, given.port)
    except (OSError, ValueError) as error:
        parser.error(f"{error}")
    app = create_app(world, settings_from(given), clock)
    sys.stdout.write(address_of(bound) + "\n")
    sys.stdout.flush()
    try:
        server_of(app).run(sockets=[bound])
    except KeyboardInterrupt:
        return 0
    return 0


def command_line() -> argparse.ArgumentParser:
    defaults = Settings()
    parser = argparse.ArgumentParser(
        prog="training-analyzer-strava-simulator",
        description="A local stand-in for Strava: OAuth, API, rate limits, and an athlete who is made up from"
        " a seed or read from recorded answers.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another athlete (%(default)s)")
    parser.add_argument("--athletes", type=int, default=1, help="how many, from that seed on (%(default)s)")
    parser.add_argument(
        "--recorded", type=Path, metavar="DIR", help="serve the recorded answers in this folder"
    )
    parser.add_argument(
        "--as-of", type=instant, metavar="ISO", help="where the clock starts; then it runs on"
    )
    parser.add_argument("--client-id", type=int, default=defaults.client_id, help="(%(default)s)")
    parser.add_argument("--client-secret", default=defaults.client_secret, help="(%(default)s)")
    parser.add_argument("--read-limit", type=limit, default=defaults.read_limit, help="(%(default)s)")
    parser.add_argument("--overall-limit", type=limit, default=defaults.overall_limit, help="(%(default)s)")
    parser.add_argument(
        "--capacity", type=int, default=defaults.capacity, help="athletes that may connect (%(default)s)"
    )
    parser.add_argument(
        "--year-2027", action="store_true", help="tokens in the header only, and no /oauth/deauthorize"
    )
    return parser


def limit(text: str) -> Limit:
    """A limit written as `quarter hour,day`."""
    try:
        quarter_hour, day = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"write two numbers, such as 100,1000, not {text!r}") from None
    return Limit(quarter_hour, day)


def instant(text: str) -> datetime:
    try:
        return as_utc(datetime.fromisoformat(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"write a time such as 2026-11-23T08:00:00Z, not {text!r}") from None


def settings_from(given: argparse.Namespace) -> Settings:
    return Settings(
        client_id=given.client_id,
        client_secret=given.client_secret,
        capacity=given.capacity,
        overall_limit=given.overall_limit,
        read_limit=given.read_limit,
        year_2027=given.year_2027,
    )


def world_and_clock(given: argparse.Namespace) -> tuple[World, Clock]:
    """Who is there, and the time: `--as-of`, else the end of the newest recorded activity, else now."""
    clock = clock_running_from(given.as_of) if given.as_of else system_clock
    if given.recorded:
        athlete = RecordedAthlete(given.recorded)
        return World([athlete]), clock if given.as_of else clock_running_from(athlete.newest_instant)
    return generated_world(given.seed, clock(), given.athletes), clock


if __name__ == "__main__":
    sys.exit(main())
