"""Asking plugins what the documents of a provider say."""

import logging
from collections.abc import Sequence
from typing import Final

from training_analyzer.domain.activity import Activity
from training_analyzer.sdk import BadData, DataProvider, RawDocument

LOGGER: Final = logging.getLogger(__name__)


def translate(provider: DataProvider, received: Sequence[RawDocument]) -> Activity:
    """Ask the provider's plugin. Whatever it raises becomes BadData, with its name."""
    name = provider.info.name
    try:
        return provider.translate(received)
    except BadData as error:
        raise BadData(f"{name} sent what makes no sense: {error}") from error
    except Exception as error:
        LOGGER.exception("the plugin %s failed to translate", name)
        raise BadData(f"the plugin {name} failed: {type(error).__name__}: {error}") from error
