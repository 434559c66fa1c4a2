"""The rules as data: when each speaks, what it says, what follows, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from training_analyzer.analysis.rendering import placeholders
from training_analyzer.domain.insight import Fact

Direction = Literal["up", "down", "flat"]

_OURS: Final = "our choice"
_RAMP: Final = "J. Friel, The CTL Ramp Rate, joefrielsblog.com, May 2015: 5 to 8 points a week, 10 at most"
_FORM: Final = "intervals.icu, form bands: optimal from -10 to -30, high risk below -30, fresh above 5"
_RATIO: Final = (
    "Gabbett 2016, doi:10.1136/bjsports-2015-095788: a week above 1.5 times the usual is a spike. "
    "Its use as a prediction is disputed, so it is a comparison here"
)


@dataclass(frozen=True, slots=True)
class When:
    """A condition on one fact: it holds if the fact is known and within all bounds that are given."""

    fact: str
    at_least: float | None = None
    below: float | None = None
    direction: Direction | None = None

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        fact = facts.get(self.fact)
        return (
            fact is not None
            and (self.at_least is None or fact.value >= self.at_least)
            and (self.below is None or fact.value < self.below)
            and (self.direction is None or fact.direction == self.direction)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence, and when it is true. Raise `version` when its words or its conditions change."""

    id: str
    topic: str
    """Of the rules on one topic only the first that holds speaks."""
    severity: Literal["info", "notice", "warning"]
    when: tuple[When, ...]
    headline: str
    text: str
    advice: str = ""
    source: str = _OURS
    caveat: bool = False
    """It says how far to trust the rest."""
    version: int = 1

    @property
    def evidence(self) -> frozenset[str]:
        """What it rests on: the facts that it mentions, or else those that it depends on."""
        return self.mentions or frozenset(condition.fact for condition in self.when)

    @property
    def mentions(self) -> frozenset[str]:
        return frozenset(placeholders(self.text) | placeholders(self.headline))


# Fitness starts at nothing and follows with a time constant of six weeks. Until two of them have
# passed (86 % of the way) it rises because the record is young, which says nothing about training.
_SETTLED: Final = When("history_days", at_least=84)
_SETTLED_A_MONTH_AGO: Final = When("history_days", at_least=84 + 28)

