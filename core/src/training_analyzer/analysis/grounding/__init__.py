"""
Grounding: an AI reply is data to be checked, and every claim in it must be traceable to a fact.

A text becomes tokens, sentences and claims (`reading`, `quantities`); facts become readings of metrics
with all that they imply exactly (`evidence`); each claim is held against them (`numbers`, `directions`,
`names`). What words mean in a language is data: `lexicons/*.toml`. Whatever is not understood does not hold.
"""

from training_analyzer.analysis.grounding.evidence import Evidence, evidence
from training_analyzer.analysis.grounding.reply import Violation, check, is_medical
from training_analyzer.analysis.grounding.verifying import verify

__all__ = ["Evidence", "Violation", "check", "evidence", "is_medical", "verify"]
