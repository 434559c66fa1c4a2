"""What holds for every test here, also for the plugins' own."""

import gc

from hypothesis import settings

settings.register_profile("patient", deadline=None)  # a busy machine is no reason to fail
settings.load_profile("patient")


def pytest_collection_finish() -> None:
    """What was imported and collected lives to the end: the collector of garbage need not look at it."""
    gc.collect()
    gc.freeze()
