"""A plugin that asks the network while it is imported."""

import contextlib

import httpx

from training_analyzer.sdk import Plugin, PluginSettings

with contextlib.suppress(httpx.ConnectError):
    httpx.get("http://192.0.2.1/version")


class Connected(Plugin[PluginSettings]):
    pass
