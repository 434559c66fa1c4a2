"""What ingestion spends of a provider's quota, on simulated days."""
