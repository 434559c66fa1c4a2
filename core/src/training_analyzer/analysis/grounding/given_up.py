"""What is said to be given up or left out wholly: of that, facts may count none."""

from collections.abc import Iterator, Sequence
from typing import Final

from training_analyzer.analysis.grounding.sayable import Reading
from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import Mention

_GIVEN_UP: Final = frozenset({"intervals", "tempo", "brick", "open_water", "indoor", "outdoor"})


def given_up(counts: Sequence[Reading], scene: Scene) -> Iterator[str]:
    """As in "You gave up strength training completely", "the intervals", of which there were some."""
    sentence = scene.sentence
    for wholly in sentence.tagged("clause:wholly"):
        verb = next(
            (m for m in sentence.tagged("clause:giving_up") if sentence.together(m.at, wholly.at)), None
        )
        denied = sentence.has_before(wholly.at, "negation:not", "hedge:under")
        what = _what(verb, scene) if verb else None
        if not verb or not what or denied or not sentence.together(what.at, wholly.at):
            continue
        kinds = _kinds(what)
        left = [c for c in counts if (kinds <= c.things or kinds == c.sports) and c.values[0] > 0]
        if left:
            yield f'"{verb.text} {what.text} {wholly.text}", but {left[0].ids[0]} is {left[0].own[0]:g}'


def _what(verb: Mention, scene: Scene) -> Mention | None:
    """Return what stands behind a verb, else the last ahead: "Das Schwimmen hast du … aufgegeben"."""
    sentence = scene.sentence
    named = [m for m in sentence.mentions if _kinds(m) and sentence.together(m.at, verb.at)]
    behind = (m for m in named if m.at >= verb.end)
    return next(behind, named[-1] if named else None)


def _kinds(mention: Mention) -> frozenset[str]:
    """Return what sessions can be of: a sport, or a kind of them."""
    return mention.keys("thing") & _GIVEN_UP or mention.keys("sport")
