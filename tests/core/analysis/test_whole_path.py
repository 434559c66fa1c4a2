"""From a week's numbers through a real SDK and the wire to an insight, with Gemini's stand-in at the end."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.fakes.athletes import made_up_athletes
from tests.waiting import PATIENCE_S
from training_analyzer.analysis.contexts import week_context
from training_analyzer.analysis.gates import Unmetered
from training_analyzer.analysis.permission import permitted_context
from training_analyzer.analysis.prompts import (
    CHARACTERS_PER_TOKEN,
    MAX_INPUT_TOKENS,
    MAX_OUTPUT_TOKENS,
    PLAIN_ENGLISH,
)
from training_analyzer.analysis.training import Training
from training_analyzer.analysis.writing import write
from training_analyzer.domain.insight import Insight
from training_analyzer.domain.style import Language, Style, Tone
from training_analyzer.sdk import InsightBackend
from training_analyzer_gemini.backend import GeminiBackend
from training_analyzer_gemini.settings import GeminiSettings
from training_analyzer_gemini.standin import GeminiStandIn, running

Athlete = Callable[..., Training]
WEEK = (0, 60, 0, 80, 0, 120, 40)


@pytest.fixture(scope="module")
def standin() -> Iterator[GeminiStandIn]:
    with running() as server:
        yield server


def gemini(standin: GeminiStandIn, model: str = "gemini-stand-in") -> InsightBackend:
    return GeminiBackend(GeminiSettings.model_validate({**standin.settings, "model": model}))


def written(given: Training, backend: InsightBackend, style: Style = PLAIN_ENGLISH) -> Insight:
    moment = datetime(2026, 11, 22, 20, tzinfo=UTC)
    permitted = permitted_context(given, style=style)
    return write(
        week_context(given, style),
        permitted,
        [backend],
        now=moment,
        gate=Unmetered(),
        deadline_s=10 * PATIENCE_S,  # a machine may be slow to load the SDK
        style=style,
    )


@pytest.mark.parametrize(
    ("weeks", "estimated"),
    [
        ([WEEK] * 20, 0),
        ([WEEK] * 20, 15),
        ([WEEK] * 2, 3),
        ([WEEK] * 19 + [(60, 100, 60, 120, 80, 200, 120)], 0),
        ([WEEK] * 19 + [(0, 30, 0, 40, 0, 60, 0)], 0),
        ([WEEK] * 19 + [(0,) * 7], 0),
        ([WEEK] * 12 + [(0,) * 7] * 4 + [WEEK], 0),
    ],
)
def test_the_stand_in_writes_of_every_athlete(
    athlete: Athlete, standin: GeminiStandIn, weeks: list[list[float]], estimated: int
) -> None:
    insight = written(athlete(*weeks, estimated=estimated), gemini(standin))
    assert insight.backend == "gemini", insight.notes
    assert insight.model == "gemini-stand-in"
    assert insight.usage.input_tokens > 0
    assert insight.cost_usd == 0
    assert not any("{" in text for text in (insight.headline, *(one.text for one in insight.observations)))


@pytest.mark.parametrize("model", ["badjson", "schema", "cut", "busy", "daily", "badkey", "safety", "text"])
def test_whatever_goes_wrong_the_rules_write(spike: Training, standin: GeminiStandIn, model: str) -> None:
    insight = written(spike, gemini(standin, model))
    assert insight.backend == "rules"
    assert insight.headline == "Far more load than usual"
    assert insight.notes[0].startswith("gemini: ")


def test_an_invented_number_is_left_out_and_the_rest_is_said(spike: Training, standin: GeminiStandIn) -> None:
    insight = written(spike, gemini(standin, "invented"))
    assert insight.backend == "gemini"
    assert insight.notes[-1] == "what did not hold was left out, or says what the rules say"
    assert insight.observations
    assert not any("4321" in one.text for one in insight.observations)


def test_nothing_leaves_for_an_athlete_with_a_forbidden_recording(
    athlete: Athlete, standin: GeminiStandIn
) -> None:
    before = len(standin.scenario.received)
    insight = written(athlete(*[WEEK] * 20, denied=1), gemini(standin))
    assert insight.backend == "rules"
    assert len(standin.scenario.received) == before


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("model", "thoughts"),
    [("gemini-3.5-flash-lite", 0), ("gemini-2.5-flash-lite", 0), ("gemini-3.8-flash", 1000)],
)
def test_a_weeks_insight_is_as_small_on_the_wire_as_is_promised(
    standin: GeminiStandIn, language: Language, model: str, thoughts: int
) -> None:
    """2,000 tokens in and 500 out: of the most varied week, as the SDK sends it."""
    triathlete = next(one for one in made_up_athletes() if one.name == "triathlete").training
    backend = GeminiBackend(
        GeminiSettings.model_validate({"api_key": "k", "model": model, "base_url": standin.url})
    )
    before = len(standin.scenario.received)
    written(triathlete, backend, Style(language=language, tone=Tone.WARM))
    body = standin.scenario.received[before].body
    told = (
        body["systemInstruction"]["parts"][0]["text"],
        body["contents"][0]["parts"][0]["text"],
        json.dumps(body["generationConfig"]["responseJsonSchema"]),
    )
    assert len(body["contents"]) == 1
    assert sum(map(len, told)) / CHARACTERS_PER_TOKEN <= MAX_INPUT_TOKENS
    assert body["generationConfig"]["maxOutputTokens"] == MAX_OUTPUT_TOKENS + thoughts
    assert body["generationConfig"]["thinkingConfig"], "it is told how little to think"
