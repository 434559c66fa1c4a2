"""Doing what is owed: the dispatcher rings, workers answer, and a table decides what a failure means."""
