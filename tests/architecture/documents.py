"""The project's files as readers find them: which there are, and what stands in the Markdown ones."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file that belongs to the project: what git knows, or would take up."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = filter(None, listed.stdout.split("\0"))
    return tuple(path for name in names if (path := ROOT / name).is_file())


def markdown_files() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".md"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(text: str) -> str:
    """Return the text without its blocks of code."""
    return FENCE.sub("", text)


@dataclass(frozen=True)
class Block:
    """A block of code, and the file name that stands in bold before it."""

    language: str
    code: str
    file_name: str | None


def blocks(text: str) -> Iterator[Block]:
    for found in FENCE.finditer(text):
        named = re.search(r"\*\*`([^`]+)`\*\*\s*$", text[: found.start()])
        yield Block(found[2], found[3], named[1] if named else None)


def rows(text: str) -> Iterator[list[str]]:
    """Return the cells of every row of every table."""
    for line in text.splitlines():
        if line.startswith("|") and not set(line) <= set("|-: "):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
