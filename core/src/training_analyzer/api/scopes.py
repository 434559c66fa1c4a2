"""What the OpenAPI document says of keys: which scope an operation needs, and what it answers without."""

from typing import Any, Final

from training_analyzer.api.problems import MEDIA_TYPE, Kind

SESSION: Final = "session"
KEY: Final = "key"


def declare_scopes(document: dict[str, Any]) -> None:
    """
    Let each operation say that a login is enough, and which scope a key needs in its place.

    The framework hands scopes to both, as if a session had any.
    """
    for operations in document["paths"].values():
        for operation in operations.values():
            if "security" not in operation:
                continue
            with_a_key = [one for one in operation["security"] if KEY in one]
            operation["security"] = [{SESSION: []}, *with_a_key]
            operation["responses"].setdefault(
                str(Kind.LACKS_SCOPE.status),
                {
                    "description": Kind.LACKS_SCOPE.title,
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
                },
            )
