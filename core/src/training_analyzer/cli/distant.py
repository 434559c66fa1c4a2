"""
Another server's API, to which files are handed over: the same as here, over HTTP.

What is there is told by its SHA-256, so nothing is sent twice, whatever it is called and wherever it lies.
"""

import hashlib
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from uuid import UUID

from training_analyzer.cli.counters import AGAIN, Advance, Refusal, Standing
from training_analyzer.domain.errors import NotPossible

if TYPE_CHECKING:
    import httpx

    from training_analyzer.ingestion.handing_over import Found

MOST_ASKED: Final = 1000
PATIENCE_S: Final = 120.0
"""For an answer: at the end of a large file, the server still has to store its last pieces."""


class There:
    """The API of a server, as an athlete with a token."""

    def __init__(self, url: str, token: str) -> None:
        import httpx

        token = token.strip()
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise NotPossible(
                "That is no token: it has letters that no token has. Copy it anew from the answer of "
                "`POST /api/v1/sessions`."
            )
        address = url.rstrip("/").removesuffix("/api/v1")
        parsed = _checked(address)
        self._where = address
        self._digests: dict[Path, str] = {}
        self._http = httpx.Client(
            base_url=f"{address}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(PATIENCE_S, connect=15),
            # A proxy's own network is another one than this; and over http:// it would read the token.
            mounts={f"all://{parsed.netloc.decode('ascii')}": None} if _is_near(parsed) else None,
        )
        try:
            self.endings = self._endings()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._http.close()

    def new(self, files: "Sequence[Found]") -> "list[Found]":
        there = self._there(files)
        return [file for file in files if self._digest(file.path) not in there]

    def unfinished(self, files: "Sequence[Found]") -> list[UUID]:
        there = self._there(files).values()
        with self._understood():
            return list(dict.fromkeys(UUID(one["upload_id"]) for one in there if one["state"] != "done"))

    def hand_over(self, files: "Sequence[Found]", advance: Advance) -> UUID:
        with ExitStack() as open_files:
            parts = [
                ("file", (file.name, _Counted(open_files.enter_context(file.path.open("rb")), advance)))
                for file in files
            ]
            said = self._ask("POST", "/uploads", files=parts)
        with self._understood():
            return UUID(said["id"])

    def standing(self, upload_id: UUID) -> Standing:
        said = self._ask("GET", f"/uploads/{upload_id}")
        numbers = ("files_read", "files_known", "added", "changed", "known", "refused", "activities")
        with self._understood():
            given_up = said.get("given_up_because")
            return Standing(said["state"] == "done", given_up, *(int(said[name]) for name in numbers))

    def refusals(self, upload_id: UUID) -> Iterator[Refusal]:
        cursor = None
        while True:
            asked = {"outcome": "refused", "limit": 1000} | ({"cursor": cursor} if cursor else {})
            page = self._ask("GET", f"/uploads/{upload_id}/results", params=asked)
            with self._understood():
                found = [Refusal(one["name"], one["reason"] or "") for one in page["items"]]
                cursor = page["next_cursor"]
            yield from found
            if cursor is None:
                return

    def _endings(self) -> Sequence[str]:
        said = self._ask("GET", "/providers")
        with self._understood():
            endings = [one.get("upload_endings") for one in said["items"]]
        read: list[list[str]] = [one for one in endings if one is not None]
        if not read:
            raise NotPossible(
                f"{self._where} reads no files. Whoever runs it has to enable the plugin `files`."
            )
        return read[0]

    def _there(self, files: "Sequence[Found]") -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        digests = list(dict.fromkeys(self._digest(file.path) for file in files))
        for begin in range(0, len(digests), MOST_ASKED):
            wanted = digests[begin : begin + MOST_ASKED]
            answer = self._ask("POST", "/uploads/known", json={"sha256": wanted})
            with self._understood():
                found |= {one["sha256"]: one for one in answer["items"]}
        return found

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            with path.open("rb") as content:
                self._digests[path] = hashlib.file_digest(content, "sha256").hexdigest()
        return self._digests[path]

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        """Ask the server. Raises NotPossible, which says what to do."""
        import httpx

        try:
            answer = self._http.request(method, path, **more)
        except httpx.LocalProtocolError:
            # What it says may hold the token, and so may whatever is printed of its cause.
            raise NotPossible(f"{self._where} was not asked: the address or the token is wrong.") from None
        except httpx.RequestError as error:
            raise NotPossible(
                f"{self._where} does not answer: {str(error) or type(error).__name__}. {AGAIN}"
            ) from error
        if not answer.is_success:
            raise NotPossible(self._refusal(answer))
        with self._understood():
            return answer.json()

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Take an answer apart. Raises NotPossible where it is none of ours."""
        try:
            yield
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise NotPossible(f"{self._where} answers, but it is no Training Analyzer.") from error

    def _refusal(self, answer: "httpx.Response") -> str:
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            return (
                f"{self._where} does not know the token, or it has expired. "
                "`POST /api/v1/sessions` gives a new one."
            )
        if answer.is_redirect:
            elsewhere = answer.headers.get("location", "another address")
            return f"{self._where} points to {elsewhere}. Name that server instead."
        try:
            detail = str(answer.json()["detail"])
        except (ValueError, KeyError, TypeError):
            detail = "It may be a proxy before it that does: one that limits how large a request may be."
        return f"{self._where} refuses ({answer.status_code}): {detail}"


def _checked(address: str) -> "httpx.URL":
    """Return the address. Raises NotPossible where nothing can be asked there, or all would hear it."""
    import httpx

    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise NotPossible(f"{address} is no address: {error}.") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise NotPossible(f"{address} is no address: it begins with https://, or with http:// at home.")
    if url.userinfo:
        raise NotPossible("The address names a user. Leave that out: the token says who you are.")
    if url.scheme == "http" and _is_public(url.raw_host.decode("ascii")):
        raise NotPossible(
            f"{address} would be sent your token and your files for all on the way to read. "
            "Use https://, or go through a tunnel: `ssh -L 8000:localhost:8000 …` and --to "
            "http://localhost:8000."
        )
    return url


def _is_near(url: "httpx.URL") -> bool:
    """
    Tell whether it is on this machine or in a network of one's own: no proxy is asked for that.

    Names of https:// are not looked up: that is the proxy's, which may know more of them than is known here.
    """
    if url.scheme == "http" or url.host == "localhost":
        return True  # over http://, what is public was refused
    try:
        return not _is_global(url.host)
    except ValueError:
        return False


def _is_public(host: str) -> bool:
    """Tell whether a host is, or may be, elsewhere than on this machine and in networks of one's own."""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise NotPossible(f"{host} is not known here: {error}. {AGAIN}") from error
    return any(_is_global(one) for one in found)


def _is_global(address: str) -> bool:
    parsed = ip_address(address)
    return (getattr(parsed, "ipv4_mapped", None) or parsed).is_global


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, content: IO[bytes], advance: Advance) -> None:
        self._content, self._advance = content, advance

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self._advance(len(piece))
        return piece

    def fileno(self) -> int:
        """Let the client see how large the file is, so that a server can refuse it beforehand."""
        return self._content.fileno()
