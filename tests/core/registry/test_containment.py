"""Whatever a plugin does, it is reported under its own name, and its neighbour stays active."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from training_analyzer.registry import PluginState

if TYPE_CHECKING:
    from tests.core.registry.conftest import Site

PREAMBLE = """
from abc import abstractmethod
from training_analyzer.sdk import *

def metric(key):
    return Metric(key=key, title="T", unit="", explanation="E.", formula="f", source="s")

class One(ActivityMetrics):
    metrics = (metric("bad.one"),)
    def measure(self, given):
        return ()

class Source(DataProvider):
    def __init__(self, name="bad"):
        self.info = ProviderInfo(name=name, title="T", homepage="h", rights=DataRights())
    def list_activities(self, account, window, cursor): ...
    def fetch_activity(self, account, external_id): ...
    def translate(self, documents): ...

class Writer(InsightBackend):
    def __init__(self, name="bad"):
        self.info = BackendInfo(name=name, title="T", model="m", data_goes_to="d")
    def generate(self, prompt): ...
    def price(self, model): ...
"""


def hook(name: str, body: str) -> str:
    """Write the source of a plugin with one hook."""
    lines = "\n        ".join(body.splitlines())
    return f"{PREAMBLE}\nclass ThePlugin(Plugin):\n    @hookimpl\n    def {name}(self):\n        {lines}\n"


AT_IMPORT = {
    "an exception": ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
    "a missing module": ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found'"),
    "a syntax error": ("def (", "SyntaxError"),
    "an assertion": ("assert False, 'never'", "AssertionError: never"),
    "an exit": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "a base exception": ("raise BaseException('very low')", "BaseException: very low"),
    "a cancelled task": ("import asyncio; raise asyncio.CancelledError", "CancelledError"),
    "an exception that cannot be printed": (
        "class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute",
        "Mute",
    ),
    "no such class": ("", "ThePlugin"),
    "no plugin": ("class ThePlugin: pass", "not a subclass of the SDK's Plugin"),
    "no class": ("ThePlugin = 7", "not a subclass of the SDK's Plugin"),
    "a plugin of a too old SDK": ("from training_analyzer.sdk import Vanished", "Vanished"),
}
AT_CONSTRUCTION = {
    "a class attribute that raises": (
        """
class Meta(type):
    @property
    def settings_model(cls): raise SystemExit("no")
class ThePlugin(Plugin, metaclass=Meta): pass
""",
        "SystemExit: no",
    ),
    "something else when it is made": (
        "class ThePlugin(Plugin):\n    def __new__(cls, settings): return 5",
        "gives something that is no Plugin",
    ),
    "an equality that raises": (
        "class ThePlugin(Plugin):\n    def __eq__(self, other): raise OSError('eq')",
        "OSError: eq",
    ),
    "a raising constructor": (
        "class ThePlugin(Plugin):\n    def __init__(self, settings): raise OSError('disk')",
        "cannot be made: OSError: disk",
    ),
    "a constructor that ends the program": (
        "class ThePlugin(Plugin):\n    def __init__(self, settings): raise SystemExit",
        "cannot be made: SystemExit",
    ),
    "an abstract class": ("class ThePlugin(SupportsDemo, Plugin): pass", "abstract class ThePlugin"),
    "settings that are no model": ("class ThePlugin(Plugin):\n    settings_model = dict", "settings_model"),
    "a validator with a bug": (
        """
from pydantic import model_validator
class S(PluginSettings):
    @model_validator(mode="before")
    @classmethod
    def look(cls, data): raise KeyError("bug")
