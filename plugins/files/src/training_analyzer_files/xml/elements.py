"""XML as a stream of elements. No document type, no entities, no depths."""

import re
from collections.abc import Callable, Mapping
from xml.parsers import expat

from training_analyzer.sdk import BadData
from training_analyzer_files.encodings import marked, text_of
from training_analyzer_files.xml.pieces import DEEPEST, Piece, Pieces

_DEEPEST = 64
_AROUND = b" \t\r\n\0"
_LONGEST_DECLARATION = 200
_DECLARED = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENDS_EARLY = frozenset(
    {
        expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    }
)


def read_elements(
    content: bytes,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str, str], None],
    *,
    piece: str,
) -> list[Piece | None]:
    """
    Call `start(name, attributes)` and `end(name, text)` for every element, in order.

    Return the elements of the name `piece`, in order too; None for one that lies too deep.

    Names come without their namespace. A document type is refused, and with it every entity: neither
    format has one, and they are how XML is made to explode or to read other files. Raises `BadData`.
    """
    text: list[str] = []
    depth = 0

    def started(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise BadData("The XML is nested deeper than any recording.")
        text.clear()
        name = name.rpartition(":")[2]
        if depth <= DEEPEST or name == piece:
            pieces.begin(name, depth, parser.CurrentByteIndex)
        start(name, attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        name = name.rpartition(":")[2]
        if name == piece:
            pieces.end(parser.CurrentByteIndex)
        end(name, "".join(text))
        text.clear()

    def refused(*_: object) -> None:
        raise BadData("The XML declares a document type or entities. Recordings do not, and it is not read.")

    content, encoding = _readable(content)
    pieces = Pieces(piece, content, encoding)
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = text.append
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        if error.code in _ENDS_EARLY:
            raise BadData(
                "The file is cut off: its XML ends too early. Download or export it again."
            ) from error
        raise BadData(f"The XML is broken: {error}.") from error
    except (ValueError, LookupError) as error:
        raise BadData(f"The XML is in an encoding that cannot be read: {error}.") from error
    return pieces.found


def _readable(content: bytes) -> tuple[bytes, str | None]:
    """
    Return what the parser is to read, and the encoding that it has, whatever its declaration says.

    Without an encoding, the declaration is right. Zeros at the end are what a device reserved and never used.
    """
    trimmed = content.strip(_AROUND) if not marked(content) else content
    declared = _DECLARED.match(trimmed[:_LONGEST_DECLARATION])
    says = declared[1].decode().lower() if declared else "utf-8"
    if marked(content) or (says == "utf-8" and not _is_utf8(trimmed)):
        return text_of(content).strip(_AROUND.decode()).encode("utf-8", errors="replace"), "utf-8"
    return trimmed, None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
