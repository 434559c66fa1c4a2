"""Whether a direction is denied ("not lower", "ist nicht gestiegen"), or said of what may come."""

from training_analyzer.analysis.grounding.scene import Scene
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.surroundings import NEAR


def is_negated(mention: Mention, scene: Scene) -> bool:
    sentence = scene.sentence
    if sentence.has_before(mention.at, "negation:none"):
        return True  # "without a higher pulse"
    for negation in sentence.tagged("negation:not"):
        if _denies_what_is_behind(negation, mention, scene):
            continue
        ahead = 0 <= mention.at - negation.end <= NEAR + 1 and not _says_only(negation, mention, scene)
        ahead = ahead and not ("negation:none" in negation.tags and _ends_before(negation, mention, scene))
        if ahead and sentence.between(negation.at, mention.at) < APART:
            return True
        # "Die Belastung stieg nicht": the negation may stand behind.
        if "clause:behind" in negation.tags and (
            0 <= negation.at - mention.end <= 1 or _ends_what_it_begins(negation, mention, scene)
        ):
            return True
    return False


def _ends_what_it_begins(negation: Mention, mention: Mention, scene: Scene) -> bool:
    """As in "Mehr trainiert hast du dafür nicht: …", "Große Ermüdung lässt sich aus ihr nicht ablesen"."""
    tokens, end = scene.sentence.tokens, negation.end
    if not mention.end <= negation.at or any(t.kind == "mark" for t in tokens[mention.at : negation.at]):
        return False
    begins = any(at <= 0 or tokens[at - 1].kind == "mark" for at in (mention.at, mention.at - 1))
    ends = any(at >= len(tokens) or tokens[at].kind == "mark" for at in (end, end + 1))
    return begins and ends


def _ends_before(without: Mention, mention: Mention, scene: Scene) -> bool:
    """As in "Wegen der Tage ohne Training um 92 % gesunken", "ohne Training erklärt den Rückgang"."""
    articles = scene.sentence.tagged("article:the")
    named = any(without.end < m.at and m.end <= mention.at for m in articles)
    return named or scene.quantities_between(without.end, mention.at) > 0


def _denies_what_is_behind(negation: Mention, mention: Mention, scene: Scene) -> bool:
    """As in "After nine days without a rest day you are fresh", "nach {break_days} ohne Training müde"."""
    counted = any(q.end == negation.at for q in scene.sentence.quantities)
    if counted and mention.at > negation.end and "negation:none" in negation.tags:
        return True
    behind = scene.sentence.starting.get(negation.end)
    named = (
        behind is not None and behind.end < mention.at and bool(behind.keys("metric") or behind.keys("sport"))
    )
    return named and "negation:none" in negation.tags


def _says_only(negation: Mention, mention: Mention, scene: Scene) -> bool:
    """As in "La distance n'a progressé que de 16 %": it did, and only by so much."""
    sentence = scene.sentence
    if negation.end != negation.at + 1 or not sentence.ends_in(negation, "only"):
        return False
    denied = sentence.says("denying", negation.end, mention.end + 1)
    return not denied and sentence.says("than", mention.end, mention.end + 1)


def is_conditional(mention: Mention, scene: Scene) -> bool:
    """As in "Fresher you will be once fatigue eases"."""
    return any(scene.sentence.between(m.at, mention.at) <= APART for m in scene.sentence.tagged("clause:if"))
