"""Replies over the wire: the plugins' own SDKs, against their local stand-ins, say what was written for them."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from evaluation.athletes import SCRIPTED, SITUATIONS, Subject, scripted
from evaluation.scoring import Score, score
from training_analyzer.analysis.endings import Outcome
from training_analyzer.analysis.gates import Unmetered
from training_analyzer.analysis.prompts import build_prompt
from training_analyzer.domain.style import Language, Style
from training_analyzer.sdk import InsightBackend
from training_analyzer_gemini import standin as gemini_standin
from training_analyzer_gemini.backend import GeminiBackend
from training_analyzer_gemini.settings import GeminiSettings
from training_analyzer_groq import standin as groq_standin
from training_analyzer_groq.backend import GroqBackend
from training_analyzer_groq.settings import GroqSettings

REPLIES: Final = Path(__file__).parent / "replies"
"""A file for each situation: of each kind, what is answered in each language."""
GEMINI_MODEL, GROQ_MODEL = "gemini-3.5-flash-lite", "openai/gpt-oss-20b"
"""The models whose prices are shown. The stand-ins count tokens as they can: a quarter of the characters."""


class Replayed:
    """A real backend that talks to its stand-in, and what the stand-in will answer next."""

    def __init__(self, backend: InsightBackend, stage: Any) -> None:
        self.backend = backend
        self._stage = stage

    def ask(self, subject: Subject, language: Language, reply: str, *, mutating: bool = True) -> Score:
        self._stage.reply = reply
        return ask(self.backend, subject, language, mutating=mutating)


def ask(backend: InsightBackend, subject: Subject, language: Language, *, mutating: bool = True) -> Score:
    """Ask a backend once about a subject, as the product would, and score what it answers."""
    prompt = build_prompt(subject.context, Style(language=language))
    admitted = Unmetered().admit(backend, prompt)
    reply = backend.generate(prompt)
    cost = admitted.settle(Outcome("answered", reply=reply)).microusd if hasattr(admitted, "settle") else 0
    return score(
        subject,
        language,
        backend.info.name,
        reply.text,
        usage=reply.usage,
        cost_usd=cost / 1_000_000,
        mutating=mutating,
    )


@contextmanager
def replaying() -> Iterator[tuple[Replayed, ...]]:
    """Run the stand-ins, with the plugins' backends before them."""
    with gemini_standin.running() as gemini, groq_standin.running() as groq:
        groq.counts_tokens = True
        to_gemini = {"api_key": "stand-in", "base_url": gemini.url, "model": GEMINI_MODEL}
        to_groq = {"api_key": "stand-in", "base_url": groq.url, "model": GROQ_MODEL}
        yield (
            Replayed(GeminiBackend(GeminiSettings.model_validate(to_gemini)), gemini.scenario),
            Replayed(GroqBackend(GroqSettings.model_validate(to_groq)), groq),
        )


def replies() -> Iterator[tuple[Subject, Language, str]]:
    """Yield each subject, a language, and what is answered about it."""
    for situation in SITUATIONS:
        written = tomllib.loads((REPLIES / f"{situation}.toml").read_text(encoding="utf-8"))
        for language in SCRIPTED:
            for subject in scripted(language).values():
                if subject.situation == situation:
                    reply = written[subject.context.kind]
                    yield subject, language, _reply(reply[language.value], reply.get("status", "insight"))


def _reply(written: Mapping[str, Any], status: str) -> str:
    observations = [_observation(line) for line in written["observations"]]
    return json.dumps(
        {
            "status": status,
            "observations": observations,
            "caveats": written.get("caveats", []),
            "recommendation": written["recommendation"],
            "headline": written["headline"],
        },
        ensure_ascii=False,
    )


def _observation(line: str) -> dict[str, object]:
    facts, direction, text = (part.strip() for part in line.split("|"))
    return {"facts": facts.split(), "direction": direction, "text": text}
