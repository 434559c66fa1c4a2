"""What holds for every test here, also for the plugins' own."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)  # a busy machine is no reason to fail
settings.load_profile("patient")
