"""The first stage: stores what providers sent, byte for byte, and knows nothing of metrics."""
