"""The rules engine: which rules hold for a set of facts, and which of these are spoken side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from training_analyzer.analysis.language.texts import ENGLISH
from training_analyzer.analysis.rules.catalogue import RULES, SOURCES, Rule
from training_analyzer.domain.insight import Coverage, Fact, FiredRule, InsightKind, Stance, Suppressed

SEVERITIES: Final = ("warning", "notice", "info")
MAX_SPOKEN: Final = 4
"""More is not read."""

Decides = TypeVar("Decides", Rule, FiredRule)

OPPOSITE: Final = {Stance.EASE: Stance.BUILD, Stance.BUILD: Stance.EASE}


@dataclass(slots=True)
class Fired:
    """What is spoken, the gravest first and caveats last; and what holds but is not spoken."""

    rules: tuple[FiredRule, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    day: FiredRule | None = None
    """Who tells to ease off in place of the rules, which point elsewhere. To build needs no repeating."""


@dataclass(slots=True)
class _Round:
    """The rules that are left, in the order in which they speak, and why others are not."""

    left: list[Rule]
    dropped: list[Suppressed] = field(default_factory=list)

    def drop(self, rule: Rule, because: str) -> None:
        self.left.remove(rule)
        self.dropped.append(Suppressed(id=rule.id, because=because))


def fire(
    facts: Iterable[Fact],
    kind: InsightKind,
    coverage: Coverage,
    *,
    topics: Sequence[str] = (),
    day: FiredRule | None = None,
    rules: Iterable[Rule] = RULES,
) -> Fired:
    """
    Return what the rules have to say.

    `topics`: of a question; only rules that answer one of these then speak. `day`: the rule that decides
    which way all insights of the day point. Where nothing is worth saying, the first quiet rule that
    holds says so: also an answer.
    """
    by_id = {fact.id: fact for fact in facts}
    of_kind = [rule for rule in rules if _may_speak(rule, kind, topics)]
    holding = [rule for rule in of_kind if holds(rule, by_id, coverage)]
    speaking = _Round([rule for rule in holding if not rule.quiet])
    _once_for_each_topic(speaking)
    _silence(speaking)
    speaking.left.sort(key=_weight)
    leader = _contradict(speaking)
    for rule in [rule for rule in speaking.left if not rule.caveat][MAX_SPOKEN:]:
        speaking.drop(rule, because="there is more that weighs more")
    if all(rule.caveat for rule in speaking.left):
        speaking.left[:0] = [rule for rule in holding if rule.quiet][:1]
    fired = tuple(_fired(rule, leader, day) for rule in speaking.left)
    is_silenced = any(ENGLISH.rules[rule.id].advice and not rule.caveat for rule in speaking.left)
    advised = any(rule.advice for rule in fired)
    stands_in = day if day and day.stance is Stance.EASE and is_silenced and not advised else None
    return Fired(fired, tuple(speaking.dropped), stands_in)


def holds(rule: Rule, facts: Mapping[str, Fact], coverage: Coverage) -> bool:
    """Return whether all that the rule speaks of is known, and its condition and requirements hold."""
    return (
        coverage.history_days >= rule.history_days
        and coverage.estimated_share <= rule.estimated_at_most
        and rule.mentions <= facts.keys()
        and rule.condition.holds(facts) is True
    )


def _may_speak(rule: Rule, kind: InsightKind, topics: Sequence[str]) -> bool:
    """Return whether the rule belongs to the kind; to a question, where it answers one of its topics."""
    if kind is not InsightKind.QUESTION or rule.caveat or rule.quiet:
        return kind in rule.kinds
    return bool(set(topics) & set(rule.answers))


def _weight(rule: Rule) -> tuple[bool, int]:
    return rule.caveat, SEVERITIES.index(rule.severity)


def gravity(rule: Rule | FiredRule) -> tuple[int, bool]:
    """Sort what tells to ease off or to build: the gravest first, and easing off before building."""
    return SEVERITIES.index(rule.severity), rule.stance is Stance.BUILD


def deciding(rules: Iterable[Decides]) -> Decides | None:
    """
    Return which of the rules decides where all of them point; None where none does.

    The gravest that tells to ease off or to build; but to build is not said against a word of caution
    of the same weight or more: that then decides.
    """
    pointing = sorted(rules, key=gravity)
    first = next((rule for rule in pointing if rule.stance in OPPOSITE), None)
    if first is None or first.stance is Stance.EASE:
        return first
    cautious = [rule for rule in pointing if rule.stance is Stance.HOLD]
    return next((rule for rule in cautious if gravity(rule) <= gravity(first)), first)


def _suits(rule: Rule, day: FiredRule | None) -> bool:
    """Return whether the rule's advice goes with the day's: to build goes with what asks for no change."""
    if day is None or rule.stance is day.stance:
        return True
    match day.stance:
        case Stance.EASE:
            return rule.gentle
        case Stance.HOLD:
            return rule.stance is not Stance.BUILD
    return rule.stance is Stance.NONE and not rule.quiet


def _once_for_each_topic(speaking: _Round) -> None:
    first: dict[str, str] = {}
    for rule in list(speaking.left):
        if first.setdefault(rule.topic, rule.id) != rule.id:
            speaking.drop(rule, because=first[rule.topic])


def _silence(speaking: _Round) -> None:
    """Drop what says again, or worse, what another rule says better. Who is silenced silences nobody."""
    for rule in list(speaking.left):
        if rule not in speaking.left:
            continue
        for other in list(speaking.left):
            if other.id in rule.silences:
                speaking.drop(other, because=rule.id)


def _contradict(speaking: _Round) -> Stance:
    """Drop what points the other way than the gravest rule that points anywhere; return its stance."""
    leader = min((rule for rule in speaking.left if rule.stance in OPPOSITE), key=gravity, default=None)
    if leader is None:
        return next((rule.stance for rule in speaking.left if rule.stance is not Stance.NONE), Stance.NONE)
    for rule in [rule for rule in speaking.left if rule.stance is OPPOSITE[leader.stance]]:
        speaking.drop(rule, because=leader.id)
    decides = deciding(speaking.left)
    return decides.stance if decides else Stance.NONE


def _fired(rule: Rule, leader: Stance, day: FiredRule | None) -> FiredRule:
    """Return what the rule says. Advice that does not point where the gravest points is left out."""
    texts = ENGLISH.rules[rule.id]
    agrees = rule.stance is leader or leader is Stance.NONE or (rule.gentle and leader is Stance.EASE)
    agrees = agrees and _suits(rule, day)
    return FiredRule(
        id=rule.id,
        version=rule.version,
        severity=rule.severity,
        text=texts.text,
        facts=tuple(sorted(rule.evidence)),
        headline=texts.headline,
        advice=texts.advice if agrees else "",
        reason=texts.reason,
        source=SOURCES[rule.source].cite,
        topic=rule.topic,
        stance=rule.stance,
        caveat=rule.caveat,
        quiet=rule.quiet,
        unsure=rule.unsure,
    )
