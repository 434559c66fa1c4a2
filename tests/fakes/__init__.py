"""Stand-ins that we wrote: a provider, calculators, a backend. Our own code is never mocked."""
