"""The password once more: whoever holds a token may be a thief; whoever knows the password is the athlete."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from pydantic import SecretStr

from training_analyzer.api.dependencies import (
    AttemptCount,
    ClientAddress,
    LoggedIn,
    PasswordCheck,
    ended,
)
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.storage import athletes


@dataclass(frozen=True, slots=True)
class Confirming:
    """Compares a password with that of the athlete who is logged in; counted like an attempt to log in."""

    session: LoggedIn
    passwords: PasswordCheck
    attempts: AttemptCount
    address: ClientAddress

    def require(self, password: SecretStr, *, otherwise: str) -> str:
        """Return the hash that it fits. Raises Problem where there is none, with what was not done."""
        with self.session.transaction() as tx:
            profile = athletes.profile(tx, self.session.athlete_id)
            if profile is None:  # erased since the session was looked for
                raise ended(self.session.token)
            found = athletes.login(tx, profile.email)
            email = athletes.lowered(tx, profile.email)
        self.attempts.count_guess(email, self.address)
        password_hash = found[1] if found else None
        is_theirs = self.passwords.verify(password.get_secret_value(), password_hash)
        if not is_theirs or password_hash is None:
            raise Problem(Kind.WRONG_CREDENTIALS, f"This is not your password. {otherwise}")
        self.attempts.forget_guesses(email, self.address)
        return password_hash


Confirmation = Annotated[Confirming, Depends()]
