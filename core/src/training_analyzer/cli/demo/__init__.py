"""
`training-analyzer demo`: the main job from beginning to end, in front of one's eyes.

It starts everything as a deployer would, with local stand-ins for the services that are not configured,
and then does what an athlete does, through REST alone.
"""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    *,
    recorded: Annotated[
        Path | None,
        typer.Option(help="Serve the recorded answers in this folder.", exists=True, file_okay=False),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which made-up athlete.")] = 1,
    serve: Annotated[
        bool, typer.Option(help="Keep everything running afterwards, and keep its data.")
    ] = False,
    fresh: Annotated[bool, typer.Option(help="With --serve: forget the data of the last time.")] = False,
    limit: Annotated[
        float, typer.Option(help="Seconds after which the report shows what is there.", min=1)
    ] = 110,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the report to this file, too.", dir_okay=False)
    ] = None,
) -> None:
    """Run the main job from beginning to end, with local stand-ins for the services."""
    from training_analyzer.cli.demo.playing import perform

    perform(recorded, seed=seed, serve=serve, fresh=fresh, limit_s=limit, json_file=json_file)
