"""`make eval`: score insights by AI, and exit 1 where they are below what they must be."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.table import Table

from evaluation import blind
from evaluation.athletes import SCRIPTED, scripted
from evaluation.replaying import ask, replaying, replies
from evaluation.scoring import THRESHOLDS, Score, shares
from training_analyzer.domain.style import Language
from training_analyzer.registry import load_registry
from training_analyzer.sdk import PluginError
from training_analyzer.settings import Settings


def main() -> int:
    """Print the table, and return 1 where a threshold is not reached."""
    parser = argparse.ArgumentParser(prog="make eval", description=__doc__)
    parser.add_argument(
        "--live", action="store_true", help="ask the backends that are configured; this costs money"
    )
    parser.add_argument(
        "--language",
        choices=[*Language],
        action="append",
        help="only this one; may be repeated; replies are written down in English and German",
    )
    parser.add_argument("--details", action="store_true", help="say of each reply what does not hold")
    given = parser.parse_args()
    languages = [Language(one) for one in given.language or SCRIPTED]
    scores = list(_live(languages) if given.live else _replayed(languages))
    if not scores:
        Console().print(
            "No backend is configured. Name one in TRAINING_ANALYZER_PLUGINS, and set its key; "
            "docs/configuration.md says how."
        )
        return 1
    reached = _print(scores, details=given.details)
    return 0 if _print_blind() and reached else 1


def _replayed(languages: list[Language]) -> Iterator[Score]:
    with replaying() as backends:
        for subject, language, reply in replies():
            if language in languages:
                # All answer the same, which is made wrong once.
                for number, backend in enumerate(backends):
                    yield backend.ask(subject, language, reply, mutating=number == 0)


def _live(languages: list[Language]) -> Iterator[Score]:
    settings = Settings()
    registry = load_registry(settings.plugins, settings.plugin)
    for backend in registry.backends.values():
        for language in languages:
            for subject in scripted(language).values():
                try:
                    yield ask(backend, subject, language)
                except PluginError as error:
                    print(
                        f"{backend.info.name}: {subject.name}: {type(error).__name__}: {error}",
                        file=sys.stderr,
                    )


def _print(scores: Iterable[Score], *, details: bool) -> bool:
    known = list(scores)
    console = Console()
    table = Table("reply", "language", "backend", "holds", "in", "out", "USD", title="Replies")
    for one in known:
        failed = [name for name, holds in one.judged.items() if not holds]
        table.add_row(
            one.subject,
            one.language,
            one.backend,
            "yes" if not failed else f"not: {', '.join(failed)}",
            str(one.usage.input_tokens),
            str(one.usage.output_tokens),
            f"{one.cost_usd:.5f}",
        )
        if details:
            missed = (f"not caught: {m.wrong}" for m in one.mutations if not m.caught)
            for line in (*one.violations, *missed):
                table.add_row("", "", "", line, "", "", "")
    console.print(table)
    reached = _compared(console, f"All {len(known)} replies together", shares(known), THRESHOLDS)
    mutated = [mutation for one in known for mutation in one.mutations]
    caught = sum(mutation.caught for mutation in mutated)
    cost = sum(one.cost_usd for one in known)
    console.print(f"{caught} of {len(mutated)} mutations caught; {cost:.4f} USD in all.")
    return reached


def _print_blind() -> bool:
    console = Console()
    title = "Texts by writers who did not know the verifier"
    reached = _compared(console, title, blind.judged(), blind.THRESHOLDS)
    replies = blind.shown(blind.lines(blind.TRUE))
    told = ", ".join(f"{count} {how}" for how, count in replies.most_common())
    console.print(f"Of {replies.total()} true replies are shown: {told}.")
    return reached


def _compared(
    console: Console, title: str, reached: Mapping[str, float], thresholds: Mapping[str, float]
) -> bool:
    """Print what was reached beside what is wanted, and return whether it is all reached."""
    table = Table("what", "reached", "wanted", "", title=title)
    for name, wanted in thresholds.items():
        enough = reached[name] >= wanted
        table.add_row(name, f"{reached[name]:.1%}", f"{wanted:.0%}", "" if enough else "too little")
    console.print(table)
    return all(reached[name] >= wanted for name, wanted in thresholds.items())


if __name__ == "__main__":
    sys.exit(main())
