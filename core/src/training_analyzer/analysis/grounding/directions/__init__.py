"""
Directions: each word for one must agree with a fact, or with the numbers that it compares.

`judging` asks of each phrase whether it claims a direction at all (`passing`), whether it compares numbers
(`between_numbers`, `between_pairs`, `between_paces`), metrics (`between_metrics`), sports
(`between_sports`), parts of a session (`between_parts`), plans (`between_plans`) or what a share counts
(`of_shares`), and else which direction it claims (`claims`, `about` which metrics, of what `shown_by`
knows, or `denying` one) and which changes of facts that may be (`moving`); what is said
of other sessions or beside limits and ranges is let pass (`of_others`, `beside_bounds`), and a direction
that no fact shows is refused where it is claimed of something (`unshown`). `states` and `regions` are about
how, and on which side of a threshold, something is; `reaching` is about goals and plans.
"""

from training_analyzer.analysis.grounding.directions.judging import check

__all__ = ["check"]
