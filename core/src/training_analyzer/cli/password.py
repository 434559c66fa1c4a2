"""`training-analyzer password`: another one for an athlete who has forgotten theirs."""

import sys
from typing import Annotated

import typer


def password(
    email: Annotated[str, typer.Argument(help="The athlete's e-mail address; `athletes` lists them.")],
) -> None:
    """
    Set an athlete's password, and end all their sessions, keys and begun connections.

    It is asked for on the terminal, or read as one line from standard input.
    """
    from training_analyzer.api.requests import PASSWORD_LENGTH
    from training_analyzer.api.security import Attempts, Passwords
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.storage import athletes, passwords

    with operating() as runtime:
        athlete_id = athlete_named(runtime, email)
        chosen = _asked_for()
        if len(chosen) not in PASSWORD_LENGTH:
            raise typer.BadParameter(
                f"a password has {PASSWORD_LENGTH.start} to {PASSWORD_LENGTH.stop - 1} characters",
                param_hint="the password",
            )
        password_hash = Passwords().hash(chosen)
        with runtime.database.transaction(athlete_id) as tx:
            ended = passwords.replace(tx, athlete_id, password_hash)
            lowered = athletes.lowered(tx, email)
        Attempts(runtime.redis).forget_every_guess(lowered)
    sessions = f"{ended.sessions} session{'' if ended.sessions == 1 else 's'}"
    keys = f"{ended.keys} key{'' if ended.keys == 1 else 's'}"
    typer.echo(f"The password of {email} is set; {sessions} and {keys} ended.")


def _asked_for() -> str:
    if sys.stdin.isatty():
        answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return answer
    return sys.stdin.readline().rstrip("\r\n")
