"""Training files: FIT, TCX, GPX, and archives full of them, read as the athlete hands them over."""
