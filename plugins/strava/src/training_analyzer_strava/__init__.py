"""Strava for Training Analyzer: athletes connect their account and their activities come in."""
