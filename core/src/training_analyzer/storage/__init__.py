"""The only rooms that know SQL. Every function takes the transaction that its caller owns."""