RULES: Final = (
    Rule(
        id="load_spike",
        topic="load",
        severity="warning",
        when=(When("load_change", at_least=50, direction="up"),),
        headline="Far more load than usual",
        text="The week's load of {load_week} is {load_change} above the {load_usual} "
        "that you averaged over the four weeks before.",
        advice="Keep the coming week near your usual load before you add more.",
        source=_RATIO,
    ),
    Rule(
        id="load_up",
        topic="load",
        severity="notice",
        when=(When("load_change", at_least=15, direction="up"),),
        headline="More load than usual",
        text="The week's load of {load_week} is {load_change} above the {load_usual} "
        "that you averaged over the four weeks before.",
        advice="If you mean to build, hold this level for another week before the next step.",
    ),
    Rule(
        id="load_down",
        topic="load",
        severity="info",
        when=(When("load_change", at_least=20, direction="down"), When("sessions_week", at_least=1)),
        headline="A lighter week",
        text="The week's load of {load_week} is {load_change} below the {load_usual} "
        "that you averaged over the four weeks before.",
        advice="If this was a planned easy week, go back to your usual load now; "
        "if not, there is nothing to make up for.",
    ),
    Rule(
        id="ramp_high",
        topic="ramp",
        severity="warning",
        when=(When("fitness_change", at_least=8, direction="up"), _SETTLED),
        headline="Fitness is rising faster than most can sustain",
        text="Fitness rose by {fitness_change} within the week, to {fitness}; "
        "most athletes can hold a rise of this size for a short time only.",
        advice="Plan an easier week next, so that the gain can settle.",
        source=_RAMP,
    ),
    Rule(
        id="ramp_brisk",
        topic="ramp",
        severity="notice",
        when=(When("fitness_change", at_least=5, direction="up"), _SETTLED),
        headline="Fitness is rising briskly",
        text="Fitness rose by {fitness_change} within the week, to {fitness}: "
        "a brisk build, at a pace that a few weeks in a row can bear.",
        advice="Keep an easy week in sight; a pace like this is for weeks, not months.",
        source=_RAMP,
    ),
    Rule(
        id="fitness_gain",
        topic="ramp",
        severity="info",
        when=(When("fitness_change_month", at_least=5, direction="up"), _SETTLED_A_MONTH_AGO),
        headline="Fitness has grown over the month",
        text="Fitness stands at {fitness}, {fitness_change_month} higher than four weeks ago.",
    ),
    Rule(
        id="fitness_loss",
        topic="ramp",
        severity="info",
        when=(When("fitness_change_month", at_least=5, direction="down"), _SETTLED_A_MONTH_AGO),
        headline="Fitness has receded over the month",
        text="Fitness stands at {fitness}, {fitness_change_month} lower than four weeks ago.",
        advice="If that is not what you planned, one more session a week turns the trend "
        "sooner than harder ones.",
    ),
    Rule(
        id="one_long_session",
        topic="distribution",
        severity="info",
        when=(
            When("longest_share", at_least=45),
            When("sessions_week", at_least=3),
            When("longest_change", at_least=20, direction="up"),
        ),
        headline="One long session made the week",
        text="One session of {longest_week} made up {longest_share} of the week's time. "
        "It was {longest_change} longer than your longest of the four weeks before.",
        advice="Let the next long session be no longer than this one.",
    ),
    Rule(
        id="form_very_negative",
        topic="form",
        severity="warning",
        when=(When("form", below=-30), _SETTLED),
        headline="Fatigue far outweighs fitness",
        text="Form is {form}, where the four weeks before averaged {form_usual}: "
        "recent training weighs much more than what you are used to.",
        advice="Take easy days until form is on its way back to your usual.",
        source=_FORM,
    ),
    Rule(
        id="form_productive",
        topic="form",
        severity="info",
        when=(When("form", below=-10), _SETTLED),
        headline="Tired in the way that training makes tired",
        text="Form is {form}, where the four weeks before averaged {form_usual}: "
        "a range in which fitness usually grows.",
        source=_FORM,
    ),
    Rule(
        id="form_very_fresh",
        topic="form",
        severity="notice",
        when=(When("form", at_least=25), _SETTLED),
        headline="Rested, and at the cost of fitness",
        text="Form is {form}, where the four weeks before averaged {form_usual}: "
        "freshness of this size comes from training little, which costs fitness in time.",
        advice="If no event is near, this is a good moment to train again.",
        source=_FORM,
    ),
    Rule(
        id="form_fresh",
        topic="form",
        severity="info",
        when=(
            When("form", at_least=5),
            When("sessions_week", at_least=1),
            When("sessions_before", at_least=4),
            _SETTLED,
        ),
        headline="Fresh",
        text="Form is {form}, where the four weeks before averaged {form_usual}: "
        "you are fresher than in regular training.",
        advice="A good time for an event, a test or a hard session.",
        source=_FORM,
    ),
    Rule(
        id="back_after_break",
        topic="rhythm",
        severity="notice",
        when=(When("sessions_before", below=1), When("sessions_week", at_least=1)),
        headline="Back in training",
        text="{sessions_week} and {time_week} of training, after four weeks without any.",
        advice="Let the first weeks be easier than you feel able to do: "
        "what carries load has to be built up again.",
    ),
    Rule(
        id="inactive",
        topic="rhythm",
        severity="notice",
        when=(When("sessions_week", below=1), When("sessions_before", at_least=4)),
        headline="A week without training",
        text="There was no session this week; the four weeks before had {sessions_before}. "
        "The last one was {days_since_last} ago.",
        advice="Start again with an easy session; nothing has to be made up for.",
    ),
    Rule(
        id="long_inactive",
        topic="rhythm",
        severity="info",
        when=(When("sessions_week", below=1), When("days_since_last", at_least=28)),
        headline="No training for a while",
        text="There was no session this week; the last one was {days_since_last} ago.",
        advice="Start again with an easy session; nothing has to be made up for.",
    ),
    Rule(
        id="no_rest_day",
        topic="rhythm",
        severity="notice",
        when=(When("rest_days", below=1), When("rest_days_usual", at_least=1)),
        headline="No rest day",
        text="You trained on every day of the week; the four weeks before averaged {rest_days_usual} a week.",
        advice="Put a rest day, or a very easy one, into the coming days.",
    ),
    Rule(
        id="harder_hours",
        topic="intensity",
        severity="notice",
        when=(When("intensity_change", at_least=15, direction="up"), When("time_week", at_least=2)),
        headline="The hours were harder than usual",
        text="An hour of training carried a load of {intensity_week}, {intensity_change} above the "
        "{intensity_usual} of the four weeks before: the sessions were harder, not only longer.",
        advice="Check that the easy sessions were easy.",
    ),
    Rule(
        id="short_history",
        topic="history",
        severity="info",
        when=(When("history_days", below=42),),
        headline="Not much history yet",
        text="The history is only {history_days} long. Fitness and fatigue need more "
        "before they describe you well.",
        caveat=True,
    ),
    Rule(
        id="mostly_estimated",
        topic="estimates",
        severity="info",
        when=(When("estimated_share", at_least=20),),
        headline="Much of the load is estimated",
        text="{estimated_share} of the load compared here is estimated, because full readings are missing. "
        "Read small differences with care.",
        caveat=True,
    ),
)

QUIET: Final = (
    Rule(
        id="nothing_recorded",
        topic="quiet",
        severity="info",
        when=(When("sessions_week", below=1),),
        headline="No training this week",
        text="No session was recorded this week.",
    ),
    Rule(
        id="like_the_weeks_before",
        topic="quiet",
        severity="info",
        when=(When("load_change", below=20),),
        headline="A week like the ones before",
        text="{sessions_week} and {time_week} made a load of {load_week}, close to the {load_usual} "
        "that you averaged over the four weeks before. Nothing stands out.",
        advice="Nothing here asks for a change.",
    ),
    Rule(
        id="nothing_to_compare",
        topic="quiet",
        severity="info",
        when=(),
        headline="A first look at the week",
        text="{sessions_week} and {time_week} this week. There is no baseline to compare this with yet.",
        advice="Keep recording: after five weeks, each week is compared with your own usual.",
    ),
)
"""What is said when nothing else is. The last one always holds."""

BY_ID: Final = {rule.id: rule for rule in (*RULES, *QUIET)}
