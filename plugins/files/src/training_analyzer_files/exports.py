"""What Strava's and Garmin's archives say of the recordings in them: names, sports, descriptions."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from training_analyzer.sdk import Activity, BadData, Sport, Summary
from training_analyzer_files.dates import read_date
from training_analyzer_files.encodings import text_of
from training_analyzer_files.settings import MEGABYTE
from training_analyzer_files.sports import is_indoor, sport_of
from training_analyzer_files.totals import checked, possible
from training_analyzer_files.xml.recordings import number

Details = Mapping[str, Any]

LIST = "activities.csv"
"""Strava's list of activities."""
LARGEST_LIST = 64 * MEGABYTE
csv.field_size_limit(LARGEST_LIST)  # of all in this process: else one long description loses the whole list

_IDENTITY, _WHEN, _NAME, _TYPE, _DESCRIPTION, _ELAPSED = 0, 1, 2, 3, 4, 5
"""Strava translates the headings of `activities.csv`, and leaves these columns in their places."""
_FROM_SECOND_ELAPSED: Mapping[str, int] = {
    "Activity Gear": -4,
    "Elapsed Time": 0,
    "Moving Time": 1,
    "Distance": 2,
    "Elevation Gain": 5,
}
"""And these, counted from where the heading of the elapsed time stands again, before values in SI units."""
_FOLDERS = ("activities/", "activities\\")
_PACKED = ".gz"
_LONGEST_NUMBER = 20
_NO_NUMBER = "The row in the list begins with no number, so that nobody can tell it from others."
_GARMIN_KEPT = ("activityId", "name", "activityType", "sportType", "beginTimestamp", "description")


@dataclass(slots=True)
class Export:
    """What is known beforehand of the files in an archive."""

    is_garmin: bool = False
    by_file: dict[str, list[Details]] = field(default_factory=dict)
    by_start: dict[int, Details] = field(default_factory=dict)
    without_file: list[Details] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    unread: list[tuple[str, str]] = field(default_factory=list)

    def details_of(self, name: str, start: datetime) -> Details | None:
        """Return what is said of a recording: by its file's name, or by when it began."""
        if rows := next((self.by_file[one] for one in _packed_or_not(name) if one in self.by_file), None):
            return (
                rows[0] if len(rows) == 1 else min(rows, key=lambda row: abs((_when(row) or start) - start))
            )
        second = int(start.timestamp())
        near = (self.by_start.get(second + shift) for shift in (0, 1, -1))
        return next(filter(None, near), None)

    def missing(self) -> Iterator[tuple[str, Details]]:
        """Yield the rows whose file is not in the archive."""
        for name, rows in self.by_file.items():
            if self.seen.isdisjoint(_packed_or_not(name)):
                yield from ((name, row) for row in rows)


def _packed_or_not(name: str) -> tuple[str, str]:
    """Return the name, and that of the same file once somebody has unpacked or packed it."""
    return name, name.removesuffix(_PACKED) if name.endswith(_PACKED) else name + _PACKED


def add_strava(export: Export, content: bytes, folder: str) -> None:
    """Add the rows of `activities.csv`, which lies in `folder`. Raises `BadData`."""
    try:
        rows = list(csv.reader(io.StringIO(text_of(content).replace("\0", ""), newline="")))
    except csv.Error as error:
        raise BadData(f"The list of activities cannot be read: {error}.") from error
    if not rows or len(rows[0]) <= _TYPE:
        raise BadData("The list of activities has no columns that we know.")
    if rows[1:] and not any(_is_number(row[_IDENTITY]) for row in rows[1:] if row):
        raise BadData("This is no list of activities of Strava's: there, each row begins with a number.")
    columns, file_column = rows[0], _file_column(rows)
    for row in rows[1:]:
        if len(row) <= _TYPE:
            continue
        details = {"source": "strava", "columns": columns, "values": row}
        name = row[file_column].strip() if file_column is not None and file_column < len(row) else ""
        name = name.replace("\\", "/")  # as a spreadsheet's user may have it
        if name:
            export.by_file.setdefault(folder + name, []).append(details)
        elif _is_number(row[_IDENTITY]):
            export.without_file.append(details)
        else:
            export.unread.append((f"{folder}{LIST}: {name_of(details)}", _NO_NUMBER))


