"""A network between us and a service, which can be told to cut, to stall and to dribble."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

from tests.waiting import PATIENCE_S

Mood = Literal["well", "refused", "cut", "stalled", "dribbling"]
PIECE_BYTES = 2048


class Network:
    """
    Forwards TCP to one address. `mood` decides what becomes of answers from now on.

    refused     connections end at once
    cut         the connection ends in the middle of the answer
    stalled     the request arrives, the answer never does
    dribbling   the answer comes, in small pieces
    """

    def __init__(self, target: str) -> None:
        self.mood: Mood = "well"
        self.met = 0
        """How many connections have suffered from a mood."""
        self._target = urlsplit(target)
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)
        self._thread.start()
        self.url = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(PATIENCE_S)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(PATIENCE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> str:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            if self.mood == "refused":
                self.met += 1
            else:
                await self._connect(reader, writer)
        writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._target.hostname is not None
        there, back = await asyncio.open_connection(self._target.hostname, self._target.port)
        asking = asyncio.ensure_future(self._forward(reader, back))
        try:
            await self._answer(there, writer)
        finally:
            asking.cancel()
            back.close()

    @staticmethod
    async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()

    async def _answer(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await there.read(65536):
            mood = self.mood
            if mood == "cut":
                self.met += 1
                writer.write(piece[: len(piece) // 2])
                await writer.drain()
                return
            if mood == "stalled":
                self.met += 1
                await asyncio.sleep(3600)
            if mood == "dribbling":
                self.met += 1
                for start in range(0, len(piece), PIECE_BYTES):
                    writer.write(piece[start : start + PIECE_BYTES])
                    await writer.drain()
                    await asyncio.sleep(0.002)
                continue
            writer.write(piece)
            await writer.drain()


@contextmanager
def network_to(target: str) -> Iterator[Network]:
    network = Network(target)
    try:
        yield network
    finally:
        network.close()
