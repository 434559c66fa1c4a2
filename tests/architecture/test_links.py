"""Links lead somewhere, every page is reached, and every decision stands in the index."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.documents import ROOT, markdown_files, prose, read, rows

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
ADR_FOLDER = ROOT / "docs" / "architecture"


def links() -> Iterator[tuple[Path, str]]:
    for page in markdown_files():
        for target in LINK.findall(prose(page.read_text(encoding="utf-8"))):
            if "://" not in target and not target.startswith("mailto:"):
                yield page, target


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as they are made where the project is shown."""
    headings = re.findall(r"^#+ (.+)$", prose(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def decisions() -> list[Path]:
    return sorted(ADR_FOLDER.glob("[0-9]*.md"))


def test_links_resolve() -> None:
    broken = []
    for page, target in links():
        name, _, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_links_stay_inside_the_project() -> None:
    outside = [
        f"{page.relative_to(ROOT)}: {target}"
        for page, target in links()
        if not (page.parent / target.partition("#")[0]).resolve().is_relative_to(ROOT)
    ]
    assert outside == []


def test_every_guide_is_reached_from_the_readme() -> None:
    reached = {
        (page.parent / target.partition("#")[0]).resolve() for page, target in links() if page.parent == ROOT
    }
    pages = [*(ROOT / "docs").glob("*.md"), *(ROOT / "plugins").glob("*/README.md"), ADR_FOLDER / "README.md"]
    assert [page.relative_to(ROOT) for page in pages if page not in reached] == []


def test_every_decision_is_in_the_index() -> None:
    index = {
        int(cells[0]): LINK.findall(cells[1])[0]
        for cells in rows(read("docs/architecture/README.md"))
        if cells[0].isdigit()
    }
    assert index == {int(path.name[:4]): path.name for path in decisions()}


def test_decisions_are_numbered_once_and_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in decisions()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_decisions_bear_their_number_and_a_status() -> None:
    for path in decisions():
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.search(r"^(Status: )?(accepted|superseded)", text, re.IGNORECASE | re.MULTILINE), path.name
