"""FIT messages as values: the one module that knows the decoding library (ADR 0024)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from training_analyzer.sdk import BadData, Column
from training_analyzer_files.fit.plain_points import columns_of
from training_analyzer_files.fit.structure import RECORD, Structure

Message = Mapping[str | int, Any]
Messages = Mapping[str, Sequence[Message]]
"""By kind. Values are scaled, times are Unix seconds, invalid values are absent; fields that the
profile does not know have numbers for names."""


def messages_of(structure: Structure) -> Messages:
    """Decode everything but points. Raises `BadData`."""
    import fitfast

    with _Decoding():
        described = fitfast.parse(structure.descriptions) if structure.descriptions else {}
        return described | fitfast.parse(structure.excerpt)


def points_of(structure: Structure, developers: Iterable[str] = ()) -> Mapping[str, Column]:
    """
    Decode the points as columns, NaN where a value is missing; places in degrees. Raises `BadData`.

    `developers` names the fields of developers that are wanted, too. None takes the place of the profile's.
    """
    plain = columns_of(structure.messages[RECORD], structure.points)
    return _decoded(structure, developers) if plain is None else plain


def _decoded(structure: Structure, developers: Iterable[str]) -> Mapping[str, Column]:
    import fitfast

    with _Decoding():
        columns = fitfast.records(structure.native)
        missing = [name for name in developers if name not in columns]
        # The decoder knows fields by name alone: a developer's "heart_rate" would be the heart rate.
        all_columns = fitfast.records(structure.whole) if missing else {}
    return columns | {name: all_columns[name] for name in missing if name in all_columns}


class _Decoding:
    """Whatever the decoder says of a broken file is `BadData`; that includes a panic in its Rust."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError) or (kind is not None and kind.__name__ == "PanicException"):
            raise BadData(f"The file is damaged: {error}.") from error
