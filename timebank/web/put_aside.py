"""Files on their way in: what was put aside for a request goes with it, also where the request breaks off half-way."""

from typing import IO, Any

from flask import Request


class Incoming(Request):
    """A request that closes every file that it has put aside, read to the end or not."""

    def _get_file_stream(self, *told: Any, **more: Any) -> IO[bytes]:
        """Open a file for what comes in, and remember it."""
        stream = super()._get_file_stream(*told, **more)
        self.__dict__.setdefault("put_aside", []).append(stream)
        return stream

    def close(self) -> None:
        """Let go of everything."""
        super().close()
        for stream in self.__dict__.get("put_aside", ()):
            stream.close()