class ThePlugin(Plugin): settings_model = S
""",
        "settings cannot be checked: KeyError: 'bug'",
    ),
}
HOOKS = {
    "a misspelt hook": (
        hook("register_metric", "return []"),
        "no hook `register_metric`. Did you mean `register_metrics`?",
    ),
    "an unmarked hook": (
        f"{PREAMBLE}\nclass ThePlugin(Plugin):\n    def register_metrics(self): return [One()]",
        "`register_metrics` is not marked with @hookimpl",
    ),
    "no hook at all": (f"{PREAMBLE}\nclass ThePlugin(Plugin): pass", "implements no hook"),
    "an unknown argument": (
        hook("register_metrics", "return []").replace("(self)", "(self, session)"),
        "session",
    ),
    "a raising hook": (hook("register_metrics", "raise LookupError('x')"), "LookupError: x"),
    "a hook that ends the program": (hook("register_metrics", "raise SystemExit(1)"), "SystemExit: 1"),
    "a generator that raises midway": (
        hook("register_metrics", "yield One()\nraise LookupError('midway')"),
        "`register_metrics` failed: LookupError: midway",
    ),
    "a later hook that raises": (
        hook("register_metrics", "return [One()]")
        + "    @hookimpl\n    def register_providers(self): raise LookupError('later')",
        "`register_providers` failed: LookupError: later",
    ),
    "a coroutine": (
        hook("register_metrics", "return []").replace("def register", "async def register"),
        "asynchronous",
    ),
    "an asynchronous generator": (
        hook("register_metrics", "yield One()").replace("def register", "async def register"),
        "asynchronous",
    ),
    "nothing": (hook("register_metrics", "[One()]"), "returned nothing"),
    "a bare object": (hook("register_metrics", "return One()"), "returned a One. Return a list"),
    "a text": (hook("register_metrics", "return 'one'"), "returned a str"),
    "a number": (hook("register_metrics", "return 7"), "returned a int"),
    "a mapping": (hook("register_metrics", "return {'one': One()}"), "returned a dict"),
    "a class": (hook("register_metrics", "return [One]"), "the class One"),
    "something else": (hook("register_metrics", "return [Source()]"), "offered a Source instead of Activity"),
    "an abstract calculator": (
        hook("register_metrics", "class Half(ActivityMetrics): pass\nreturn [Half()]"),
        "abstract class Half",
    ),
    "a wrapper": (
        hook("register_metrics", "yield").replace("@hookimpl", "@hookimpl(wrapper=True)")
        + "        return 7\n",
        "returned nothing",
    ),
}
OFFERS = {
    "a provider with another name": (
        hook("register_providers", "return [Source('good')]"),
        "provider calls itself `good`, but the plugin's name is `bad`",
    ),
    "two providers": (hook("register_providers", "return [Source(), Source()]"), "offers 2 providers"),
    "a provider without info": (
        hook("register_providers", "s = Source()\ndel s.info\nreturn [s]"),
        "AttributeError",
    ),
    "a provider with other info": (
        hook("register_providers", "s = Source()\ns.info = Writer().info\nreturn [s]"),
        "a BackendInfo instead of ProviderInfo",
    ),
    "a backend with another name": (
        hook("register_backends", "return [Writer('good')]"),
        "backend calls itself `good`",
    ),
    "two backends": (hook("register_backends", "return [Writer(), Writer()]"), "offers 2 backends"),
    "a key of another plugin": (
        hook(
            "register_metrics", "class Thief(One): metrics = (metric('healthy.minutes'),)\nreturn [Thief()]"
        ),
        "`healthy.minutes`, whose key has to begin with `bad.`",
    ),
    "a key of a plugin whose name begins alike": (
        hook("register_metrics", "class Alike(One): metrics = (metric('badge.one'),)\nreturn [Alike()]"),
        "has to begin with `bad.`",
    ),
    "a metric twice": (hook("register_metrics", "return [One(), One()]"), "`bad.one` more than once"),
    "a metric twice in one calculator": (
        hook("register_metrics", "class Two(One): metrics = One.metrics * 2\nreturn [Two()]"),
        "`bad.one` more than once",
    ),
    "a metric that makes no sense": (
        hook("register_metrics", "class Odd(One): metrics = (metric('Bad One'),)\nreturn [Odd()]"),
        "ValidationError",
    ),
    "no metrics": (hook("register_metrics", "class No(One): metrics = ()\nreturn [No()]"), "No.metrics"),
    "undeclared metrics": (
        hook("register_metrics", "class No(One): metrics = None\nreturn [No()]"),
        "No.metrics has to be a tuple",
    ),
    "both kinds of calculator": (
        hook("register_metrics", "class Odd(One, DailyMetrics): pass\nreturn [Odd()]"),
        "Odd is both",
    ),
    "needs written as a text": (
        hook("register_metrics", "class No(One): needs = 'bad.one'\nreturn [No()]"),
        "No.needs has to be a frozenset",
    ),
    "a version that is no number": (
        hook("register_metrics", "class No(One): version = '2'\nreturn [No()]"),
        "No.version",
    ),
}
EVERYTHING = AT_IMPORT | {
    case: (source if source.startswith(PREAMBLE) else f"{PREAMBLE}\n{source}", reason)
    for case, (source, reason) in (AT_CONSTRUCTION | HOOKS | OFFERS).items()
}


FICKLE = f"""{PREAMBLE}
def once(value):
    def look(self):
        if look.looked:
            raise RuntimeError("asked twice")
        look.looked = True
        return value
    look.looked = False
    return property(look)

class FickleCalculator(One):
    metrics = once((metric("fickle.one"),))

class FickleWriter(Writer):
    info = once(BackendInfo(name="fickle", title="T", model="m", data_goes_to="d"))
    def __init__(self): pass

class ThePlugin(Plugin):
    @hookimpl
    def register_metrics(self): return [FickleCalculator()]
    @hookimpl
    def register_backends(self): return [FickleWriter()]
"""


def test_what_a_plugin_declares_is_asked_once(site: Site) -> None:
    site.install("fickle", FICKLE)
    registry = site.load("fickle")
    assert registry.reports[0].provides == ("metric fickle.one", "backend fickle")
    assert list(registry.metrics) == ["fickle.one"]
    assert list(registry.backends) == ["fickle"]
    assert site.report("fickle").state is PluginState.BROKEN  # in this process, each load asks again


@pytest.mark.parametrize("case", EVERYTHING)
def test_a_broken_plugin_stays_alone(site: Site, case: str) -> None:
    source, reason = EVERYTHING[case]
    site.install("bad", source)
    report = site.report("bad")
    assert report.state is PluginState.BROKEN
    assert reason in str(report.problem)
    assert report.provides == ()
    registry = site.load("bad", "healthy")
    assert "bad" not in {*registry.plugins, *registry.providers, *registry.backends}
    assert list(registry.metrics) == ["healthy.minutes"]


def test_the_place_is_named(site: Site) -> None:
    site.install("bad", "\n\nraise RuntimeError('here')")
    assert "installed_training_analyzer_bad.py, line 3)" in str(site.report("bad").problem)


def test_a_name_that_fits_nowhere(site: Site) -> None:
    site.install("Bad-Name", PREAMBLE, distribution="badly-named")
    report = site.report("Bad-Name")
    assert report.state is PluginState.BROKEN
    assert "lower-case letters" in str(report.problem)


def test_an_optional_hook_of_a_later_release_is_no_error(site: Site) -> None:
    later = "    @hookimpl(optionalhook=True)\n    def register_dreams(self): return 7\n"
    site.install("modern", hook("register_metrics", "return []") + later)
    assert site.report("modern").state is PluginState.ACTIVE


def test_a_keyboard_interrupt_is_obeyed(site: Site) -> None:
    site.install("slow", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        site.load("slow")
