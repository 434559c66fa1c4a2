"""
Our own errors: what went wrong, in words for whoever can do something about it.

TrainingAnalyzerError
├── ConfigurationError       a deployer must change a setting
├── AlreadyExists            the thing is there already
├── Missing                  there is no such thing, or not for this athlete
├── Implausible              a value that cannot be true, by itself or beside others
├── NotPossible              it is there, but this cannot be done with it
├── NotPermitted             the credentials are wrong, or do not allow this
├── ConnectionRefused        the athlete or the provider refused the connection
└── Superseded               somebody else has taken over this unit of work
"""


class TrainingAnalyzerError(Exception):
    """Base of every error that we raise on purpose."""


class ConfigurationError(TrainingAnalyzerError):
    """A setting is missing or makes no sense. The message says which, and what to do."""


class AlreadyExists(TrainingAnalyzerError):
    """The thing is there already."""


class Missing(TrainingAnalyzerError):
    """There is no such thing, or not for this athlete."""


class Implausible(TrainingAnalyzerError):
    """No body has such a value, or not beside another one. The message says why."""


class NotPossible(TrainingAnalyzerError):
    """This cannot be done with what is there. The message says why, and what can."""


class NotPermitted(TrainingAnalyzerError):
    """The credentials are wrong, expired, or do not allow this."""


class ConnectionRefused(TrainingAnalyzerError):
    """The athlete or the provider refused the connection. The message says what to do next."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class Superseded(TrainingAnalyzerError):
    """Another worker has taken over this unit of work: what was done here must not be stored."""
