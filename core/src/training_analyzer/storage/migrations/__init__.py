"""How the database came to its present shape. They lie in the wheel: `migrate` runs them."""
