"""
Judgements: what a text says of how things are, in words that no number is compared with.

`claims` asks which of the claims that facts contradict a sentence makes ("deep in fatigue", "no hard day");
`shares` holds words for a share ("most of the week") against the share that they are said of; `degrees` holds
"clearly" and "slightly" against how much something moved, `apart` "far apart" against two numbers, `pairs`
"little has changed" against the two that tell how it is and how it was, and `likewise` "grew just as much"
against two changes. `orders` asks which of two is said to be more, `wholes` of what the number is that a
phrase holds ("the last seven days held #"), `ranges` holds "below your usual range" against its ends, `gaps`
"not a week without" against the weeks that were, and `causes` asks whether what something is owed to ("thanks
to the massage") is anything that facts are of. `composed` asks for claims that two words make in any order.
"""

from training_analyzer.analysis.grounding.judged.checking import check

__all__ = ["check"]
