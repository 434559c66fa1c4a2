"""The services that activities can come from, and their terms."""

from fastapi import APIRouter

from training_analyzer.api.answers.connections import ProviderAnswer, ProviderList
from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.problems import Kind
from training_analyzer.sdk import SupportsOAuth, SupportsUpload

router = APIRouter(prefix="/providers", tags=["connections"], responses=problems(Kind.UNAUTHENTICATED))


@router.get("")
def list_providers(session: MayRead) -> ProviderList:
    """List the providers that are active here, and what may be done with their data."""
    runtime = session.runtime
    return ProviderList(
        items=[
            ProviderAnswer(
                name=name,
                title=provider.info.title,
                homepage=provider.info.homepage,
                connectable=isinstance(provider, SupportsOAuth),
                upload_endings=list(provider.upload_endings)
                if isinstance(provider, SupportsUpload)
                else None,
                rights=runtime.rights[name],
                ai_permitted_by_terms=provider.info.rights.ai,
                attribution=provider.info.rights.attribution,
            )
            for name, provider in runtime.registry.providers.items()
        ]
    )
