"""`training-analyzer webhooks`: the subscriptions through which services tell us what changed."""

import json
import secrets
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from training_analyzer.settings import Settings

app = typer.Typer(
    name="webhooks", help="Subscriptions through which services tell us what changed.", no_args_is_help=True
)

Provider = Annotated[str, typer.Argument(help="The provider's plugin, such as `strava`.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]


@app.callback()
def webhooks() -> None:
    """Subscriptions through which services tell us what changed: new activities then arrive in seconds."""


@app.command()
def subscribe(provider: Provider, *, as_json: Json = False) -> None:
    """
    Let the service call this server. The API has to run, and be reachable at TRAINING_ANALYZER_PUBLIC_URL.

    The service asks the address while this command runs.
    """
    from training_analyzer.cli.operating import operating
    from training_analyzer.ingestion import webhooks as subscribing

    with operating() as runtime:
        url = _callback_url(runtime.settings, provider)
        source = runtime.source(provider)
        made = subscribing.subscribe(runtime.database, source, url)
    if as_json:
        typer.echo(json.dumps({"id": made.id, "callback_url": made.callback_url}))
        return
    typer.echo(f"{source.provider.info.title} now tells us what changes. Subscription {made.id}.")


@app.command("list")
def list_(provider: Provider, *, as_json: Json = False) -> None:
    """Show what the service knows of our subscriptions, and what it told us in vain."""
    from training_analyzer.cli.operating import operating
    from training_analyzer.ingestion import webhooks as subscribing
    from training_analyzer.storage import receipts

    with operating() as runtime:
        source = runtime.source(provider)
        settings = runtime.settings
        url = _address(settings, provider) if settings.public_url and settings.webhook_secret else None
        found = subscribing.subscriptions(runtime.database, source, url)
        with runtime.database.transaction() as tx:
            ignored = receipts.ignored(tx, provider)
    if as_json:
        there = [
            {"id": one.id, "callback_url": one.callback_url, "ours": one.callback_url == url} for one in found
        ]
        typer.echo(json.dumps({"subscriptions": there, "ignored": dict(ignored)}, indent=2))
        return
    for one in found:
        where = "this server" if one.callback_url == url else "another address"
        typer.echo(f"{one.id}  calls {where}")
    if not found:
        typer.echo(f"There is none. `training-analyzer webhooks subscribe {provider}` makes one.")
    for reason, events in ignored.items():
        typer.echo(f"ignored: {events} ({reason.replace('_', ' ')})")


@app.command()
def unsubscribe(
    provider: Provider,
    subscription: Annotated[
        str | None, typer.Argument(help="Its number, as `list` shows it. [default: the only one]")
    ] = None,
) -> None:
    """End a subscription: from then on, new activities are found by the schedule."""
    from training_analyzer.cli.operating import operating
    from training_analyzer.domain.errors import Missing
    from training_analyzer.ingestion import webhooks as subscribing

    with operating() as runtime:
        source = runtime.source(provider)
        if subscription is None:
            found = subscribing.subscriptions(runtime.database, source, None)
            if len(found) != 1:
                raise Missing(
                    f"{source.provider.info.title} knows {len(found)} subscriptions; "
                    f"name one of those that `training-analyzer webhooks list {provider}` shows"
                )
            subscription = found[0].id
        subscribing.unsubscribe(runtime.database, source, subscription)
    typer.echo(f"Subscription {subscription} has ended.")


def _callback_url(settings: "Settings", provider: str) -> str:
    """Return where the service is to call us. Raises ConfigurationError with what to set."""
    from training_analyzer.domain.errors import ConfigurationError

    if settings.public_url is None:
        raise ConfigurationError(
            "TRAINING_ANALYZER_PUBLIC_URL is not set. Set it to the address at which the internet reaches "
            "the API, such as https://training.example.org"
        )
    if settings.webhook_secret is None:
        raise ConfigurationError(
            "TRAINING_ANALYZER_WEBHOOK_SECRET is not set. Set it, for the API too, to something that nobody "
            f"can guess, such as {secrets.token_urlsafe(24)}"
        )
    return _address(settings, provider)


def _address(settings: "Settings", provider: str) -> str:
    assert settings.public_url is not None
    assert settings.webhook_secret is not None
    secret = settings.webhook_secret.get_secret_value()
    return f"{settings.public_url.rstrip('/')}/webhooks/{provider}/{secret}"
