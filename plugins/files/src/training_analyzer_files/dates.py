"""Dates as Strava writes them into `activities.csv`: in UTC, and in the language of the athlete."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

_MONTHS: Mapping[str, int] = {
    beginning: month
    for month, beginnings in enumerate(
        (
            "jan ene gen",
            "feb fev",
            "mar mrz mrt maa mae",
            "apr avr abr",
            "may mai mei mag",
            "jun juin giu",
            "jul juil lug",
            "aug aou ago",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez dic",
        ),
        start=1,
    )
    for beginning in beginnings.split()
}
"""How months begin in English, German, French, Spanish, Italian, Portuguese and Dutch, without accents."""

_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\s*([ap])?\.?\s?m?\.?\s*$")
_YEAR_FIRST = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})\D*")
_WORDS = re.compile(r"[a-z]+|\d+")


def read_date(text: str) -> datetime | None:
    """Return the moment; None where the text is no date that we know."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).strip()
    time = _TIME.search(plain)
    if time is None:
        return None
    hour = int(time[1])
    if time[4]:
        hour = hour % 12 + (12 if time[4] == "p" else 0)
    try:
        day = _day(plain[: time.start()])
        return None if day is None else datetime(*day, hour, int(time[2]), int(time[3] or 0), tzinfo=UTC)
    except (ValueError, OverflowError):  # numbers that no calendar has, however long
        return None


def _day(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day. Where all are numbers and the year comes last, the day comes first."""
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    words = _WORDS.findall(text)
    numbers = [int(word) for word in words if word.isdigit()]
    months = [_MONTHS[begin] for word in words for begin in (word[:4], word[:3]) if begin in _MONTHS]
    if len(numbers) != 2 or not months:  # noqa: PLR2004 - a day and a year
        return None
    return numbers[1], months[0], numbers[0]
