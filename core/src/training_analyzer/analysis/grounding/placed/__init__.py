"""
Whether a placeholder stands where its fact belongs: code writes the number, a model chose the place.

`beside` asks what the words right beside it are of, and whether it is named at all; `apart` whether it says
how far two things are apart, and which two; `usual` whether it is what is usual; `shares` of what it is a
share; `spans` what the days are that it counts; `stretches` over what it is a best; `sports` of which sport
the sentence speaks; `steps` whether a change is that of the two numbers beside it.
"""

from training_analyzer.analysis.grounding.placed.checking import check

__all__ = ["check"]
