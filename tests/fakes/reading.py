"""
What the rules write about made-up athletes, to be read by a person.

    python -m tests.fakes.reading               everything: each athlete, each kind
    python -m tests.fakes.reading examples      those in docs/insights.md, as Markdown
"""

import sys
from collections.abc import Iterator

from tests.fakes.athletes import MadeUp, made_up_athletes
from training_analyzer.analysis.contexts import Subject, build_context
from training_analyzer.analysis.draft import rules_draft
from training_analyzer.analysis.rendering import by_id, render
from training_analyzer.domain.insight import InsightKind
from training_analyzer.domain.style import Language, Style, Units

W, S, M, A, Q = (
    InsightKind.WEEK,
    InsightKind.STATE,
    InsightKind.MONTH,
    InsightKind.ACTIVITY,
    InsightKind.QUESTION,
)
ENGLISH, GERMAN = Style(), Style(language=Language.GERMAN)

EXAMPLES: tuple[tuple[str, InsightKind, Style, str], ...] = (
    ("overreaching", W, ENGLISH, ""),
    ("returning", W, ENGLISH, ""),
    ("tapering", W, ENGLISH, ""),
    ("too_hard_on_easy_days", W, ENGLISH, ""),
    ("run_jump", W, Style(units=Units.IMPERIAL), ""),
    ("hard_in_a_row", W, GERMAN, ""),
    ("steady", S, ENGLISH, ""),
    ("ramping", S, ENGLISH, ""),
    ("no_easy_week", M, ENGLISH, ""),
    ("fitter_heart", M, GERMAN, ""),
    ("harder_hours", W, GERMAN, ""),
    ("block_training", W, ENGLISH, ""),
    ("drifting", A, ENGLISH, ""),
    ("one_long_ride", A, ENGLISH, ""),
    ("first_week", W, ENGLISH, ""),
    ("monotonous", Q, ENGLISH, "Do I need a rest day?"),
    ("steady", Q, ENGLISH, "What shall I cook tonight?"),
)


def written(one: MadeUp, kind: InsightKind, style: Style, question: str = "") -> Iterator[str]:
    """Yield the headline, the observations, the advice and the caveats, as Markdown."""
    key = one.training.sessions[-1].key if kind is A else ""
    context = build_context(one.training, Subject(kind, key, question), style)
    assert context is not None
    draft, known = rules_draft(context, style.language), by_id(context.facts)
    yield f"**{render(draft.headline, known, style)}**"
    for observation in draft.observations:
        yield f"- {render(observation.text, known, style)}"
    if draft.recommendation:
        yield f"- *{render(draft.recommendation, known, style)}*"
    for caveat in draft.caveats:
        yield f"- ({render(caveat, known, style)})"


def examples() -> str:
    """Return the examples of docs/insights.md."""
    people = {one.name: one for one in made_up_athletes()}
    parts = []
    for name, kind, style, question in EXAMPLES:
        asked = f" They ask: “{question}”" if question else ""
        lines = "\n> ".join(written(people[name], kind, style, question)).replace("**\n> -", "**\n>\n> -", 1)
        parts.append(f"{people[name].story}{asked} (`{kind}`)\n\n> {lines}")
    return "\n\n".join(parts)


if __name__ == "__main__":
    if sys.argv[1:] == ["examples"]:
        sys.stdout.write(examples() + "\n")
    else:
        for one in made_up_athletes():
            for kind in (W, S, M, A):
                lines = (f"\n{one.name}: {one.story} ({kind})", *written(one, kind, ENGLISH))
                sys.stdout.write("\n".join(lines) + "\n")
