"""What must hold when things break: real processes, a local Strava that counts, and a network that fails."""
