"""
In what the words around a number may not fit a fact, and what each such misfit costs.

Each respect is a module: `metric`, `sport`, `kind`, `event`, `statistic`, `period`, `role`.
`fitting` adds them up.
"""
