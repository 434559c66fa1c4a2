"""
Grounding: an AI reply is data to be checked, and every claim in it must be traceable to a fact.

It is best read in this order; each chapter needs only those before it.

1. Words. What phrases mean in a language is data, `lexicons/*.toml` (`lexicon_files`), of which `lexicon`
   makes one lookup with the number words of `spelled`. `tokens` and `units` are alike in all languages.
2. What a text says. `reading` makes `sentences` of it, with the phrases that they hold, their `clauses` and
   `zones`, and the quantities that `amounts` reads (`quantities`, `numerals`, `durations`).
3. What facts say. `labels` reads their labels, `readings` makes `sayable` readings of each (what a change is
   of may be `inherited`), `implied` adds what they imply exactly (`sums`, `rates`), `quoting` knows labels
   that a text quotes, `ranges` the ends of usual ranges, `rules_told` what rules state. All of it is the
   `evidence`; `events` tells its races apart.
4. What belongs together in a sentence. A `scene` binds numbers and directions to the words around them:
   `surroundings` (with the `windows` that facts rest on), `comparatives`, `sports`, `naming` and `subjects`
   (what can be `measured` in a unit, what so many `days` are said to be, and what else is `phrased` so that
   a metric follows) are its layers.
   `ends` tells a first from a last, `customary` what a placeholder is where it stands for what is usual.
   What they find is `lazy`: worked out when it is first asked for.
5. Numbers. `numbers` asks which facts have a number (`matching`), unless it needs none (`exempt`), and which
   of these the words fit best: what stands `around` it (`averages`, `before`, `changing`, `compared`,
   `counted`, `intensity`, `limits`, `opposites`, `periods`) is held against each fact, and every one of
   `misfits` has its price (`fitting`); no other fact may fit them better (`rivals`, unless a word of one
   label alone is `telling`). What no fact has may follow from two: how far one is `apart` from another that
   the words mean (`comparing`, `evoked`, `differing`), or two opposites are (`between`), what part of another
   one is (`shares`), and what else facts come to (`arithmetic`, `results`).
   A placeholder has its number from code (`cited` knows those of a sentence): whether it stands where its
   fact belongs is asked by `placed`, with what that fact is `called`; a decoupling may be said by how much
   something is `drifting`.
6. All else: what is counted (`counting`) or `given_up`, `directions`, what is `judged` without a number
   (`phrases` for claims that the facts have `contradicted`), which sport is first (`ranks`), and whatever is
   named (`names`, `always`, `courses`, `superlatives` with `since_when` and `firsts`, `unknown_periods`,
   `warmth`), unless a sentence says that it is `unanswered`.
7. `verifying` finds `markup`, and holds one text against the evidence; `reply` does so for each text.
"""

from training_analyzer.analysis.grounding.evidence import Evidence, evidence
from training_analyzer.analysis.grounding.reply import (
    Checked,
    Violation,
    check,
    examine,
    is_medical,
    is_praise,
)
from training_analyzer.analysis.grounding.verifying import verify

__all__ = [
    "Checked",
    "Evidence",
    "Violation",
    "check",
    "evidence",
    "examine",
    "is_medical",
    "is_praise",
    "verify",
]
