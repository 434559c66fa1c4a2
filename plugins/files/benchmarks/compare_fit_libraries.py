"""
How the FIT libraries compare on real recordings: right values, speed, conduct with broken files.

    uv run --no-project --with fitfast --with fitdecode … python compare_fit_libraries.py FOLDER

FOLDER holds `fit_session_oracle.json` and the recordings that it names. What is not installed is left
out; `fitparse` and `python-fitparse` share a module, so they take two runs. Times are the best of
two, over the files that every installed library reads, and only ratios within one run mean
anything. Garmin's own SDK is not here: its licence forbids to use it for benchmarks (§2f).
"""

# ruff: noqa: INP001, PLR2004, S311, T201 - a script, which prints what it measures

import importlib.metadata
import json
import random
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

FIT_EPOCH = 631065600
COMPARED = (
    "start_time",
    "total_elapsed_time",
    "total_timer_time",
    "total_distance",
    "avg_heart_rate",
    "avg_power",
    "normalized_power",
    "sport",
    "sub_sport",
)
RECORD = ("timestamp", "heart_rate", "power", "distance", "position_lat", "enhanced_altitude")
MUTATIONS = 300


class Content(NamedTuple):
    sessions: Sequence[Mapping[Any, Any]]
    records: int


Reader = Callable[[bytes], Content]


def by_fitfast(body: bytes) -> Content:
    import fitfast

    columns = fitfast.records(body)
    return Content([dict(each) for each in fitfast.parse(body)["session"]], len(columns["timestamp"]))


def by_pyfitparsernative(body: bytes) -> Content:
    import pyfitparsernative

    return split(
        (message["message_type"], message.get) for message in pyfitparsernative.parse_fit_bytes(body)
    )


def by_fitdecode(body: bytes) -> Content:
    import fitdecode

    with fitdecode.FitReader(body) as reader:
        return split(
            (frame.name, partial(frame.get_value, fallback=None))
            for frame in reader
            if isinstance(frame, fitdecode.FitDataMessage)
        )


def by_fitparse(body: bytes) -> Content:
    import fitparse

    return split((message.name, message.get_value) for message in fitparse.FitFile(body).get_messages())


def by_fit_tool(body: bytes) -> Content:
    from fit_tool.fit_file import FitFile

    messages = [record.message for record in FitFile.from_bytes(body).records if not record.is_definition]
    return split((message.NAME, partial(attribute, message)) for message in messages)


def by_fittie(body: bytes) -> Content:
    import io

    from fittie import decode

    file = decode(io.BytesIO(body))
    return split(
        (kind, message.fields.get)
        for kind in file.available_message_types
        for message in file.get_messages_by_type(kind)
    )


def by_fit(body: bytes) -> Content:
    import io

    from fit import FitFile

    with FitFile.open(io.BytesIO(body)) as file:
        return split((type(message).__name__.lower(), partial(attribute, message)) for message in file)


def attribute(message: object, key: str) -> Any:
    return getattr(message, key, None)


CANDIDATES: dict[str, Reader] = {
    "fitfast": by_fitfast,
    "pyfitparsernative": by_pyfitparsernative,
    "fitdecode": by_fitdecode,
    "fitparse": by_fitparse,
    "python-fitparse": by_fitparse,
    "fit-tool": by_fit_tool,
    "fittie": by_fittie,
    "fit": by_fit,
}


def split(messages: Iterable[tuple[str, Callable[[str], Any]]]) -> Content:
    """Take what an analysis needs out of a library's messages, so that each does the same work."""
    sessions, records = [], 0
    for kind, get in messages:
        if kind == "session":
            sessions.append({key: get(key) for key in COMPARED})
        elif kind == "record":
            records += 1
            for key in RECORD:
                get(key)
    return Content(sessions, records)


