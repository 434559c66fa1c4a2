"""
In what the words around a number may not fit a fact, and what each such misfit costs.

Each respect is a module: `metric`, `sport`, `kind`, `event`, `statistic`, `period`, `since`, `role`.
`fitting` adds them up; `prices` says what each costs, `spans` when spans of time are the same, and `beside`
which facts there are beside one.
"""
