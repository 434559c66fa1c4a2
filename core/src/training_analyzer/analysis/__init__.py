"""Measurements become facts, and facts become words. No document and no activity is seen here."""