def plain(key: str, value: Any) -> Any:
    """One spelling for what libraries spell differently: times, enumerations, rounding."""
    value = getattr(value, "name", value)
    if key == "start_time":
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            value = (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
        if isinstance(value, int | float):
            value = value / 1000 if value > 1e11 else value  # fit-tool counts milliseconds
            return round(value if value > 1.1e9 else value + FIT_EPOCH)
    return round(value, 2) if isinstance(value, int | float) else str(value).lower()


def wrong(found: Content, wanted: Mapping[str, Any]) -> list[str]:
    """Say what differs from the oracle."""
    faults = []
    if found.records != wanted["records"]:
        faults.append(f"{found.records} of {wanted['records']} records")
    if len(found.sessions) != len(wanted["sessions"]):
        return [*faults, f"{len(found.sessions)} of {len(wanted['sessions'])} sessions"]
    for session, expected in zip(found.sessions, wanted["sessions"], strict=True):
        for key in COMPARED:
            if key in ("sport", "sub_sport") and isinstance(session.get(key), int):
                continue  # numbers instead of names: no fault, but a table more for us
            if key in expected and plain(key, session.get(key)) != plain(key, expected[key]):
                faults.append(f"{key} {session.get(key)!r} instead of {expected[key]!r}")
    return faults


def checksum(data: bytes | bytearray) -> int:
    """CRC-16/ARC, as the FIT protocol defines it."""
    remainder = 0
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (0xA001 if remainder & 1 else 0)
    return remainder


def mutated(bodies: list[bytes]) -> Iterable[bytes]:
    """Damage small files in their data, with a checksum that fits again: the same ones in every run."""
    dice = random.Random(4)
    for _ in range(MUTATIONS):
        body = bytearray(dice.choice(bodies))
        for _ in range(dice.choice((1, 2, 8))):
            body[dice.randrange(14, len(body) - 2)] = dice.randrange(256)
        if dice.random() < 0.2:
            del body[dice.randrange(60, len(body)) :]
            struct.pack_into("<I", body, 4, len(body) - 16)
            struct.pack_into("<H", body, 12, checksum(body[:12]))
        struct.pack_into("<H", body, len(body) - 2, checksum(body[14:-2]))
        yield bytes(body)


def conduct(read: Reader, bodies: list[bytes]) -> Counter[str]:
    """Count how a library takes broken files, by the exception that comes out."""
    outcomes: Counter[str] = Counter()
    for body in mutated(bodies):
        try:
            read(body)
            outcomes["read"] += 1
        except BaseException as error:  # a panic in Rust is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            outcomes[type(error).__name__] += 1
    return outcomes


def seconds(read: Reader, bodies: Iterable[bytes]) -> float:
    started = time.perf_counter()
    for body in bodies:
        read(body)
    return time.perf_counter() - started


def main(folder: Path) -> None:
    oracle = json.loads((folder / "fit_session_oracle.json").read_text())
    bodies = {name: (folder / name).read_bytes() for name in oracle}
    readable: dict[str, set[str]] = {}
    for name, read in CANDIDATES.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        print(f"\n{name} {version}")
        readable[name] = set()
        for path, body in bodies.items():
            try:
                faults = wrong(read(body), oracle[path])
                readable[name].add(path)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this library's answer
                faults = [f"cannot: {type(error).__name__}: {str(error)[:80]}"]
            if faults:
                print(
                    f"  {path}: {'; '.join(faults[:3])}{f' and {len(faults) - 3} more' * (len(faults) > 3)}"
                )
    common = set.intersection(*(paths for paths in readable.values() if len(paths) > len(oracle) / 2))
    small = [body for body in bodies.values() if len(body) < 20_000]
    size = sum(len(bodies[path]) for path in common)
    print(f"\nread by all that read more than half: {len(common)} of {len(oracle)} files, {size} bytes")
    taken = {
        name: min(seconds(CANDIDATES[name], [bodies[path] for path in sorted(common)]) for _ in range(2))
        for name, paths in readable.items()
        if common <= paths
    }
    for name, duration in sorted(taken.items(), key=lambda item: item[1]):
        print(f"  {name:20} {duration / min(taken.values()):6.1f} times the fastest")
    for name in taken:
        print(f"  {name:20} {MUTATIONS} broken files: {dict(conduct(CANDIDATES[name], small).most_common())}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
