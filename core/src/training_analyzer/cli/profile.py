"""`training-analyzer profile`: what is known of an athlete's body, and what is suggested."""

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

if TYPE_CHECKING:
    from training_analyzer.domain.events import ThresholdsChanged
    from training_analyzer.runtime import Runtime
    from training_analyzer.storage.database import Transaction

app = typer.Typer(
    name="profile",
    help="What is known of an athlete's body from which day on: list, set, remove; suggestions.",
    no_args_is_help=True,
)

Athlete = Annotated[str, typer.Option("--athlete", "-a", help="Whose it is: the e-mail address.")]
Json = Annotated[bool, typer.Option("--json", help="For programs: a list of objects.")]
From = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day on which it holds.")
]
Id = Annotated[UUID, typer.Argument(help="Its id.")]


@app.callback()
def profile() -> None:
    """What is known of an athlete's body. Numbers that rest on it are computed again when it changes."""


@app.command("list")
def list_values(*, athlete: Athlete, as_json: Json = False) -> None:
    """
    List every value, oldest first: the newest up to a day counts on that day.

    The first of each quantity counts for all days before it, too.
    """
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.storage import thresholds

    with operating() as runtime:
        athlete_id = athlete_named(runtime, athlete)
        with runtime.database.transaction(athlete_id) as tx:
            found = thresholds.of_athlete(tx, athlete_id)
    columns = ("name", "value", "valid_from", "sport", "source", "method", "id")
    _show([{column: getattr(one, column) for column in columns} for one in found], as_json=as_json)


@app.command("set")
def set_values(
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=VALUE...",
            help="Such as functional_threshold_power_w=250, or heart_rate_zones_bpm=120,140,160.",
        ),
    ],
    *,
    athlete: Athlete,
    valid_from: From = None,
    sport: Annotated[str | None, typer.Option(help="Only for this sport. [default: all]")] = None,
) -> None:
    """
    Set values from a day on (default: today). One of the same day and sport is replaced.

    The first value of a quantity counts for all days before it, too.
    """
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.domain.sport import Sport
    from training_analyzer.processing import profile as body
    from training_analyzer.processing.days import today
    from training_analyzer.storage.thresholds import DatedThreshold

    try:
        of_sport = None if sport is None else Sport(sport)
    except ValueError:
        raise typer.BadParameter(f"use one of {', '.join(Sport)}", param_hint="--sport") from None
    wanted = dict(map(_read, values))
    for name, value in wanted.items():
        why = body.unknown(name) or body.wrong(name, value)
        if why:
            raise typer.BadParameter(why, param_hint="NAME=VALUE")
    with operating() as runtime:
        athlete_id = athlete_named(runtime, athlete)
        with runtime.database.transaction(athlete_id) as tx:
            day = _day(valid_from) or today(tx, athlete_id, runtime.now())[0]
            dated = [DatedThreshold(name, value, day, of_sport) for name, value in wanted.items()]
            _record(runtime, tx, body.store(tx, athlete_id, dated))
    typer.echo(f"Set from {day} on. Numbers that rest on it are computed again.")


@app.command()
def remove(value: Id, *, athlete: Athlete) -> None:
    """Forget a value. What held before it holds on; of the first one, the next counts for the time before."""
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.processing import profile as body

    with operating() as runtime:
        athlete_id = athlete_named(runtime, athlete)
        with runtime.database.transaction(athlete_id) as tx:
            _record(runtime, tx, body.remove(tx, athlete_id, value))
    typer.echo("Forgotten. Numbers that rested on it are computed again.")


@app.command()
def suggestions(
    *,
    athlete: Athlete,
    everything: Annotated[bool, typer.Option("--all", help="Also those that were decided on.")] = False,
    as_json: Json = False,
) -> None:
    """List what training shows and providers know of the athlete. Nothing is applied by itself."""
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.storage import suggestions as stored

    with operating() as runtime:
        athlete_id = athlete_named(runtime, athlete)
        with runtime.database.transaction(athlete_id) as tx:
            found = stored.of_athlete(tx, athlete_id, status=None if everything else stored.OPEN)
    rows = [
        {
            **one.suggestion.model_dump(mode="json", include={"values", "sport", "valid_from", "method"}),
            **one.suggestion.model_dump(mode="json", include={"confidence", "explanation"}),
            "source": one.source,
            "status": one.status,
            "id": one.id,
        }
        for one in found
    ]
    _show(rows, as_json=as_json)


@app.command()
def accept(suggestion: Id, *, athlete: Athlete, valid_from: From = None) -> None:
    """Take over what is suggested: from its day on, or in place of a newer value; or from another day."""
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.processing import profile as body

    with operating() as runtime:
        athlete_id = athlete_named(runtime, athlete)
        with runtime.database.transaction(athlete_id) as tx:
            changed = body.accept(tx, athlete_id, suggestion, valid_from=_day(valid_from), now=runtime.now())
            _record(runtime, tx, changed)
    typer.echo(f"Taken over from {changed.first_day} on. Numbers that rest on it are computed again.")


@app.command()
def dismiss(suggestion: Id, *, athlete: Athlete) -> None:
    """Leave everything as it is. What is nearly the same is not suggested again."""
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.processing import profile as body

    with operating() as runtime:
        athlete_id = athlete_named(runtime, athlete)
        with runtime.database.transaction(athlete_id) as tx:
            body.dismiss(tx, suggestion, now=runtime.now())
    typer.echo("Dismissed.")


def _record(runtime: "Runtime", tx: "Transaction", changed: "ThresholdsChanged") -> None:
    from training_analyzer import pipeline

    pipeline.record(tx, [changed], now=runtime.now())


def _read(written: str) -> tuple[str, float | list[float]]:
    name, equals, value = written.partition("=")
    try:
        numbers = [float(number) for number in value.split(",")]
    except ValueError:
        numbers = []
    if not equals or not numbers:
        raise typer.BadParameter(
            f"{written} is no NAME=NUMBER, such as weight_kg=62.5", param_hint="NAME=VALUE"
        )
    return name.strip(), numbers if "," in value else numbers[0]


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    if as_json:
        typer.echo(json.dumps(rows, indent=2, default=str))
        return
    if not rows:
        typer.echo("There is nothing.", err=True)
        return
    columns = [Column(name.replace("_", " "), overflow="fold") for name in rows[0]]
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_told(value) for value in row.values()))
    Console(highlight=False).print(table)


def _told(value: Any) -> str:
    match value:
        case None | "":
            return "-"
        case dict():
            return "\n".join(f"{name}={_told(number)}" for name, number in value.items())
        case list() | tuple():
            return ",".join(map(_told, value))
        case float():
            return f"{value:g}"
        case _:
            return str(value)
