"""The REST interface: what the outside may ask, and in which words it is answered."""
