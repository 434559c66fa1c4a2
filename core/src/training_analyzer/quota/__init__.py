"""The shared count of every service's quota, and the HTTP client that cannot forget to ask it."""
