"""Words for what went wrong in a plugin: short, with the place, and without secrets."""

import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

ENABLED_VARIABLE: Final = "TRAINING_ANALYZER_PLUGINS"
SETTING_PREFIX: Final = "TRAINING_ANALYZER_PLUGIN"
LONGEST: Final = 600
"""Characters of a foreign message that are worth reading."""
LOADERS: Final = frozenset({"importlib", "pluggy", "stevedore"})
"""Whose code runs between ours and the plugin's."""
LONG_SECRET: Final = 8
"""A value at least this long is hidden inside of other words, too."""


def describe(error: BaseException) -> str:
    """Say what was raised, and where."""
    try:
        message = " ".join(str(error).split())[:LONGEST]
    except Exception:  # noqa: BLE001 - a foreign __str__ may raise anything
        message = ""
    said = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return f"{said}{_place(error)}"


def describe_settings(plugin: str, fields: Iterable[str], error: ValidationError) -> str:
    """Name the environment variable behind each error."""
    details = error.errors(include_input=False, include_url=False, include_context=False)
    said = "; ".join(_setting_problem(plugin, list(fields), detail) for detail in details)
    return said if said.endswith("?") else f"{said}."


def variable(plugin: str, *path: str) -> str:
    """Name the environment variable of a plugin's setting."""
    return "__".join((SETTING_PREFIX, plugin, *path)).upper()


def hide(text: str, settings: Mapping[str, object]) -> str:
    """Replace every setting's value: any of them may be a secret."""
    for value in sorted(_leaves(settings), key=len, reverse=True):
        for written in {value, repr(value)[1:-1]}:
            pattern = re.escape(written)
            if len(written) < LONG_SECRET:
                pattern = rf"(?<!\w){pattern}(?!\w)"
            text = re.sub(pattern, "***", text)
    return text


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return a question that names the known name most like this one; empty where none is."""
    close = get_close_matches(name.lower().replace("-", "_"), list(known), n=1)
    return f" Did you mean `{close[0]}`?" if close else ""


def _setting_problem(plugin: str, fields: list[str], detail: ErrorDetails) -> str:
    path = [part for part in detail["loc"] if isinstance(part, str)]
    if detail["type"] == "extra_forbidden":
        close = get_close_matches(path[-1], fields, n=1) if len(path) == 1 else []
        meant = f", did you mean {variable(plugin, close[0])}?" if close else ""
        return f"{variable(plugin, *path)}: there is no such setting{meant}"
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ").rstrip(".")
    return f"{variable(plugin, *(path or '*'))}: {message[:1].lower()}{message[1:]}"


def _leaves(settings: object) -> Iterator[str]:
    if isinstance(settings, Mapping):
        for value in settings.values():
            yield from _leaves(value)
    elif isinstance(settings, list | tuple | set | frozenset):
        for value in settings:
            yield from _leaves(value)
    elif settings is not None and not isinstance(settings, bool) and str(settings):
        yield str(settings)


def _place(error: BaseException) -> str:
    """Return the innermost line of real code, for the plugin's authors; empty where none of it is theirs."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if not frame.filename.startswith("<"):
            ours = file.parent == Path(__file__).parent or not LOADERS.isdisjoint(file.parts)
            return "" if ours else f" ({'/'.join(file.parts[-2:])}, line {frame.lineno})"
    return ""
