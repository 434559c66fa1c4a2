"""
What of Garmin's schemas concerns an activity: which elements follow which, and what stands in them.

By `TrainingCenterDatabasev2.xsd` and `ActivityExtensionv2.xsd`, as Garmin publishes them at
https://www8.garmin.com/xmlschemas/. A reader that validates refuses a file that is otherwise.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

CENTER: Final = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
EXTENSION: Final = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"
TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"

_RATE: Final = "Value "
ELEMENTS: Final[Mapping[str, str]] = {
    "TrainingCenterDatabase": "(Folders )?(Activities )?(Workouts )?(Courses )?(Author )?(Extensions )?",
    "Activities": "(Activity )*(MultiSportSession )*",
    "Activity": "Id (Lap )+(Notes )?(Training )?(Creator )?(Extensions )?",
    "Creator": "Name UnitId ProductID Version ",
    "Version": "VersionMajor VersionMinor (BuildMajor )?(BuildMinor )?",
    "Lap": (
        "TotalTimeSeconds DistanceMeters (MaximumSpeed )?Calories (AverageHeartRateBpm )?"
        "(MaximumHeartRateBpm )?Intensity (Cadence )?TriggerMethod (Track )*(Notes )?(Extensions )?"
    ),
    "AverageHeartRateBpm": _RATE,
    "MaximumHeartRateBpm": _RATE,
    "Track": "(Trackpoint )+",
    "Trackpoint": (
        "Time (Position )?(AltitudeMeters )?(DistanceMeters )?(HeartRateBpm )?(Cadence )?(SensorState )?"
        "(Extensions )?"
    ),
    "Position": "LatitudeDegrees LongitudeDegrees ",
    "HeartRateBpm": _RATE,
    "Extensions": "(TPX )?",
    "TPX": "(Speed )?(RunCadence )?(Watts )?(Extensions )?",
}
"""The children of each, one behind another."""


def _whole(least: int, most: int) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(r"[+-]?\d+", text) is not None and least <= int(text) <= most


def _double(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?", text, re.IGNORECASE) is not None


def _moment(text: str) -> bool:
    return text.endswith("Z") and datetime.fromisoformat(text).year > 0


def _one_of(*words: str) -> Callable[[str], bool]:
    return lambda text: text in words


TEXTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "Id": _moment,
    "Time": _moment,
    "Notes": bool,
    "Name": bool,
    "UnitId": _whole(0, 2**32 - 1),
    "ProductID": _whole(0, 65535),
    "VersionMajor": _whole(0, 65535),
    "VersionMinor": _whole(0, 65535),
    "TotalTimeSeconds": _double,
    "DistanceMeters": _double,
    "AltitudeMeters": _double,
    "Speed": _double,
    "Calories": _whole(0, 65535),
    "Value": _whole(1, 255),
    "Cadence": _whole(0, 254),
    "RunCadence": _whole(0, 254),
    "Watts": _whole(0, 65535),
    "Intensity": _one_of("Active", "Resting"),
    "TriggerMethod": _one_of("Manual", "Distance", "Location", "Time", "HeartRate"),
    "LatitudeDegrees": lambda text: _double(text) and -90 <= float(text) <= 90,
    "LongitudeDegrees": lambda text: _double(text) and -180 <= float(text) < 180,
}
ATTRIBUTES: Final[Mapping[str, tuple[str, Callable[[str], bool]]]] = {
    "Activity": ("Sport", _one_of("Running", "Biking", "Other")),
    "Lap": ("StartTime", _moment),
    "Creator": (TYPE, _one_of("Device_t")),
}
OF_THE_EXTENSION: Final = frozenset({"TPX", "Speed", "RunCadence", "Watts"})


def faults(content: bytes) -> list[str]:
    """Return what a validating reader would say of a file with activities."""
    return list(_faults(ET.fromstring(content)))


def _faults(element: ET.Element) -> Iterator[str]:
    space, name = element.tag[1:].split("}")
    if space != (EXTENSION if name in OF_THE_EXTENSION else CENTER):
        yield f"{name} is of {space}"
    children = "".join(child.tag.split("}")[1] + " " for child in element)
    if name in ELEMENTS and not re.fullmatch(ELEMENTS[name], children):
        yield f"{name} holds {children}"
    if name not in ELEMENTS and not TEXTS[name](element.text or ""):
        yield f"{name} says {element.text!r}"
    attribute, is_right = ATTRIBUTES.get(name, ("", bool))
    if set(element.attrib) != ({attribute} if attribute else set()):
        yield f"{name} has {sorted(element.attrib)}"
    elif attribute and not is_right(element.attrib[attribute]):
        yield f"{name} has {element.attrib}"
    for child in element:
        yield from _faults(child)
