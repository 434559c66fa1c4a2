"""What the demonstration has shown, collected through REST: for a person to read, or a program (`--json`)."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from training_analyzer.cli.demo.visit import Visitor
from training_analyzer.domain.values import Value
from training_analyzer.sdk import DemoStandIn


class SportTotal(Value):
    """One sport over the year."""

    sport: str
    activities: int
    hours: float
    kilometres: float
    with_samples: int


class Report(Value):
    """Everything that the demonstration reports."""

    complete: bool
    """The newest weeks and the year are in, and explained."""
    seconds: float
    """From the first click to the end."""
    today: date
    stand_ins: Mapping[str, str]
    provider: str
    account: Mapping[str, Any]
    progress: Mapping[str, Any]
    """As `GET /connections/{id}/progress` says it at the end."""
    requests_counted_there: Mapping[str, int]
    """What the stand-in counted itself, by purpose."""
    sports: tuple[SportTotal, ...]
    activities: tuple[Mapping[str, Any], ...]
    """Of the year before the newest, newest first."""
    days: tuple[date, ...]
    series: Mapping[str, tuple[float | None, ...]]
    metrics: Mapping[str, Mapping[str, Any]]
    insight: Mapping[str, Any] | None


def collect(
    visitor: Visitor,
    connection_id: str,
    stand_ins: Mapping[str, DemoStandIn],
    *,
    today: date,
    seconds: float,
    complete: bool,
) -> Report:
    """Ask for everything that the report holds."""
    connection = visitor.get(f"/connections/{connection_id}")
    activities = visitor.all_activities(today - timedelta(days=365))
    metrics = {metric["key"]: metric for metric in visitor.get("/metrics")["items"]}
    daily = [key for key, metric in metrics.items() if metric["of"] == "day"]
    columns = visitor.get(
        "/days",
        metrics=",".join(daily),
        **{"from": (today - timedelta(days=365)).isoformat(), "to": today.isoformat()},
    )
    insights = visitor.get("/insights?kind=week")["items"]
    provider = connection["provider"]
    return Report(
        complete=complete,
        seconds=round(seconds, 1),
        today=today,
        stand_ins={name: stand_in.description for name, stand_in in stand_ins.items()},
        provider=provider,
        account=connection,
        progress=visitor.get(f"/connections/{connection_id}/progress"),
        requests_counted_there=dict(stand_ins[provider].requests()),
        sports=_sports(activities),
        activities=tuple(activities),
        days=tuple(date.fromisoformat(day) for day in columns["days"]),
        series={key: tuple(column["values"]) for key, column in columns["series"].items()},
        metrics={key: metrics[key] for key in daily},
        insight=insights[0] if insights else None,
    )


def _sports(activities: list[dict[str, Any]]) -> tuple[SportTotal, ...]:
    counted = Counter(activity["sport"] for activity in activities)
    return tuple(
        SportTotal(
            sport=sport,
            activities=number,
            hours=round(sum(a["moving_s"] for a in activities if a["sport"] == sport) / 3600, 1),
            kilometres=round(sum(a["distance_m"] or 0 for a in activities if a["sport"] == sport) / 1000, 1),
            with_samples=sum(a["has_samples"] for a in activities if a["sport"] == sport),
        )
        for sport, number in counted.most_common()
    )
