"""Every setting stands in the documents, with the default that it has."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from tests.architecture.documents import ROOT, read, rows
from training_analyzer.registry.discovery import load_plugin_class
from training_analyzer.settings import PREFIX, RightsOverride, Settings

OWN_PLUGINS = ["strava", "files", "metrics_default", "gemini", "groq", "litellm"]
NESTED = {"plugin": "PLUGIN__NAME__FIELD"}


def written(default: object) -> str:
    """Write a default as a deployer would; empty where it is unset."""
    if default is None or default is PydanticUndefined or default in ((), {}):
        return ""
    if isinstance(default, tuple):
        return ",".join(default)
    return str(default)


def defaults(model: type[BaseModel]) -> dict[str, str]:
    return {name.upper(): written(field.default) for name, field in model.model_fields.items()}


def example() -> Mapping[str, str]:
    """Return every variable of the example, commented out or not, and its value."""
    found = re.findall(rf"^#?({PREFIX}\w+)=(.*)$", read(".env.example"), re.MULTILINE)
    names = [name for name, _ in found]
    assert len(names) == len(set(names)), "a variable stands twice in .env.example"
    return {name.removeprefix(PREFIX): value for name, value in found}


def own(variables: Iterable[str]) -> set[str]:
    return {name for name in variables if "__" not in name}


def plugin_model(plugin: str) -> type[BaseModel]:
    return load_plugin_class(plugin).settings_model


def same(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))  # 20 is 20.0
    except ValueError:
        return one == other


def test_the_example_holds_every_setting_with_its_default() -> None:
    wanted = {
        name: default
        for name, default in defaults(Settings).items()
        if name.lower() not in {*NESTED, "rights"}
    }
    assert {name: example().get(name) for name in wanted} == wanted
    assert own(example()) == set(wanted)


def test_the_reference_holds_every_setting_with_its_default() -> None:
    table = {
        cells[0].strip("`"): "" if cells[1] == "unset" else cells[1].strip("`")
        for cells in rows(read("docs/configuration.md"))
        if len(cells) == 3 and cells[0].strip("`").isupper()
    }
    wanted = {NESTED.get(name.lower(), name): value for name, value in defaults(Settings).items()}
    del wanted["RIGHTS"]
    wanted |= {f"RIGHTS__NAME__{name}": value for name, value in defaults(RightsOverride).items()}
    assert table == wanted


@pytest.mark.parametrize("plugin", OWN_PLUGINS)
def test_the_example_holds_every_plugin_s_settings(plugin: str) -> None:
    prefix = f"PLUGIN__{plugin.upper()}__"
    shown = {name.removeprefix(prefix): value for name, value in example().items() if name.startswith(prefix)}
    wanted = defaults(plugin_model(plugin))
    assert set(shown) == set(wanted)
    assert [name for name in wanted if not same(shown[name], wanted[name])] == []


@pytest.mark.parametrize("plugin", OWN_PLUGINS)
def test_a_plugin_s_readme_names_its_settings(plugin: str) -> None:
    text = (ROOT / "plugins" / plugin / "README.md").read_text(encoding="utf-8")
    assert [name for name in defaults(plugin_model(plugin)) if f"`{name}`" not in text] == []


def test_only_settings_that_exist_are_named() -> None:
    """A reader who copies a variable out of any document must not be refused."""
    known: set[str] = set(defaults(Settings))
    models: dict[str, Any] = {plugin: plugin_model(plugin) for plugin in OWN_PLUGINS}
    for name, model in models.items():
        known |= {f"PLUGIN__{name.upper()}__{field}" for field in defaults(model)}
        known |= {f"RIGHTS__{name.upper()}__{field}" for field in defaults(RightsOverride)}
    documents = ["README.md", "SECURITY.md", "CONTRIBUTING.md", ".env.example", "compose.yaml", "Dockerfile"]
    documents += [f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))]
    named = {
        (document, name.rstrip("_"))
        for document in documents
        for name in re.findall(rf"{PREFIX}([A-Z0-9_]+)", read(document))
        if not name.endswith("_") and not re.search("EFFICIENCY|ATTIC", name)  # the guide's own plugins
    }
    assert sorted((document, name) for document, name in named if name not in known) == []


def test_the_settings_that_athletes_are_told_of_are_those_that_are_promised() -> None:
    (promised,) = re.findall(r"^Problem documents .*$", read("SECURITY.md"), re.MULTILINE)
    rooms = (ROOT / "core/src/training_analyzer" / room for room in ("api", "ingestion", "processing"))
    sources = [file.read_text(encoding="utf-8") for room in rooms for file in room.rglob("*.py")]
    told = {name for source in sources for name in re.findall(rf"{PREFIX}(\w+)", source)}
    assert told == set(re.findall(r"`(\w+)`", promised))
