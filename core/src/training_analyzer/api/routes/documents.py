"""What providers sent, byte for byte."""

from fastapi import APIRouter, Response

from training_analyzer.api.dependencies import MayRead
from training_analyzer.api.openapi import problems
from training_analyzer.api.paths import DocumentId
from training_analyzer.api.problems import Kind, Problem
from training_analyzer.domain.endings import ending_of
from training_analyzer.storage import documents

router = APIRouter(prefix="/documents", tags=["activities"], responses=problems(Kind.UNAUTHENTICATED))


@router.get(
    "/{document_id}",
    response_class=Response,
    responses={
        200: {
            "description": "The bytes, exactly as received.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems(Kind.NOT_FOUND),
    },
)
def read_document(session: MayRead, document_id: DocumentId) -> Response:
    """Return one document, exactly as received. Activities name theirs, with their SHA-256."""
    with session.transaction() as tx:
        document = documents.find(tx, document_id)
    if document is None:
        raise Problem(Kind.NOT_FOUND, "You have no such document. Your activities name theirs.")
    name = f"{document_id}-{document.kind}{ending_of(document.media_type)}"
    # Whatever a provider sent is data: no browser shall take it for a page of ours.
    return Response(
        document.body,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
