"""The activities in a FIT file: a session each, or one made of the points where no session was written."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from training_analyzer.sdk import Activity, BadData, Channel, Column, Lap, Samples, Summary
from training_analyzer_files.amounts import check_sessions
from training_analyzer_files.errors import NotARecording
from training_analyzer_files.fit import garmin
from training_analyzer_files.fit.decoding import Message, Messages, messages_of, points_of
from training_analyzer_files.fit.points import developers_fields, samples_of
from training_analyzer_files.fit.pool import lengths_of, pool_length_of
from training_analyzer_files.fit.structure import RECORD, SESSION, Structure, structure_of
from training_analyzer_files.order import in_order_and_near
from training_analyzer_files.settings import FilesSettings
from training_analyzer_files.sports import is_indoor, sport_of
from training_analyzer_files.timing import (
    LATEST,
    NO_DATE,
    believable,
    offset_between,
    offset_by_longitude,
    started_at,
)
from training_analyzer_files.totals import LONGEST_S, MOST, believed, checked, possible

_WITH_STROKES = frozenset({"swimming", "rowing", "stand_up_paddleboarding"})
"""In the profile, cycling has them, too: turns of the pedals."""


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a file: its message, and the Unix times between which its points lie."""

    message: Message
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class FitFile:
    """A file, decoded once for all of its sessions."""

    structure: Structure
    messages: Messages
    sessions: Sequence[Session]
    points: Mapping[str, Column]

    @classmethod
    def of(cls, content: bytes, limits: FilesSettings) -> Self:
        """Decode it. Raises `BadData` where the file is broken, or no activity."""
        structure = structure_of(content, limits)
        check_sessions(structure.messages.get(SESSION, 0), limits)
        messages = _checked(structure)
        points = points_of(structure, developers_fields(messages)) if structure.messages.get(RECORD) else {}
        return cls(structure, messages, _sessions(messages, points), points)

    def activity(self, session: Session) -> Activity:
        """Make an activity of a session. Raises `BadData`."""
        started_at(session.begins)  # where the date makes no sense, nothing else does
        samples = samples_of(self.points, self.messages, session.message, session.begins, session.ends)
        return _activity(self.messages, session, samples)

    def activities(self) -> Iterator[Activity | BadData]:
        """Yield the sessions as activities, or why one makes no sense."""
        for session in self.sessions:
            try:
                yield self.activity(session)
            except BadData as error:
                yield error


def translate(content: bytes, session_number: int, limits: FilesSettings) -> Activity:
    """Make an activity of one session. Raises `BadData`."""
    file = FitFile.of(content, limits)
    if session_number >= len(file.sessions):
        raise BadData(
            f"The file has {len(file.sessions)} sessions; session {session_number + 1} does not exist."
        )
    return file.activity(file.sessions[session_number])


def _checked(structure: Structure) -> Messages:
    messages = messages_of(structure)
    kinds = [str(message["type"]) for message in messages.get("file_id", ()) if "type" in message]
    if kinds and "activity" not in kinds:
        kind = kinds[0].replace("_", " ") if not kinds[0].isdigit() else f"type {kinds[0]}"
        raise NotARecording(f"This FIT file holds no activity; it is of the kind “{kind}”.")
    if not messages.get("session") and not structure.messages.get(RECORD):
        raise NotARecording("This FIT file holds neither a session nor a point.")
    return messages


def _sessions(messages: Messages, points: Mapping[str, Column]) -> list[Session]:
    """Return the sessions in the order of the file, each with its span of time."""
    found = [message for message in messages.get("session", ()) if _number(message, "start_time", LATEST)]
    if not found:
        return [_of_points(points, messages)]
    begins = [float(message["start_time"]) for message in found]
    later = [min((other for other in begins if other > begin), default=math.inf) for begin in begins]
    return [
        Session(message, begin, min(_last_end(message, begin), following))
        for message, begin, following in zip(found, begins, later, strict=True)
    ]


def _last_end(message: Message, begin: float) -> float:
    """Return until when points may lie: an hour past the end that the device names, for slow clocks."""
    stated = _number(message, "timestamp", LATEST) or begin
    latest = max(stated, begin + (_number(message, "total_elapsed_time") or 0))
    return min(latest + 3600 if latest > begin else math.inf, begin + LONGEST_S)


def _of_points(points: Mapping[str, Column], messages: Messages) -> Session:
    """A recording whose end was never written, as when the battery died."""
    times = points.get("timestamp")
    if times is None or not (times > 0).any():
        raise BadData("No point of this recording has a time.")
    kept = in_order_and_near(believable(times))
    if not kept.size:
        raise BadData(NO_DATE)
    begins, ends = float(times[kept[0]]), float(np.nextafter(times[kept[-1]], math.inf))
    sport = messages.get("sport") or messages.get("lap") or [{}]
    return Session({key: sport[0][key] for key in ("sport", "sub_sport") if key in sport[0]}, begins, ends)


