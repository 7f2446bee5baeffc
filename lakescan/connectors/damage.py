"""What of a split could not be read as it stands, though the rest was."""

from __future__ import annotations

from dataclasses import dataclass, field

from lakescan.errors import CorruptFileError, DamagedTextError, NoticeError, TerminalError

#: What is read for bytes that are no text.
REPLACEMENT = "\ufffd"


@dataclass(slots=True)
class Damage:
    """Counts it while a split is read.

    Args:
        lines: that are no records; they were passed over.
        places: where bytes are no text in the encoding; U+FFFD was read for them.
        notices: what else is to be known of how it was read, a sentence each.
    """

    lines: int = 0
    places: int = 0
    notices: list[str] = field(default_factory=list)

    def decoded(self, data: bytes, encoding: str = "utf-8") -> str:
        """Bytes as text; what cannot be decoded becomes U+FFFD, and is counted."""
        text = data.decode(encoding, "replace")
        self.replaced(text, data, encoding)
        return text

    def replaced(self, text: str, data: bytes, encoding: str) -> None:
        """Count U+FFFD in the text of some bytes, but for those that stood there before."""
        if REPLACEMENT in text:
            there = REPLACEMENT.encode(encoding, "ignore")
            self.places += text.count(REPLACEMENT) - (data.count(there) if there else 0)

    def error(self, uri: str) -> TerminalError | None:
        """What there is to tell of it, if anything."""
        told = []
        if self.lines:
            told.append(f"{_counted(self.lines, 'line is', 'lines are')} no JSON")
        if self.places:
            told.append(
                f"bytes at {_counted(self.places, 'place are', 'places are')} no text in the"
                " file's encoding and were read as U+FFFD"
            )
        kind: type[TerminalError] = NoticeError
        if told:
            kind = CorruptFileError if self.lines else DamagedTextError
            told.append("the rest was read")
        elif not self.notices:
            return None
        return kind(f"{uri}: {'; '.join([*told, *self.notices])}", uri=uri)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
