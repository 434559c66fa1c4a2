"""Of which metrics a direction is told, where no metric stands right beside its word."""

from typing import Final

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import CLOSE

_COUNTS: Final = frozenset({"session", "rest_day", "training_day"})
_OF_SHARES: Final = frozenset({"share", "time"})
_MERITS: Final = frozenset({"better", "worse"})


def points_back(mention: Mention, scene: Scene) -> bool:
    """As in "The gain comes without a higher pulse": of what the sentence before it speaks."""
    article = scene.sentence.ending.get(mention.at)
    if article is None or article.at != 0 or "article:the" not in article.tags:
        return False
    behind = scene.sentence.starting.get(mention.end)
    return not (behind and (behind.keys("metric") or behind.keys("article")))


def is_at_as_many(mention: Mention, scene: Scene) -> bool:
    """As in "Großer Sprung bei gleich vielen Einheiten": of what they came to."""
    at = scene.sentence.starting.get(mention.end)
    if at is None or "role:at" not in at.tags or mention.at > 1:
        return False
    return any(0 <= m.at - at.end <= 1 and m.keys("direction") == {"flat"} for m in scene.ways)


def is_told_elsewhere(mention: Mention, scene: Scene) -> bool:
    """As in "A load of 871 explains this drop": of what is named elsewhere, and not here."""
    sentence = scene.sentence
    behind = sentence.starting.get(mention.end)
    of = behind is not None and bool(behind.keys("metric") or behind.tags & {"article:of", "article:out_of"})
    told = mention.at > 0 and sentence.is_word(mention.at - 1, "this")
    return told and not (of or mention.keys("comparison"))


def told_from(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "Down from 83 %", "less than your usual {time_usual}": what the number is, is what went down."""
    if "role:versus" not in mention.tags and not mention.keys("habit"):
        return frozenset()
    behind = next((q for q in scene.sentence.quantities if q.at >= mention.end), None)
    if behind and behind.at != mention.end:
        return frozenset()
    said = scene.said.get(behind.at, []) if behind else []
    of = frozenset[str]().union(*(reading.concepts for reading in said))
    return of - _OF_SHARES if "share" in of else of


def counted_at(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "Load rose while the count stayed at {sessions_month}", "{sessions_month} wie zuvor"."""
    if listed := _apposed_count(mention, scene):
        return listed
    if mention.keys("direction") != {"flat"}:
        return frozenset()
    counts = (q for q in scene.sentence.quantities if q.fact and (q.at == mention.end or q.end == mention.at))
    said = (r for q in counts for r in scene.said.get(q.at, ()) if r.role == "now")
    of = frozenset[str]().union(*(r.concepts for r in said))
    return of if of <= _COUNTS else frozenset()


def _apposed_count(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "{rest_days} belong to it, too, as many as usual"."""
    tokens = scene.sentence.tokens
    if not mention.at or tokens[mention.at - 1].word != "," or mention.keys("implied"):
        return frozenset()
    ahead = [at for at in scene.said if at < mention.at]
    said = scene.said[max(ahead)] if ahead else []
    of = frozenset[str]().union(*(r.concepts for r in said if r.role == "now"))
    named = (
        any(m.at >= max(ahead) for m in scene.sentence.naming("metric") if m.at < mention.at)
        if ahead
        else True
    )
    return of if said and of <= _COUNTS and not named else frozenset()


def found_in(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "So the progress is in your durability", "the gain came from longer rides": of what is behind."""
    sentence = scene.sentence
    if (at := _behind_origin(mention, scene)) is None:
        at = mention.end + 1
        if not (sentence.says("shows", mention.end, at) and sentence.says("inside", at, at + 1)):
            return frozenset()
    told = (m for m in sentence.mentions if m.keys("metric") or m.keys("implied"))
    named = next((m for m in told if 0 <= m.at - at <= CLOSE), None)
    if named is None:
        return frozenset()
    return scene.metrics_named(named) or frozenset(key.partition(".")[0] for key in named.keys("implied"))


def _behind_origin(mention: Mention, scene: Scene) -> int | None:
    """As in "Das Plus kam aus", "the gain comes from": where a word for more by itself is found."""
    if not scene.sentence.has_before(mention.at, "article:the"):
        return None
    whence = scene.sentence.starting.get(mention.end)
    if whence is not None and "clause:whence" in whence.tags:
        return whence.end
    return mention.end + 1 if scene.sentence.says("out", mention.end, mention.end + 1) else None


def summed_up(mention: Mention, scene: Scene) -> frozenset[str]:
    """As in "5:48 per km at the same heart rate, a sign of progress": of what moved, and not of the pulse."""
    if not mention.keys("direction") & _MERITS:
        return frozenset()
    sentence, tokens = scene.sentence, scene.sentence.tokens
    comma = next((at for at in range(mention.at - 1, 0, -1) if tokens[at].word == ","), 0)
    ends = mention.end == len(tokens) or tokens[mention.end].kind == "mark"
    within = [m for m in sentence.mentions if comma < m.at < mention.at]
    told = any(m.keys("metric") or m.tags & {"clause:but", "clause:and"} for m in within)
    if not comma or not ends or told:
        return frozenset()
    named = [m for m in sentence.naming("metric") if m.end <= comma and scene.metrics_named(m)]
    still = [m for m in sentence.naming("direction") if m.keys("direction") == {"flat"} and m.at < comma]
    moved = [m for m in named if not any(_follows(m, flat) for flat in still)]
    return scene.metrics_named(moved[-1]) if len(moved) < len(named) and moved else frozenset()


def _follows(one: Mention, other: Mention) -> bool:
    return 0 <= one.at - other.end <= 1


def stated_before(mention: Mention, scene: Scene) -> frozenset[str]:
    """Return what the number before is of, where no metric is named."""
    before = [at for at in scene.said if at < mention.at and scene.sentence.between(at, mention.at) <= APART]
    return frozenset[str]().union(*(r.concepts for r in scene.said[max(before)])) if before else frozenset()
