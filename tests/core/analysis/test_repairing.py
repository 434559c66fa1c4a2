"""The second request: no longer than any other, whatever was answered, and about what was wrong."""

import json

import pytest

from tests.fakes.athletes import made_up_athletes
from training_analyzer.analysis.contexts import Subject, build_context, week_context
from training_analyzer.analysis.draft import rules_draft
from training_analyzer.analysis.prompts import MAX_INPUT_TOKENS, build_prompt, estimated_tokens
from training_analyzer.analysis.rendering import placeholders
from training_analyzer.analysis.repairing import repaired
from training_analyzer.analysis.training import Training
from training_analyzer.domain.insight import InsightKind, Prompt
from training_analyzer.domain.style import Language, Style, Tone

GERMAN = Style(language=Language.GERMAN, tone=Tone.WARM)
MANY = tuple(
    f"observation {part}: no fact says {number} of what is meant here: {'so it went on and on ' * 9}"
    for part in (1, 2, 3)
    for number in range(30)
)


def told_in(prompt: Prompt) -> tuple[dict[str, dict[str, object]], str]:
    """Return the facts and rules that a repair holds, and what stands behind them."""
    content, end = json.JSONDecoder().raw_decode(prompt.facts)
    return content, prompt.facts[end:]


@pytest.mark.parametrize("kind", InsightKind)
def test_no_repair_of_any_athlete_is_longer_than_a_prompt_may_be(kind: InsightKind) -> None:
    for one in made_up_athletes():
        key = one.training.sessions[-1].key if kind is InsightKind.ACTIVITY else ""
        question = "How much, how hard, how regular, and is my form good? " * 5
        context = build_context(one.training, Subject(kind, key, question), GERMAN)
        assert context is not None
        prompt, draft = build_prompt(context, GERMAN), rules_draft(context, Language.GERMAN)
        for answer in (draft.model_dump_json(), "Sure! Here is the JSON: {oops", f'{{"a":"{"n" * 9000}"}}'):
            repair = repaired(prompt, answer, MANY)
            assert estimated_tokens(repair) <= MAX_INPUT_TOKENS, one.name
            content, _ = told_in(repair)
            for rule in content["rules"]:
                assert placeholders(str(rule)) <= content["facts"].keys()


def test_a_handful_of_faults_is_told_and_one_of_each_part(spike: Training) -> None:
    prompt = build_prompt(week_context(spike))
    faults = (*(f"observation 1: fault {n}" for n in range(9)), "headline: a fault", "headline: a fault")
    _, wrong = told_in(repaired(prompt, "{}", faults))
    assert [line for line in wrong.splitlines() if line.startswith("- ")] == [
        "- observation 1: fault 0",
        "- headline: a fault",
        "- observation 1: fault 1",
        "- observation 1: fault 2",
        "- observation 1: fault 3",
        "- and 5 more faults",
    ]


def test_it_holds_the_facts_that_somebody_speaks_of(spike: Training) -> None:
    prompt = build_prompt(week_context(spike))
    whole, _ = told_in(prompt)
    spoken_by_rules = {name for rule in whole["rules"] for name in placeholders(str(rule))}
    unspoken = sorted(whole["facts"].keys() - spoken_by_rules)
    assert len(unspoken) > 2
    answer = json.dumps({"headline": f"It stands at {{{unspoken[0]}}}"})
    content, wrong = told_in(repaired(prompt, answer, [f"headline: {unspoken[1]} is meant"]))
    assert {*spoken_by_rules, unspoken[0], unspoken[1]} <= content["facts"].keys()
    assert len(content["facts"]) < len(whole["facts"])
    assert (content["rules"], content.get("advice")) == (whole["rules"], whole.get("advice"))
    assert answer in wrong


@pytest.mark.parametrize("answer", ["Sure! Here is the JSON: {oops", "[]", '"a text"'])
def test_what_cannot_be_read_is_not_repeated(spike: Training, answer: str) -> None:
    prompt = build_prompt(week_context(spike))
    repair = repaired(prompt, answer, ["reply: invalid json"])
    assert told_in(repair)[0] == told_in(prompt)[0], "it has to be written anew, from all facts"
    assert answer not in repair.facts
    assert "- reply: invalid json" in repair.facts


def test_the_instructions_are_the_same_so_that_a_service_may_have_them_at_hand(spike: Training) -> None:
    prompt = build_prompt(week_context(spike))
    repair = repaired(prompt, "{}", ["headline: a fault"])
    assert (repair.instructions, repair.reply_schema) == (prompt.instructions, prompt.reply_schema)
    assert repair.max_output_tokens == prompt.max_output_tokens
