"""What the stand-in answers: sentences put together from the facts that it is sent, by no model."""

import json
import re
from typing import Any

MAX_RULES = 3
MAX_CHANGES = 2
AGAINST = " against "
"""Labels of changes say of what, and against what: "form against the four weeks before"."""


def compose(sent: str) -> dict[str, Any]:
    """
    Return a reply that fits the core's schema and says only what the facts hold.

    `sent` begins with the facts as JSON. Where more stands behind them, a former answer could not be used:
    then the sentences of the rules alone are said, and nothing in words of its own.
    """
    try:
        given, end = json.JSONDecoder().raw_decode(sent)
        facts = {fact_id: _read(fact_id, *fact) for fact_id, fact in given["facts"].items()}
        rules = [{**rule, "facts": _mentioned(rule["text"])} for rule in list(given["rules"])[:MAX_RULES]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return _reply("insufficient_data", [], "", "There is too little to go by")
    observations = [
        {"facts": rule["facts"], "direction": _direction(rule["facts"], facts), "text": rule["text"]}
        for rule in rules
    ]
    told = {fact_id for rule in rules for fact_id in rule["facts"]}
    changes = [fact for fact in facts.values() if fact["direction"] and AGAINST in fact["label"]]
    is_repair = bool(sent[end:].strip())
    untold = [fact for fact in changes if fact["id"] not in told and not is_repair]
    untold = sorted(untold, key=lambda fact: bool(fact["direction"] == "flat"))[:MAX_CHANGES]
    if untold:
        text = "; ".join(_change(fact) for fact in untold)
        observations.append(
            {
                "facts": [fact["id"] for fact in untold],
                "direction": untold[0]["direction"],
                "text": f"{text[0].upper()}{text[1:]}.",
            }
        )
    told_changes = [fact for fact in changes if fact["id"] in told]
    headlines = [] if is_repair else told_changes or untold
    headline = _headline(headlines[0]) if headlines else "The week in short"
    advice = next((rule["advice"] for rule in rules if rule.get("advice")), "")
    return _reply("insight" if observations else "insufficient_data", observations, advice, headline)


def _read(fact_id: str, label: str, text: str, direction: str = "") -> dict[str, str]:
    return {"id": fact_id, "label": label, "text": text, "direction": direction}


def _mentioned(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{([a-z][a-z0-9_]*)\}", text)))


def _reply(status: str, observations: list[dict[str, Any]], advice: str, headline: str) -> dict[str, Any]:
    return {
        "status": status,
        "observations": observations,
        "caveats": [],
        "recommendation": advice,
        "headline": headline,
    }


def _direction(fact_ids: list[str], facts: dict[str, Any]) -> str:
    return next((facts[name]["direction"] for name in fact_ids if facts.get(name, {}).get("direction")), "na")


def _change(fact: dict[str, str]) -> str:
    what, against = _compared(fact)
    return f"{what} is {_moved(fact)} against {against}"


def _headline(fact: dict[str, str]) -> str:
    what, _ = _compared(fact)
    return f"{what[0].upper()}{what[1:]} is {_moved(fact)}"


def _compared(fact: dict[str, str]) -> tuple[str, str]:
    """Return what a change is of and against what, as its label names them, without what they explain."""
    what, _, against = fact["label"].partition(AGAINST)
    return what.split(",")[0], against.split(";")[0]


def _moved(fact: dict[str, str]) -> str:
    return "about the same" if fact["direction"] == "flat" else f"{fact['direction']} {{{fact['id']}}}"
