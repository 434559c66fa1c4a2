"""What Prometheus is told: what this process has answered, and how the deployment stands."""
