"""What a client sends, bounded: pygls reads as many bytes as a header claims."""

from __future__ import annotations

import logging
from typing import BinaryIO, cast

__all__ = ["Incoming"]

#: The longest message, in bytes: every text of a publication is far smaller. And the longest header.
_LARGEST, _LONGEST = 500_000_000, 1_000
_PIECE = 1 << 20
#: A notification whose name begins with "$/" may be passed over (Language Server Protocol 3.17, "Notifications").
_PASSED_OVER = b'{"jsonrpc": "2.0", "method": "$/pubkit/tooLong"}'


class Incoming:
    """The bytes from a client; a header that is too long is left out, and so is the body of a message."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def readline(self) -> bytes:
        """Return the next line of a header; b"" at the end."""
        while line := self._source.readline(_LONGEST):
            if len(line) < _LONGEST or line.endswith(b"\n"):
                return line
            while line and not line.endswith(b"\n"):
                line = self._source.readline(_PIECE)
        return b""

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, or a message without meaning in the place of one that is too long."""
        if size <= _LARGEST:
            return self._source.read(size)
        logging.getLogger("pygls").warning("A message of more than %d bytes was not read", _LARGEST)
        while size > 0 and (part := self._source.read(min(size, _PIECE))):
            size -= len(part)
        return b"" if size > 0 else _PASSED_OVER

    def stream(self) -> BinaryIO:
        """Return this as the stream that pygls asks for, of which it calls only these two methods."""
        return cast("BinaryIO", self)
