"""Google's Gemini as the writer of Training Analyzer's insights."""
