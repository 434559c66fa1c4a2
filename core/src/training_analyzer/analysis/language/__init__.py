"""Words: the texts of every language as data, and how numbers are written in it."""
