"""The project depends on no particular machine: it names no folder of one, and no package registry."""

import re
from pathlib import Path

import pytest

from tests.architecture.documents import ROOT, project_files

# Told by its shape, so that no host has to stand here: an index's option, or an address as indexes have them.
REGISTRY = re.compile(
    r"--(?:extra-)?index-url[ =]\S|--find-links[ =]\S|index-url\s*=\s*\S|"
    r"https?://(?:registry|files|packages|pypi|index)\.|https?://[^\s/]+/(?:simple|packages)/"
)
MACHINES = re.compile(r"(?<![\w.])/(?:work|root|Users|mnt|tmp/\w+)/\w")
RECORDINGS = "shared" + "/data"
TEXT_SUFFIXES = {"", ".cfg", ".html", ".ini", ".lock", ".lua", ".mako", ".md", ".py", ".sh", ".sql", ".toml"}
TEXT_SUFFIXES |= {".txt", ".yaml", ".yml", ".example"}


def lines() -> list[tuple[Path, int, str]]:
    return [
        (path.relative_to(ROOT), number, line)
        for path in project_files()
        if path.suffix in TEXT_SUFFIXES
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
    ]


def test_no_file_names_a_registry() -> None:
    this_file = Path(__file__).relative_to(ROOT)
    found = [
        f"{path}:{number}"
        for path, number, line in lines()
        if path != this_file and (REGISTRY.search(line) or (path.suffix == ".lock" and "://" in line))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "pip install --index-url https://somewhere.example/ x",
        "index-url = https://somewhere.example",
        "https://registry.somewhere.example/package",
        "https://files.somewhere.example/x.whl",
        "https://somewhere.example/simple/package/",
    ],
)
def test_a_registry_is_recognized(line: str) -> None:
    assert REGISTRY.search(line)


def test_no_file_names_a_folder_of_a_machine() -> None:
    found = [f"{path}:{number}" for path, number, line in lines() if MACHINES.search(line)]
    assert found == []


def test_only_tests_look_for_recordings_beside_the_project() -> None:
    found = [
        f"{path}:{number}"
        for path, number, line in lines()
        if RECORDINGS in line and not {"tests", "benchmarks"} & set(path.parts)
    ]
    assert found == []
