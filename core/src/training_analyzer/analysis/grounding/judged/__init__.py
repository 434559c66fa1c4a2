"""
Judgements: what a text says of how things are, in words that no number is compared with.

`claims` asks which of the claims that facts contradict a sentence makes ("deep in fatigue", "no hard day");
`shares` holds words for a share ("most of the week") against the share that they are said of; `degrees` holds
"clearly" and "slightly" against how much something moved, and `apart` "far apart" against two numbers.
"""

from training_analyzer.analysis.grounding.judged.checking import check

__all__ = ["check"]
