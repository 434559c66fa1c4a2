"""Activities written as files: FIT and TCX, for other programs to read."""
