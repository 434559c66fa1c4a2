"""The second request of an insight: the answer, what of it does not hold, and the facts it is about."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from training_analyzer.analysis.prompts import CHARACTERS_PER_TOKEN, MAX_INPUT_TOKENS
from training_analyzer.domain.insight import Prompt

MAX_VIOLATIONS: Final = 5
MAX_LENGTH: Final = 160
"""Of one violation, in characters."""
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")


def repaired(prompt: Prompt, answer: str, violations: Sequence[str]) -> Prompt:
    """
    Return the prompt once more, with the answer that did not hold and why. It is no longer than any other.

    Of the facts it holds those that the answer, its faults or the rules speak of. An answer that is no JSON,
    or too long, is not repeated; without one to mend, all facts are told again, as far as there is room.
    """
    beside = len(prompt.instructions) + len(json.dumps(dict(prompt.reply_schema)))
    room = int(MAX_INPUT_TOKENS * CHARACTERS_PER_TOKEN) - beside
    told = list(_told(violations))
    content = json.loads(prompt.facts)
    spoken = frozenset(_WORD.findall(answer + "".join(told)))
    if _is_json(answer):
        facts = _only(content, spoken)
        wrong = _wrong(told, answer)
        fitting = _fitting(facts, spoken, room - len(wrong))
        if len(fitting) + len(wrong) <= room:
            return prompt.model_copy(update={"facts": fitting + wrong})
    wrong = _wrong(told)
    return prompt.model_copy(update={"facts": _fitting(content, frozenset(), room - len(wrong)) + wrong})


def _told(violations: Sequence[str]) -> Iterator[str]:
    """Yield a handful: the first of each part, then others."""
    first_of: dict[str, str] = {}
    for violation in violations:
        first_of.setdefault(violation.partition(":")[0], violation)
    ordered = dict.fromkeys((*first_of.values(), *violations))
    for violation in list(ordered)[:MAX_VIOLATIONS]:
        yield violation if len(violation) <= MAX_LENGTH else f"{violation[: MAX_LENGTH - 1]}…"
    if len(ordered) > MAX_VIOLATIONS:
        yield f"and {len(ordered) - MAX_VIOLATIONS} more faults"


def _wrong(told: Sequence[str], answer: str = "") -> str:
    former = (
        f"Your former answer:\n{answer}\n\nIt cannot be used:" if answer else "Your answer cannot be used:"
    )
    faults = "\n".join(f"- {one}" for one in told)
    return f"\n\n{former}\n{faults}\n\nAnswer again, without these faults."


def _is_json(answer: str) -> bool:
    try:
        return isinstance(json.loads(answer), dict)
    except ValueError:
        return False


def _only(content: dict[str, Any], spoken: Collection[str]) -> dict[str, Any]:
    """Return the content with the facts alone that somebody speaks of."""
    needed = {*spoken, *_spoken_by_rules(content)}
    return {**content, "facts": {name: fact for name, fact in _facts(content).items() if name in needed}}


def _fitting(content: dict[str, Any], spoken: Collection[str], room: int) -> str:
    """Return the content as JSON, without the facts and then the rules that are too much."""
    while len(written := _written(content)) > room:
        needed = {*spoken, *_spoken_by_rules(content)}
        last = next((name for name in reversed(_facts(content)) if name not in needed), None)
        if last is not None:
            content = {**content, "facts": {n: f for n, f in _facts(content).items() if n != last}}
        elif content.get("rules"):
            content = {**content, "rules": content["rules"][:-1]}
        else:
            break
    return written


def _facts(content: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = content.get("facts", {})
    return facts


def _spoken_by_rules(content: dict[str, Any]) -> Collection[str]:
    return _WORD.findall(_written({name: told for name, told in content.items() if name != "facts"}))


def _written(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
