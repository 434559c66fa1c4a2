"""An AI reply is data to be checked: valid by the schema, and every claim traceable to a fact."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import ValidationError

from training_analyzer.analysis.draft import MAX_OBSERVATIONS, Draft, DraftObservation
from training_analyzer.analysis.rendering import by_id, flaws, placeholders
from training_analyzer.domain.insight import Context, Fact
from training_analyzer.domain.values import Value


def _words(*lines: str) -> re.Pattern[str]:
    """Match any of the words, which are separated by commas; each is a regular expression."""
    words = [word.strip() for line in lines for word in line.split(",")]
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


RISING: Final = _words(
    r"rose, risen, rises, rising, increas\w*, grew, grown, climbed, jumped, up, above, higher, improv\w+",
    r"exceeds, exceeded",
)
FALLING: Final = _words(
    r"fell, fallen, falling, decreas\w*, declin\w*, dropp\w+, down, below, lower, lighter, receded, recedes",
    r"receding, less than, fewer than",
)
FACTORS: Final = _words(
    r"twice, thrice, doubl\w+, tripl\w+, half, halved, thirds?, quarters?, \w+fold",
)
COUNTS: Final = _words(
    r"two, three, five, six, eight, nine, ten, eleven, twelve, twenty, thirty, forty, fifty, sixty, seventy",
    r"eighty, ninety, hundred, thousand, dozen, (?:four|seven)(?![ -](?:weeks?|days?))",
)
MEDICAL: Final = _words(
    r"diagnos\w*, medic\w+, dose, doses, dosage, injur\w*, illness\w*, diseases?, symptoms?, treatments?",
    r"therap\w+, prescri\w+, heart attacks?, syndromes?, red-s, doctors?, physicians?, supplements?",
    r"infections?, inflammat\w+, pain, cardiac",
)
SUPERLATIVES: Final = _words(r"best, worst, records?, ever, never, biggest, highest, lowest, peak, peaked")
BEYOND: Final = _words(
    r"hrv, vo2, vo2 ?max, sleep, weather, wind, heat, races?, raced, racing, bricks?, ftp, heart rate",
    r"hills?, climbs, goals?",
)
MARKUP: Final = re.compile(r"https?:|www\.|[<>`*_#\[\]|]|!")


class Violation(Value):
    """One reason why a reply does not hold, and the part of it that it is about."""

    part: str
    reason: str

    def __str__(self) -> str:
        return f"{self.part}: {self.reason}"


def check(reply_text: str, context: Context) -> Draft | tuple[Violation, ...]:
    """Return the reply as a draft if every claim in it holds, and otherwise all that does not."""
    try:
        draft = Draft.model_validate_json(reply_text)
    except ValidationError as error:
        return tuple(_schema_violations(error))
    violations = tuple(_violations(draft, by_id(context.facts)))
    return violations or draft


def _schema_violations(error: ValidationError) -> Iterator[Violation]:
    for detail in error.errors(include_url=False, include_context=False, include_input=False)[:5]:
        part = ".".join(str(step) for step in detail["loc"]) or "reply"
        yield Violation(part=part, reason=detail["msg"].lower())


def _violations(draft: Draft, known: Mapping[str, Fact]) -> Iterator[Violation]:
    if draft.status == "insight" and not draft.observations:
        yield Violation(part="observations", reason="an insight without an observation")
    if len(draft.observations) > MAX_OBSERVATIONS:
        yield Violation(
            part="observations", reason=f"{len(draft.observations)}; {MAX_OBSERVATIONS} are allowed"
        )
    cited: set[str] = set()
    for number, observation in enumerate(draft.observations, start=1):
        part = f"observation {number}"
        cited |= set(observation.facts)
        for reason in _claims(observation.text, known, set(observation.facts)):
            yield Violation(part=part, reason=reason)
        for reason in _evidence(observation, known):
            yield Violation(part=part, reason=reason)
    for reason in _claims(draft.headline, known, cited | placeholders(draft.headline)):
        yield Violation(part="headline", reason=reason)
    for number, caveat in enumerate(draft.caveats, start=1):
        for reason in (*_wording(caveat, known), *_matches(COUNTS, caveat, "a number in words")):
            yield Violation(part=f"caveat {number}", reason=reason)
    for reason in _wording(draft.recommendation, known):
        yield Violation(part="recommendation", reason=reason)


def _wording(text: str, known: Mapping[str, Fact]) -> Iterator[str]:
    """What holds for every text, advice included."""
    yield from flaws(text, known)
    text = _without_placeholders(text)
    yield from _matches(FACTORS, text, "a quantity in words")
    yield from _matches(MEDICAL, text, "medical wording")
    if MARKUP.search(text):
        yield "markup, a link or an exclamation mark"


def _claims(text: str, known: Mapping[str, Fact], cited: set[str]) -> Iterator[str]:
    """What holds besides for a text that says how things are."""
    yield from _wording(text, known)
    text = _without_placeholders(text)
    yield from _matches(COUNTS, text, "a number in words")
    yield from _matches(SUPERLATIVES, text, "a superlative that no fact supports")
    yield from _matches(BEYOND, text, "something that no fact speaks of")
    directions = {known[name].direction for name in cited & known.keys()}
    for pattern, direction in ((RISING, "up"), (FALLING, "down")):
        found = pattern.search(text)
        # Form and shares have no direction of their own; what has one must agree.
        if found and direction not in directions:
            yield f'"{found[0]}", but no cited fact goes {direction}'


def _evidence(observation: DraftObservation, known: Mapping[str, Fact]) -> Iterator[str]:
    cited = set(observation.facts)
    if not cited:
        yield "it cites no fact"
    for name in sorted(cited - known.keys()):
        yield f"it cites {name}, which is not a fact"
    for name in sorted((placeholders(observation.text) & known.keys()) - cited):
        yield f"it mentions {{{name}}} without citing it"
    directions = {known[name].direction for name in cited & known.keys()}
    if observation.direction != "na" and observation.direction not in directions:
        yield f"its direction is {observation.direction}, but no cited fact's is"


def _without_placeholders(text: str) -> str:
    for name in placeholders(text):
        text = text.replace(f"{{{name}}}", " ")
    return text


def _matches(pattern: re.Pattern[str], text: str, what: str) -> Iterator[str]:
    if found := pattern.search(text):
        yield f'{what} ("{found[0]}")'
