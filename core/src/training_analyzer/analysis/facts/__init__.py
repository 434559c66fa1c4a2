"""Facts: every number that an insight may name, kind by kind, beside the athlete's own baseline."""
