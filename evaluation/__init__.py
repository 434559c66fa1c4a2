"""How good insights are: made-up athletes, replies over the wire, and scores. `make eval` runs it."""
