"""The project depends on no particular machine: it names no folder of one, and no package registry."""

import re
from pathlib import Path

from tests.architecture.documents import ROOT, project_files

# In pieces, or this file would be found.
REGISTRIES = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com"]
MACHINES = re.compile(r"(?<![\w.])/(?:work|root|Users|mnt|opt/pypi|tmp/\w+)/\w")
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
    found = [f"{path}:{number}" for path, number, line in lines() if any(host in line for host in REGISTRIES)]
    assert found == []


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
