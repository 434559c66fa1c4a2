"""Replies of a model about a week with too much of a jump in it, and what is wrong with them."""

import json
from typing import Any

from training_analyzer.analysis.draft import Draft
from training_analyzer.analysis.grounding import check
from training_analyzer.domain.insight import Context
from training_analyzer.domain.style import Language


def reply(text: str = "", facts: tuple[str, ...] = ("load_week", "load_change"), **changes: Any) -> str:
    observation = {
        "facts": list(facts),
        "direction": changes.pop("direction", "up"),
        "text": text or "At {load_week}, the load was {load_change} above the four weeks before.",
    }
    content = {
        "status": "insight",
        "observations": [observation],
        "caveats": [],
        "recommendation": "Take one easy day before the next hard session.",
        "headline": "A step up in load",
    }
    return json.dumps({**content, **changes})


def violations(text: str, context: Context, language: Language = Language.ENGLISH) -> str:
    found = check(text, context, language)
    assert not isinstance(found, Draft), "it should not have passed"
    assert found
    return "; ".join(str(violation) for violation in found)
