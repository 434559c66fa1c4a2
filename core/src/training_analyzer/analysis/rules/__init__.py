"""Rules: what is worth saying, when, and on whose authority. They are data; this room reads them."""
