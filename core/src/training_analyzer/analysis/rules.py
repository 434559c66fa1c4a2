"""A small rules engine: which of the catalogue's rules hold for a set of facts."""

from collections.abc import Iterable, Mapping

from training_analyzer.analysis.catalogue import QUIET, RULES, Rule
from training_analyzer.domain.insight import Fact, FiredRule

SEVERITIES = ("warning", "notice", "info")


def fire(facts: Iterable[Fact], rules: Iterable[Rule] = RULES) -> tuple[FiredRule, ...]:
    """
    Return the rules that hold, the gravest first, at most one on each topic.

    Where nothing is worth saying, the first of `QUIET` that holds says so: also an answer.
    """
    by_id = {fact.id: fact for fact in facts}
    fired: dict[str, Rule] = {}
    for rule in rules:
        if rule.topic not in fired and holds(rule, by_id):
            fired[rule.topic] = rule
    if all(rule.caveat for rule in fired.values()):
        fired["quiet"] = next(rule for rule in QUIET if holds(rule, by_id))
    ordered = sorted(fired.values(), key=lambda rule: (rule.caveat, SEVERITIES.index(rule.severity)))
    return tuple(_fired(rule) for rule in ordered)


def holds(rule: Rule, facts: Mapping[str, Fact]) -> bool:
    """Return whether all that the rule speaks of is known, and all its conditions hold."""
    return rule.mentions <= facts.keys() and all(condition.holds(facts) for condition in rule.when)


def _fired(rule: Rule) -> FiredRule:
    return FiredRule(
        id=rule.id,
        version=rule.version,
        severity=rule.severity,
        text=rule.text,
        facts=tuple(sorted(rule.evidence)),
        headline=rule.headline,
        topic=rule.topic,
        caveat=rule.caveat,
        quiet=rule.topic == "quiet",
        advice=rule.advice,
        source=rule.source,
    )
