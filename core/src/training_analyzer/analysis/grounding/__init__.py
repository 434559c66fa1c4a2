"""
Grounding: an AI reply is data to be checked, and every claim in it must be traceable to a fact.

A text becomes tokens, sentences and claims (`reading`, `amounts`); facts become readings of metrics with all
that they imply exactly (`evidence`, `implied`). A number is of the fact that the words around it fit best
(`around`, `fitting`, `numbers`), or follows from facts of which the sentence speaks (`arithmetic`).
What is counted (`counting`), directions (`directions`, `comparisons`) and what is named (`names`) are held
against the facts, too.
What words mean in a language is data: `lexicons/*.toml`.
"""

from training_analyzer.analysis.grounding.evidence import Evidence, evidence
from training_analyzer.analysis.grounding.reply import Violation, check, is_medical
from training_analyzer.analysis.grounding.verifying import verify

__all__ = ["Evidence", "Violation", "check", "evidence", "is_medical", "verify"]
