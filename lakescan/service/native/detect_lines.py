"""``POST /v1/detect`` of many texts: a text a line comes, an answer a line goes.

Lines are read and answered some at a time, so that memory does not grow with their number. What is
wrong with a line is told in its place, and the others are answered all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import orjson

from lakescan.jobs.detect import Finding
from lakescan.jobs.reading import Question
from lakescan.policy import Policy
from lakescan.service.core import Core
from lakescan.service.desk import CrowdedError

#: Lines that are read together, at most, and about so many bytes of them.
_TOGETHER, _BYTES = 256, 64 << 10
#: Seconds between two tries where too many others wait.
_PAUSE = 0.1

#: A text, or what is wrong with its line.
Line = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for in all lines.

    Args:
        policy: by which.
        entities: by our names; None for all.
        value: makes an answer of what was found in one text.
    """

    policy: Policy
    entities: frozenset[str] | None
    value: Callable[[Sequence[Finding]], object]


async def answers_to(
    core: Core, source: bytes | Path, longest: int, wish: Wish
) -> AsyncIterator[bytes]:
    """The answers to lines, as lines.

    Args:
        core: of the service.
        source: the lines, or their file.
        longest: bytes of one line.
        wish: what is looked for.
    """
    file = BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    try:
        while lines := await asyncio.to_thread(_some, file, longest):
            texts = [text for text, _ in lines if text is not None]
            found = iter(await _asked(core, Question(tuple(texts), wish.entities), wish.policy))
            yield b"".join(
                orjson.dumps(
                    {"error": fault} if text is None else wish.value(next(found)),
                    option=orjson.OPT_APPEND_NEWLINE,
                )
                for text, fault in lines
            )
    finally:
        file.close()


async def _asked(core: Core, question: Question, policy: Policy) -> list[list[Finding]]:
    """What a desk answers that may be crowded for a while: the answer has begun and goes on."""
    while True:
        try:
            return await core.desk.ask(question, policy)
        except CrowdedError:
            await asyncio.sleep(_PAUSE)


def _some(file: BinaryIO, longest: int) -> list[Line]:
    """The next lines; none at the end."""
    lines: list[Line] = []
    size = 0
    while len(lines) < _TOGETHER and size < _BYTES and (line := file.readline(longest + 1)):
        size += len(line) if line.strip() else 0  # empty lines have no answer, and are no end
        if len(line) > longest:
            while line and not line.endswith(b"\n"):
                line = file.readline(_BYTES)
            lines.append((None, f"the line is longer than {longest} bytes"))
        elif line.strip():
            lines.append(_text_of(line))
    return lines


def _text_of(line: bytes) -> Line:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None, "the line is no JSON"
    text = value.get("text") if isinstance(value, dict) else value
    return (text, "") if isinstance(text, str) else (None, 'a line is "..." or {"text": "..."}')
