"""Numbers of things in words: 1 file, 1,200 files."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return the number with its noun. `many` None: with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
