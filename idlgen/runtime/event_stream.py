"""Server-sent events, the form of a stream over HTTP: messages to bytes and back.

The format is that of the HTML standard, section 9.2 ("Server-sent events"). Only data is
of use here: names, ids and retry times of events are neither written nor read.
"""

from __future__ import annotations

CONTENT_TYPE = "text/event-stream"
COMMENT = b":\n\n"
"""What keeps a silent stream alive; readers skip it."""

_BOM = b"\xef\xbb\xbf"
_DATA = b"data"
_USUAL = b"data: "
_ONE_LINE = bytes.maketrans(b"\r\n", b"  ")


def is_events(content_type: str) -> bool:
    """Return whether the header `content-type` is that of server-sent events."""
    return content_type.partition(";")[0].strip().lower() == CONTENT_TYPE


def event(message: bytes) -> bytes:
    """Return the event whose data is `message`, which is JSON.

    Outside of its tokens JSON may have ends of lines, as what a handler passes on of
    another server's may. They would end the data, so they are made spaces.
    """
    if b"\n" in message or b"\r" in message:
        message = message.translate(_ONE_LINE)
    return b"data: %b\n\n" % message


class EventReader:
    """Takes bytes as they come, gives the data of each event that is whole."""

    def __init__(self, limit: int) -> None:
        """Accept events of at most `limit` bytes."""
        self._limit = limit
        self._line = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self.is_too_large = False
        """Whether the next event is larger than the limit: nothing more will be read."""
        self._is_first = True
        self._is_after_return = False

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the data of the events that end in `piece`, which may be none."""
        # Only what is new is looked through: a long line may come in many pieces.
        ended, newline, rest = self._with_newlines(piece).rpartition(b"\n")
        events: list[bytes] = []
        if newline:
            lines = (bytes(self._line) + ended).split(b"\n")
            self._line.clear()
            self._read_lines(lines, events)
        self._line += rest
        if self._size + len(self._line) > self._limit:
            self.is_too_large = True
        return events

    def _with_newlines(self, piece: bytes) -> bytes:
        """Return the piece with each line's end as a newline, CR LF in two pieces too."""
        if self._is_after_return and piece:
            self._is_after_return = False
            piece = piece.removeprefix(b"\n")
        if b"\r" in piece:
            self._is_after_return = piece.endswith(b"\r")
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return piece

    def _read_lines(self, lines: list[bytes], events: list[bytes]) -> None:
        if self._is_first:
            self._is_first = False
            lines[0] = lines[0].removeprefix(_BOM)
        for line in lines:
            if self.is_too_large:
                return
            if line.startswith(_USUAL):
                self._add(line[len(_USUAL) :])
            elif not line:
                self._end(events)
            else:
                name, _, value = line.partition(b":")
                if name == _DATA:
                    self._add(value)

    def _add(self, data: bytes) -> None:
        # Lines are joined by newlines: those that are empty take room too.
        self._size += len(data) + bool(self._data)
        self._data.append(data)
        self.is_too_large = self._size > self._limit

    def _end(self, events: list[bytes]) -> None:
        data = self._data
        if not data:
            return
        events.append(data[0] if len(data) == 1 else b"\n".join(data))
        self._data = []
        self._size = 0
