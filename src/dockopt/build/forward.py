"""A stream made to look like a file, for readers that ask where they are and go back by no more than a byte."""

from collections.abc import Callable


class Forward:
    """Reads from the beginning to the end; what is passed over is read and dropped."""

    def __init__(self, read: Callable[[int], bytes], chunk: int = 1 << 20) -> None:
        self._read = read
        self._chunk = chunk
        self._place = 0
        self._last = b""
        self._again = b""

    def tell(self) -> int:
        return self._place

    def read(self, size: int = -1) -> bytes:
        """As many bytes as are asked for, fewer only at the end."""
        parts: list[bytes] = []
        if self._again and size:
            parts, self._again = [self._again], b""
        wanted = size - len(parts)
        while wanted or size < 0:
            part = self._read(wanted if 0 <= wanted < self._chunk else self._chunk)
            if not part:
                break
            parts.append(part)
            wanted -= len(part)
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        self._last = data[-1:] or self._last
        self._place += len(data)
        return data

    def seek(self, place: int, whence: int = 0) -> int:
        """Go on to a place from the beginning, or back by one byte.

        Raises:
            OSError: it lies further back.
        """
        if whence == 0 and place == self._place - 1 and self._last and not self._again:
            self._again, self._place = self._last, place
        if whence or place < self._place:
            raise OSError("a stream cannot be read twice")
        while self._place < place and self.read(min(place - self._place, self._chunk)):
            pass
        return self._place
