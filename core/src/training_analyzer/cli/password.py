"""`training-analyzer password`: another one for an athlete who has forgotten theirs."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from training_analyzer.storage.passwords import Ended


def password(
    email: Annotated[str, typer.Argument(help="The athlete's e-mail address; `athletes` lists them.")],
) -> None:
    """
    Set an athlete's password, and end all their sessions, keys and begun connections.

    It is asked for on the terminal, or read as one line from standard input.
    """
    from training_analyzer.api.requests import why_no_password
    from training_analyzer.api.security import Attempts, Passwords
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.storage import athletes, passwords

    with operating() as runtime:
        athlete_id = athlete_named(runtime, email)
        chosen = _asked_for()
        wrong = why_no_password(chosen)
        if wrong is not None:
            raise typer.BadParameter(wrong, param_hint="the password")
        password_hash = Passwords().hash(chosen)
        with runtime.database.transaction(athlete_id) as tx:
            ended = passwords.replace(tx, athlete_id, password_hash)
            lowered = athletes.lowered(tx, email)
        _tell(email, ended)  # it is done, whatever becomes of the guesses
        Attempts(runtime.redis).forget_every_guess(lowered)


def _tell(email: str, ended: "Ended") -> None:
    sessions = f"{ended.sessions} session{'' if ended.sessions == 1 else 's'}"
    keys = f"{ended.keys} key{'' if ended.keys == 1 else 's'}"
    typer.echo(f"The password of {email} is set; {sessions} and {keys} ended.")


def _asked_for() -> str:
    from training_analyzer.api.requests import NO_TEXT

    if sys.stdin.isatty():
        answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return answer
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(NO_TEXT, param_hint="the password") from error