def _file_column(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the column of file names: by its English heading, else by what stands in it."""
    if "Filename" in rows[0]:
        return rows[0].index("Filename")
    named = (column for row in rows[1:] for column, text in enumerate(row) if text.startswith(_FOLDERS))
    return next(named, None)


def add_garmin(export: Export, content: bytes) -> None:
    """Add what a `…_summarizedActivities.json` says. Raises `BadData`."""
    try:
        pages = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadData("Garmin's list of activities is no JSON.") from error
    for page in pages if isinstance(pages, list) else []:
        said = page.get("summarizedActivitiesExport") if isinstance(page, dict) else None
        for activity in said if isinstance(said, list) else []:
            begin = activity.get("beginTimestamp") if isinstance(activity, dict) else None
            if isinstance(begin, int | float) and abs(begin) < 1e15:  # noqa: PLR2004 - the year 33,658
                kept = {key: activity[key] for key in _GARMIN_KEPT if key in activity}
                export.by_start[int(begin / 1000)] = {"source": "garmin", **kept}


def with_details(activity: Activity, details: Details | None, *, is_part: bool) -> Activity:
    """Add what the archive says. The athlete's own word for the sport counts; not of parts of a file."""
    if details is None:
        return activity
    if details.get("source") == "garmin":
        title, word = str(details.get("name") or ""), str(details.get("activityType") or "")
    else:
        title, word = _value(details, _NAME), _value(details, _TYPE)
    changed: dict[str, object] = {
        "title": title or activity.title,
        "description": _description(details),
        "gear": _gear(details),
    }
    sport = sport_of(word)
    if sport is not Sport.OTHER and not is_part:
        changed |= {"sport": sport, "sport_name": word, "indoor": activity.indoor or is_indoor(word)}
    exertion = _positive(_named(details, "Perceived Exertion"))
    if exertion is not None:
        changed["summary"] = activity.summary.model_copy(update={"perceived_exertion": exertion})
    return Activity(**(dict(activity) | changed))  # a copy's texts would be as they came


def manual_activity(details: Details) -> Activity:
    """Make an activity of a row that has no file: one that the athlete entered by hand. Raises `BadData`."""
    begin = _when(details)
    elapsed = _positive(_named(details, "Elapsed Time"))
    if begin is None or elapsed is None:
        raise BadData("The list of activities names no file for this one, and no time that can be read.")
    checked(elapsed)
    word = _value(details, _TYPE)
    return Activity(
        sport=sport_of(word),
        sport_name=word,
        title=_value(details, _NAME),
        description=_description(details),
        gear=_gear(details),
        started_at=begin,
        utc_offset_is_guessed=True,
        elapsed_s=elapsed,
        moving_s=min(_positive(_named(details, "Moving Time")) or elapsed, elapsed),
        distance_m=possible(elapsed, _metres(details)),
        ascent_m=possible(elapsed, _positive(_named(details, "Elevation Gain"))),
        indoor=is_indoor(word),
        manual=True,
        summary=Summary(perceived_exertion=_positive(_named(details, "Perceived Exertion"))),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.strip().isdecimal() and len(text) <= _LONGEST_NUMBER


def name_of(details: Details) -> str:
    """Return by what the athlete will know a row of Strava's list: its name, or its number."""
    return _value(details, _NAME) or identity_of(details)


def identity_of(details: Details) -> str:
    """Return Strava's own number of an activity."""
    return _value(details, _IDENTITY)


def _description(details: Details) -> str:
    if details.get("source") == "garmin":
        return str(details.get("description") or "")
    return _named(details, "Activity Description") or _value(details, _DESCRIPTION)


def _gear(details: Details) -> str:
    """Return the bicycle or the shoes by name."""
    return _named(details, "Activity Gear")


def _when(details: Details) -> datetime | None:
    """Return when a row's activity began; None where nobody can tell."""
    return read_date(_value(details, _WHEN))


def _pairs(details: Details) -> list[tuple[str, str]]:
    columns, values = details.get("columns"), details.get("values")
    if not isinstance(columns, list) or not isinstance(values, list):
        return []
    return [(str(column), str(value)) for column, value in zip(columns, values, strict=False)]


def _value(details: Details, column: int) -> str:
    pairs = _pairs(details)
    return pairs[column][1].strip() if column < len(pairs) else ""


def _named(details: Details, column: str) -> str:
    """Return the last value under a heading, translated or not: of those repeated, the one in SI units."""
    pairs = _pairs(details)
    said = next((value for name, value in reversed(pairs) if name == column and value), "")
    place = _translated_place([name for name, _ in pairs], column)
    return said or ("" if place is None or place >= len(pairs) else pairs[place][1].strip())


def _translated_place(columns: Sequence[str], wanted: str) -> int | None:
    """Return where a column stands whose heading is translated; None where that cannot be told."""
    if wanted not in _FROM_SECOND_ELAPSED or len(columns) <= _ELAPSED or wanted in columns:
        return None
    again = [place for place, name in enumerate(columns) if name == columns[_ELAPSED]][1:]
    if again:
        return again[0] + _FROM_SECOND_ELAPSED[wanted]
    return _ELAPSED if wanted == "Elapsed Time" else None


def _metres(details: Details) -> float | None:
    """Return the distance in metres: the first one is in the athlete's units, whichever these are."""
    columns = [name for name, _ in _pairs(details)]
    is_there = columns.count("Distance") > 1 or _translated_place(columns, "Distance") is not None
    return _positive(_named(details, "Distance")) if is_there else None


def _positive(text: str) -> float | None:
    value = number(text.replace(",", ""))
    return value if value > 0 else None
