"""The files of `lexicons/`: which phrases they write down, behind which tag."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, Final

_CHOICES: Final = re.compile(r"[\[\]]")


def read_file(name: str) -> dict[str, Any]:
    """Return what a file of `lexicons/` holds."""
    source = resources.files(__package__).joinpath(f"lexicons/{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def entries(name: str) -> dict[str, list[str]]:
    """Return what a file calls what: of each tag, all its phrases."""
    return _entries(read_file(name))


@cache
def judged(language: str) -> Mapping[str, str]:
    """Return the phrases that judge something, by the claims that they are: see `phrases`."""
    return read_file(f"judged/{language}")


def _entries(content: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        f"{section}:{key}": list(_written_out(written))
        for section, keys in content.items()
        if section not in ("numbers", "common", "split", "endings", "word", "own")
        for key, written in keys.items()
    }


def words(kind: str, content: Mapping[str, Any]) -> frozenset[str]:
    """Return the words of a kind, of the section `[word]`."""
    written = content.get("word", {}).get(kind, "")
    return frozenset(word.strip() for word in written.split(",") if word)


def phrases(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each phrase behind each tag that it has."""
    tags = _entries(content)
    habits = set(tags.get("habit:any", ()))
    for tag, written in tags.items():
        section, _, key = tag.partition(":")
        for phrase in written:
            yield tag, phrase
            if not habits.isdisjoint(phrase.split()):
                yield "habit:any", phrase
            if section == "flat":
                yield "direction:flat", phrase
            if section == "comparison":  # above is up, too
                yield ("direction:up" if key == "above" else "direction:down"), phrase


def _written_out(entry: str) -> Iterator[str]:
    """Return the phrases of an entry: "back [at|to] [your|the] usual" is four of them."""
    for phrase in map(str.strip, entry.split(",")):
        parts = (part.split("|") for part in _CHOICES.split(phrase))
        yield from (" ".join("".join(chosen).split()) for chosen in product(*parts))


def splits(content: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield each verb in two parts, "nahm ... zu", with the direction that it is."""
    for key, written in content.get("split", {}).items():
        for phrase in map(str.strip, written.split(",")):
            verb, _, particle = phrase.rpartition(" ")
            yield (verb.split()[0], particle), f"direction:{key}"
