"""What holds for every test here, also for the plugins' own."""

import gc

import pytest
from hypothesis import settings

# A busy machine is no reason to fail, and what holds today holds tomorrow. `--hypothesis-profile=searching`
# tries other examples each time.
settings.register_profile("searching", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """What was imported and collected lives to the end: the collector of garbage need not look at it."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow ones begin first, so that no process is left with one of them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
