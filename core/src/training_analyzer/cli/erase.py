"""`training-analyzer erase`: an athlete and all that is held of them, gone; the providers are told first."""

import json
from typing import Annotated

import typer


def erase(
    email: Annotated[str, typer.Argument(help="The athlete's e-mail address; `athletes` lists them.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one object.")] = False,
) -> None:
    """
    Erase an athlete: documents, activities, numbers, insights, grants, the login. There is no way back.

    Providers are told first. A record is kept that it happened; it names nobody.
    """
    from training_analyzer.cli.operating import athlete_named, operating
    from training_analyzer.ingestion import disconnecting

    with operating() as runtime:
        athlete_id = athlete_named(runtime, email)
        if not yes:
            typer.confirm(f"Erase {email} and everything that is held of them?", abort=True, err=True)
        erasure = disconnecting.erase_athlete(
            runtime.database,
            runtime.known_source,
            athlete_id,
            runtime.keys,
            asked_by="deployer",
            now=runtime.now(),
        )
    erased = erasure.erased
    if as_json:
        record = {
            "id": str(erasure.id),
            "erased_at": erasure.erased_at.isoformat(),
            "recordings": erased.recordings,
            "documents": erased.documents,
            "activities": erased.activities,
            "insights": erased.insights,
            "told": erasure.told,
            "not_told": erasure.not_told,
        }
        typer.echo(json.dumps(record, indent=2))
        return
    typer.echo(
        f"Erased: {erased.activities} activities, {erased.documents} documents, {erased.insights} insights. "
        f"Record {erasure.id}."
    )
    if erasure.told:
        typer.echo(f"Told: {', '.join(erasure.told)}.")
    if erasure.not_told:
        typer.echo(
            f"Not told, because they did not answer: {', '.join(erasure.not_told)}. "
            "The athlete has to remove the application there.",
            err=True,
        )
    typer.echo("Backups hold what they hold until they expire.")
