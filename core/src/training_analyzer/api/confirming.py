"""The password once more: whoever holds a token may be a thief; whoever knows the password is the athlete."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from pydantic import SecretStr

from training_analyzer.api.dependencies import AttemptCount, ClientAddress, LoggedIn, PasswordCheck
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.storage import athletes


@dataclass(frozen=True, slots=True)
class Confirming:
    """Compares a password with that of the athlete who is logged in; counted like an attempt to log in."""

    session: LoggedIn
    passwords: PasswordCheck
    attempts: AttemptCount
    address: ClientAddress

    def require(self, password: SecretStr, *, otherwise: str) -> None:
        """Raise Problem unless it is theirs; `otherwise` says what was not done."""
        with self.session.transaction() as tx:
            profile = athletes.profile(tx, self.session.athlete_id)
            assert profile is not None
            found = athletes.login(tx, profile.email)
        self.attempts.count_guess(profile.email, self.address)
        if not self.passwords.verify(password.get_secret_value(), found[1] if found else None):
            raise Problem(Kind.WRONG_CREDENTIALS, f"This is not your password. {otherwise}")
        self.attempts.forget_guesses(profile.email, self.address)


Confirmation = Annotated[Confirming, Depends()]
