"""Text in whatever encoding it came: what it says of itself is believed only where it can be true."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LAST_RESORT = "windows-1252"
"""What older programs wrote without saying so. It can be read always, at worst with a few wrong letters."""


def marked(content: bytes) -> str | None:
    """Return the encoding that a byte order mark names; None where there is none."""
    return next((name for mark, name in _MARKS if content.startswith(mark)), None)


def text_of(content: bytes) -> str:
    """Return the text: by its mark, else UTF-8 where it can be that, else what older programs wrote."""
    if encoding := marked(content):
        return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(LAST_RESORT, errors="replace")
