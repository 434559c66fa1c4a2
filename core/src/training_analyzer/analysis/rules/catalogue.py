"""The rules as data, read from `rules.toml`; what they say stands in the catalogue of each language."""

import tomllib
from collections.abc import Mapping
from functools import cached_property
from importlib import resources
from typing import Final, Literal

from pydantic import ConfigDict, Field, field_validator

from training_analyzer.analysis.language.texts import ENGLISH
from training_analyzer.analysis.rendering import placeholders
from training_analyzer.analysis.rules.conditions import Condition, parse
from training_analyzer.domain.insight import InsightKind, Stance
from training_analyzer.domain.values import Value


class Source(Value):
    """On whose authority a rule speaks. `checked`: somebody has read there what we cite."""

    cite: str
    checked: bool = False


class Rule(Value):
    """
    A sentence, and when it is true. Raise `version` when its words or its conditions change.

    `topic`: of the rules on one topic only the first that holds speaks. `silences`: rules that are
    not spoken beside this one. `history_days`, `estimated_at_most`: what the facts must rest on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    id: str
    version: int = 1
    kinds: frozenset[InsightKind]
    topic: str
    severity: Literal["info", "notice", "warning"]
    when: str = "True"
    history_days: int = 0
    estimated_at_most: float = 1.0
    stance: Stance = Stance.NONE
    gentle: bool = False
    """Its advice goes well with easing off, though it does not ask for it."""
    silences: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    """The topics of questions that it answers."""
    source: str = "ours"
    caveat: bool = False
    """It says how far to trust the rest."""
    quiet: bool = False
    """It is said when nothing else is."""
    unsure: bool = False
    """It says that too little is known to say more."""
    shows: tuple[str, ...] = Field(default=())
    """Facts that are its evidence besides those that it mentions."""

    @field_validator("when")
    @classmethod
    def _is_a_condition(cls, when: str) -> str:
        parse(when)
        return when

    @cached_property
    def condition(self) -> Condition:
        return parse(self.when)

    @property
    def mentions(self) -> frozenset[str]:
        """The facts that its words name; without any of these it cannot be said."""
        texts = ENGLISH.rules[self.id]
        said = (texts.text, texts.headline, texts.advice, texts.reason)
        return frozenset(name for text in said for name in placeholders(text))

    @property
    def evidence(self) -> frozenset[str]:
        """What it rests on: the facts that it mentions, or else those that it depends on."""
        return (self.mentions or self.condition.required) | set(self.shows)


class _File(Value):
    sources: Mapping[str, Source]
    rule: tuple[Rule, ...]


_CONTENT: Final = _File.model_validate(
    tomllib.loads(resources.files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
)
SOURCES: Final = _CONTENT.sources
RULES: Final = _CONTENT.rule
BY_ID: Final = {rule.id: rule for rule in RULES}
