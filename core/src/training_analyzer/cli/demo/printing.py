"""The report as a person reads it, in the terminal."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from training_analyzer.cli.demo.chart import chart
from training_analyzer.cli.demo.report import Report
from training_analyzer.cli.demo.watching import clock, owed

NARROWEST: Final = 60
WIDEST: Final = 110
OF_THE_WEEK: Final = (
    *("fitness", "fatigue", "form", "ramp_rate"),
    *("daily_load", "load_7d", "load_42d", "history_days"),
)
"""What the report shows of all the series; the rest is in the JSON."""
CHARTED: Final = ("fitness", "fatigue", "form")


def show(report: Report, console: Console) -> None:
    """Print the report."""
    console.print()
    console.rule("[bold]Training Analyzer: what the demonstration has shown")
    for title, body in (
        ("Connection", _connection(report)),
        (f"Activities of the year before {report.today:%d %B %Y}", _activities(report)),
        ("Requests", _requests(report)),
        ("This week", _week(report)),
        ("Fitness, fatigue and form", _chart(report, console)),
        ("Insight", _insight(report.insight)),
    ):
        console.print()
        console.print(Text(title, style="bold"))
        console.print(body)
    console.print()
    without = report.progress["recordings"]["all"]["without_more"]
    if without:
        console.print(f"Of {without} recordings the provider has a summary and no readings.", style="dim")
    console.print(f"Done in {report.seconds:.0f} s.", style="dim")


def _connection(report: Report) -> RenderableType:
    table = _grid()
    account = report.account
    table.add_row(report.provider, f"{account['status']}, with {', '.join(account['scopes'])}")
    if account["problem"]:
        table.add_row("", Text(account["problem"], style="yellow"))
    for name, description in report.stand_ins.items():
        table.add_row("stand-in" if name == report.provider else name, Text(description, style="yellow"))
    return table


def _activities(report: Report) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("sport", "activities", "hours", "km", "with all readings"):
        table.add_column(heading, justify="left" if heading == "sport" else "right", header_style="dim")
    for total in report.sports:
        table.add_row(
            total.sport.replace("_", " "),
            str(total.activities),
            f"{total.hours:.0f}",
            f"{total.kilometres:.0f}",
            str(total.with_samples),
        )
    table.add_row(
        "together",
        str(sum(t.activities for t in report.sports)),
        f"{sum(t.hours for t in report.sports):.0f}",
        f"{sum(t.kilometres for t in report.sports):.0f}",
        str(sum(t.with_samples for t in report.sports)),
        style="bold",
    )
    return table


def _requests(report: Report) -> RenderableType:
    progress = report.progress
    spent = progress["requests"]
    table = _grid()
    table.add_row("spent", ", ".join(f"{purpose} {number}" for purpose, number in spent.items()))
    there = ", ".join(f"{purpose} {number}" for purpose, number in report.requests_counted_there.items())
    table.add_row("counted there", there)
    for quota in progress["quota"] or ():
        table.add_row(
            quota["name"].replace("_", " "),
            f"{quota['used']} of {quota['limit']}, opens again {clock(quota['resets_at'])}",
        )
    table.add_row("still owed", owed(progress) or "nothing")
    frontier = progress["frontier"]
    if frontier["since"]:
        rest = "everything" if frontier["complete"] else "older ones are still to be listed"
        table.add_row("listed", f"from {frontier['since'][:10]} on; {rest}")
    if progress["arrives_at"]:
        needed = f"{progress['requests_owed']} requests, the last by {clock(progress['arrives_at'])}"
        table.add_row("still needed", needed)
    if progress["opens_at"]:
        table.add_row("goes on", clock(progress["opens_at"]))
    for waiting in progress["waiting"]:
        told = f"{waiting['kind']}: {waiting['reason']}; tried again {clock(waiting['until'])}"
        table.add_row("waiting", Text(told, style="yellow"))
    for parked in progress["parked"]:
        table.add_row("parked", Text(f"{parked['kind']}: {parked['reason']}", style="yellow"))
    return table


def _week(report: Report) -> RenderableType:
    table = _grid()
    shown = {_name(key): (key, metric) for key, metric in report.metrics.items() if _name(key) in OF_THE_WEEK}
    for name in (name for name in OF_THE_WEEK if name in shown):
        key, metric = shown[name]
        values = report.series.get(key, ())
        now, before = _last(values, 0), _last(values, 7)
        if now is None:
            continue
        decimals = metric["decimals"]
        then = "" if before is None else f"[dim]a week ago {before:.{decimals}f}[/dim]"
        unit = f" {metric['unit']}" if metric["unit"] else ""
        table.add_row(metric["title"], f"{now:.{decimals}f}{unit}", then)
    return table


def _last(values: tuple[float | None, ...], days_ago: int) -> float | None:
    return values[-1 - days_ago] if len(values) > days_ago else None


def _chart(report: Report, console: Console) -> RenderableType:
    series = {
        _name(key): report.series[key]
        for key in report.metrics
        if _name(key) in CHARTED and key in report.series
    }
    if not series or not report.days:
        return Text("no days yet", style="dim")
    width = min(max(console.width, NARROWEST), WIDEST)
    drawn = chart(report.days, series, width=width, colour=console.is_terminal)
    return Text.from_ansi(drawn)


def _name(key: str) -> str:
    """Return a metric's name without its plugin's."""
    return key.partition(".")[2]


def _insight(insight: Mapping[str, Any] | None) -> RenderableType:
    if insight is None:
        return Text("none was written", style="yellow")
    lines: list[RenderableType] = [Text(insight["headline"], style="bold"), Text()]
    lines += [Text(f"• {observation['text']}") for observation in insight["observations"]]
    lines += [Text(), Text(insight["recommendation"])]
    lines += [Text(caveat, style="dim") for caveat in insight["caveats"]]
    writer = insight["backend"] + (f" ({insight['model']})" if insight["model"] else "")
    signature = f"written by {writer}, cost ${insight['cost_usd']:.5f}, confidence {insight['confidence']}"
    lines += [Text(), Text(signature, style="dim")]
    lines += [Text(note, style="dim") for note in insight["notes"]]
    return Panel(Group(*lines), expand=False, width=None)


def _grid() -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    return table
