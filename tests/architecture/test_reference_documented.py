"""Hooks, contracts, errors, commands and kinds of work stand in the documents, by their names."""

import inspect
import re
from collections.abc import Iterator

import pytest
import typer

from tests.architecture.documents import read, rows
from training_analyzer import sdk
from training_analyzer.cli import app
from training_analyzer.sdk import hookspecs, testing
from training_analyzer.worker.handlers import HANDLERS

CONTRACTS = (
    sdk.SupportsDemo,
    sdk.DemoStandIn,
    sdk.DataProvider,
    sdk.QuotaRules,
    sdk.SupportsOAuth,
    sdk.SupportsLookup,
    sdk.SupportsWebhooks,
    sdk.SupportsUpload,
    sdk.SupportsExport,
    sdk.SupportsOriginals,
    sdk.SupportsProfile,
    sdk.SupportsFullCurves,
    sdk.ThresholdDetector,
    sdk.ActivityMetrics,
    sdk.DailyMetrics,
    sdk.PeriodMetrics,
    sdk.InsightBackend,
)


def signature(function: object) -> str:
    """Write a method as the reference does: `name(argument, *, keyword)`."""
    function = getattr(function, "__func__", function)  # of a class method
    assert inspect.isfunction(function)
    parts: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in {"self", "cls"}:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        parts.append(parameter.name)
    return f"`{function.__name__}({', '.join(parts)})`"


def public(contract: type) -> Iterator[tuple[str, object]]:
    for name, member in vars(contract).items():
        if not name.startswith("_"):
            yield name, member


def methods() -> Iterator[str]:
    for contract in CONTRACTS:
        for _, member in public(contract):
            if inspect.isfunction(getattr(member, "__func__", member)):
                yield signature(member)


@pytest.fixture(scope="module")
def hooks_page() -> str:
    return read("docs/hooks.md")


def test_every_hook_is_documented_with_its_arguments(hooks_page: str) -> None:
    hooks = [
        function
        for _, function in inspect.getmembers(hookspecs, inspect.isfunction)
        if hasattr(function, f"{hookspecs.PROJECT}_spec")
    ]
    assert len(hooks) >= 3
    assert [wanted for hook in hooks if (wanted := signature(hook)) not in hooks_page] == []


def test_every_method_of_a_contract_is_documented_with_its_arguments(hooks_page: str) -> None:
    wanted = list(methods())
    assert len(wanted) > 15
    assert [one for one in wanted if one not in hooks_page] == []


def test_every_field_of_a_contract_is_documented(hooks_page: str) -> None:
    fields = [
        (contract.__name__, name) for contract in CONTRACTS for name in inspect.get_annotations(contract)
    ]
    assert [(contract, name) for contract, name in fields if f"`{name}`" not in hooks_page] == []


def test_every_class_that_an_author_subclasses_is_documented(hooks_page: str) -> None:
    names = [contract.__name__ for contract in CONTRACTS] + [
        name for name in testing.__all__ if name.endswith("Contract")
    ]
    assert [name for name in names if f"`{name}`" not in hooks_page] == []


def test_every_error_is_documented(hooks_page: str) -> None:
    errors = {
        name
        for name in sdk.__all__
        if isinstance(found := getattr(sdk, name), type)
        and issubclass(found, sdk.PluginError)
        and found is not sdk.PluginError
    }
    documented = {
        cells[0].strip("`") for cells in rows(hooks_page.partition("## Errors")[2].partition("\n## ")[0])
    }
    assert errors <= documented
    assert documented - errors == {"error"}


def commands() -> set[str]:
    found = set()
    for command in app.registered_commands:
        assert command.callback is not None
        found.add(command.name or command.callback.__name__)
    for group in app.registered_groups:
        instance = group.typer_instance
        assert isinstance(instance, typer.Typer)
        for command in instance.registered_commands:
            assert command.callback is not None
            found.add(f"{instance.info.name} {command.name or command.callback.__name__}")
    return found


def test_the_reference_holds_every_command_and_no_other() -> None:
    section = read("docs/configuration.md").partition("## Commands")[2]
    documented = {cells[0].strip("`") for cells in rows(section)} - {"command"}
    assert documented == commands()


def test_documents_name_only_commands_that_exist() -> None:
    pages = [
        "README.md",
        "core/README.md",
        "docs/deploying.md",
        "docs/getting-started.md",
        "docs/writing-a-plugin.md",
    ]
    named = {
        (page, found)
        for page in pages
        for found in re.findall(r"training-analyzer ((?:(?:keys|webhooks) )?[a-z]{2,})\b", read(page))
    }
    known = commands() | {"under", "when"}
    assert sorted(one for one in named if one[1] not in known) == []


def test_every_kind_of_work_is_documented() -> None:
    section = read("docs/how-it-works.md").partition("## Work")[2].partition("## ")[0]
    documented = {cells[0].strip("`") for cells in rows(section)} - {"kind"}
    assert documented == set(HANDLERS)
