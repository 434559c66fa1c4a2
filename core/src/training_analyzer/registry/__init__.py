"""Which plugins there are, what became of each, and what the active ones offer."""

from training_analyzer.registry.discovery import load_plugin_class
from training_analyzer.registry.registry import Registry, load_registry
from training_analyzer.registry.report import PluginProblem, PluginReport, PluginState

__all__ = [
    "PluginProblem",
    "PluginReport",
    "PluginState",
    "Registry",
    "load_plugin_class",
    "load_registry",
]
