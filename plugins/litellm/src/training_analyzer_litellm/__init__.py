"""Any language model that LiteLLM can ask as the writer of Training Analyzer's insights."""