def _activity(messages: Messages, session: Session, samples: Samples | None) -> Activity:
    said = session.message
    recorded = float(samples.seconds[-1]) if samples is not None and len(samples) else 0.0
    elapsed, moving = _durations(said, recorded)
    stated = [str(said[key]) for key in ("sub_sport", "sport") if said.get(key) is not None]
    words = [word for word in stated if word != "generic"]
    indoor = is_indoor(*words)
    offset = _offset(messages)
    return Activity(
        sport=sport_of(*reversed(words)),
        sport_name="/".join(reversed(words)),
        started_at=started_at(session.begins),
        utc_offset_s=offset_by_longitude(None if indoor else samples) if offset is None else offset,
        utc_offset_is_guessed=offset is None,
        elapsed_s=elapsed,
        moving_s=moving,
        distance_m=_distance(said, samples, elapsed),
        ascent_m=_number(said, "total_ascent"),
        indoor=indoor,
        device=_device(messages),
        pool_length_m=pool_length_of(said),
        summary=_summary(said, samples),
        laps=tuple(_laps(messages.get("lap", ()), session)),
        lengths=tuple(lengths_of(messages.get("length", ()), session.begins, session.ends)),
        samples=samples,
    )


def _offset(messages: Messages) -> int | None:
    """Return the offset of local time as the device states it; None where it does not."""
    for message in messages.get("activity", ()):
        local, unix = (_number(message, key, LATEST) for key in ("local_timestamp", "timestamp"))
        offset = offset_between(local, unix) if local and unix else None
        if offset is not None:
            return offset
    return None


def _durations(said: Message, recorded: float) -> tuple[float, float]:
    """Return how long it lasted, and how long the timer ran. Raises `BadData` where no session can."""
    elapsed, timer = _number(said, "total_elapsed_time"), _number(said, "total_timer_time")
    moving = believed(timer or elapsed or None, recorded)
    if moving is None:
        return recorded, recorded
    lasted = elapsed if elapsed and elapsed <= LONGEST_S else recorded
    return max(lasted, checked(moving)), moving


def _distance(said: Message, samples: Samples | None, elapsed: float) -> float | None:
    travelled = None if samples is None else samples.get(Channel.DISTANCE_M)
    return possible(
        elapsed, _number(said, "total_distance"), None if travelled is None else float(np.nanmax(travelled))
    )


def _summary(said: Message, samples: Samples | None) -> Summary:
    power = _number(said, "avg_power")
    work = _number(said, "total_work")
    measured = samples is not None and samples.get(Channel.POWER_W) is not None
    return Summary(
        average_heart_rate_bpm=_number(said, "avg_heart_rate") or None,
        max_heart_rate_bpm=_number(said, "max_heart_rate") or None,
        average_power_w=power,
        weighted_power_w=_number(said, "normalized_power"),
        power_is_measured=measured or power is not None,
        work_kj=None if work is None else work / 1000,
        average_cadence_rpm=_number(said, "avg_cadence"),
        calories_kcal=_number(said, "total_calories") or None,
        normalized_power_w=_number(said, "normalized_power"),
        max_power_w=_number(said, "max_power"),
        training_stress_score=_number(said, "training_stress_score"),
        intensity_factor=_number(said, "intensity_factor"),
        functional_threshold_power_w=_number(said, "threshold_power"),
        max_speed_mps=_first(said, "enhanced_max_speed", "max_speed"),
        max_cadence_rpm=_number(said, "max_cadence"),
        descent_m=_number(said, "total_descent"),
        strokes=_strokes(said),
        aerobic_training_effect=_number(said, "total_training_effect"),
        anaerobic_training_effect=_number(said, "total_anaerobic_training_effect"),
    )


def _first(message: Message, *keys: str) -> float | None:
    return next((value for key in keys if (value := _number(message, key))), None)


def _strokes(said: Message) -> float | None:
    """Return the strokes of arms or oars, for which the field is the one of cycles."""
    return _first(said, "total_strokes", "total_cycles") if str(said.get("sport")) in _WITH_STROKES else None


def _laps(messages: Sequence[Message], session: Session) -> Iterable[Lap]:
    for message in messages:
        begin, elapsed = _number(message, "start_time", LATEST), _number(message, "total_elapsed_time")
        if begin is None or elapsed is None or elapsed > LONGEST_S:
            continue
        if session.begins <= begin < session.ends:
            yield Lap(
                start_s=begin - session.begins,
                elapsed_s=elapsed,
                distance_m=_number(message, "total_distance"),
            )


def _device(messages: Messages) -> str:
    """Return the recording device's own name or that of its number, else its maker's name and the number."""
    devices: Sequence[Message] = (*messages.get("file_id", ()), *messages.get("device_info", ()))
    for message in devices:
        if isinstance(name := message.get("product_name"), str) and name.strip("\0 "):
            return name.strip("\0 ")
    maker: Mapping[str | int, Any] = devices[0] if devices else {}
    words = [str(maker[key]) for key in ("manufacturer", "product") if maker.get(key) is not None]
    return garmin.NAMES.get(" ".join(words)) or " ".join(words)


def _number(message: Message, key: str, most: float = MOST) -> float | None:
    """Return a number that can be what it says: not below zero, and not beyond measure."""
    value = message.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        return None
    return float(value)
