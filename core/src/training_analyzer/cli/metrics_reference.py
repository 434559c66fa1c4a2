"""`training-analyzer metrics-reference`: what every metric of the enabled plugins means, as pages."""

from pathlib import Path
from typing import Annotated

import typer

from training_analyzer.cli import logs


def metrics_reference(
    folder: Annotated[Path, typer.Argument(help="Where the pages are written to; made where it is missing.")],
) -> None:
    """Write a page for each family of metrics. Needs no database."""
    from training_analyzer.registry import load_registry
    from training_analyzer.registry.reference import pages

    settings = logs.settings()
    registry = load_registry(settings.plugins, settings.plugin)
    folder.mkdir(parents=True, exist_ok=True)
    written = pages((*registry.activity_metrics, *registry.daily_metrics, *registry.period_metrics))
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    typer.echo(f"{len(registry.metrics)} metrics on {len(written)} pages in {folder}")
