"""Groq as the writer of Training Analyzer's insights."""
