"""TCX and GPX: XML that is read without trust, and the recordings in it."""
