"""What of a split could not be read as it stands, though the rest was."""

from __future__ import annotations

from dataclasses import dataclass

from lakescan.errors import CorruptFileError, DamagedTextError

#: What is read for bytes that are no text.
REPLACEMENT = "\ufffd"


@dataclass(slots=True)
class Damage:
    """Counts it while a split is read.

    Args:
        lines: that are no records; they were passed over.
        places: where bytes are no text in the encoding; U+FFFD was read for them.
    """

    lines: int = 0
    places: int = 0

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

    def error(self, uri: str) -> CorruptFileError | None:
        """What there is to tell of it, if anything."""
        told = []
        if self.lines:
            told.append(f"{_counted(self.lines, 'line is', 'lines are')} no JSON")
        if self.places:
            told.append(
                f"bytes at {_counted(self.places, 'place are', 'places are')} no text in the"
                " file's encoding and were read as U+FFFD"
            )
        if not told:
            return None
        kind = CorruptFileError if self.lines else DamagedTextError
        return kind(f"{uri}: {'; '.join(told)}; the rest was read", uri=uri)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
