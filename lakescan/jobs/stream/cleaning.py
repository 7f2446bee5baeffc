"""Messages -> the same messages without the people in them, and those for which that failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.kafka.codec import Codec, Decoded
from lakescan.connectors.kafka.messages import SCHEMA
from lakescan.connectors.kafka.transactions import OURS, Headers
from lakescan.errors import LakescanError, TransientError
from lakescan.jobs.stream.plan import DocumentPlans, FieldPlans
from lakescan.policy import Policy
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import Plan
from lakescan.udfs.anonymize.rewriter import Rewriter
from lakescan.udfs.detect import DetectorSet

if TYPE_CHECKING:
    from confluent_kafka import Message


@dataclass(frozen=True, slots=True)
class Clean:
    """A message that may be shown.

    Args:
        message: as it came.
        key, value: as bytes of the form that they had.
        texts: the same as text, for a lake.
        headers: as they are now.
    """

    message: Message
    key: bytes | None
    value: bytes | None
    texts: tuple[str | None, str | None]
    headers: Headers


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that could not be read or treated.

    Args:
        message: as it came.
        kind: of the error; one of few words.
        reason: what failed; no value.
    """

    message: Message
    kind: str
    reason: str


@dataclass(slots=True)
class Cleaned:
    """What became of a batch, in its order."""

    outcomes: list[Clean | Dead] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)

    @property
    def dead(self) -> list[Dead]:
        """Those that failed."""
        return [one for one in self.outcomes if isinstance(one, Dead)]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A message that was understood: key, value and headers; None where there is none, or no text.

    A key or a header that is no text stays as it is, unless a rule names it.
    """

    message: Message
    key: Decoded | None
    value: Decoded | None
    headers: list[tuple[str, str | None]]


class Cleaner:
    """Treats messages.

    Args:
        policy: says what counts as personal data.
        plans: of the topics, by name.
        workshop: gives the operators.
        detectors: set up.
        codec: of values.
    """

    def __init__(
        self,
        policy: Policy,
        plans: dict[str, FieldPlans],
        workshop: Workshop,
        detectors: DetectorSet,
        codec: Codec,
    ) -> None:
        self._policy = policy
        self._plans = plans
        self._workshop = workshop
        self._detectors = detectors
        self._codec = codec

    def clean(self, messages: Sequence[Message]) -> Cleaned:
        """Treat a batch: each message comes out once, in its place.

        Raises:
            TransientError: a schema registry does not answer; nothing was done.
        """
        cleaned = Cleaned()
        outcomes: dict[int, Clean | Dead] = {}
        groups: dict[tuple[str, bool], list[tuple[int, _Opened]]] = {}
        for place, message in enumerate(messages):
            try:
                opened = self._opened(message)
            except TransientError:
                raise
            except LakescanError as error:
                outcomes[place] = Dead(message, error.kind, error.message)
                continue
            document = opened.value is not None and opened.value.document
            groups.setdefault((message.topic() or "", document), []).append((place, opened))
        for (topic, document), members in groups.items():
            plans = self._plans[topic]
            plan: Plan = DocumentPlans(plans) if document else plans
            places = [place for place, _ in members]
            done = self._treated([opened for _, opened in members], plan, cleaned.found)
            outcomes |= zip(places, done, strict=True)
        cleaned.outcomes = [outcomes[place] for place in range(len(messages))]
        return cleaned

    def _opened(self, message: Message) -> _Opened:
        plans = self._plans[message.topic() or ""]
        data, key = message.value(), message.key()
        value = None if data is None else self._codec.decode(data)
        named = None
        if key is not None:
            try:
                named = self._codec.decode(key)
            except TransientError:
                raise
            except LakescanError:
                if plans.whole(0, "key"):
                    raise
        headers = [
            (name, _text(content, strict=plans.whole(2, "headers.{}")))
            for name, content in _headers(message)
        ]
        return _Opened(message, named, value, headers)

    def _treated(
        self, opened: Sequence[_Opened], plan: Plan, found: Counter[str]
    ) -> list[Clean | Dead]:
        """Treat messages of one kind; where that fails, in halves, down to the one that fails."""
        counts: Counter[str] = Counter()
        try:
            done: list[Clean | Dead] = list(self._rewritten(opened, plan, counts))
        except TransientError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a message does must not end the stream
            if len(opened) == 1:
                return [_dead(opened[0].message, error)]
            half = len(opened) // 2
            parts = (opened[:half], opened[half:])
            return [one for part in parts for one in self._treated(part, plan, found)]
        found.update(counts)
        return done

    def _rewritten(
        self, opened: Sequence[_Opened], plan: Plan, counts: Counter[str]
    ) -> Iterable[Clean | Dead]:
        columns: tuple[list[object], ...] = (
            [None if each.key is None else each.key.text for each in opened],
            [None if each.value is None else each.value.text for each in opened],
            [each.headers or None for each in opened],
        )
        # Of what no message has, nothing need be known.
        fields = [f for c, f in zip(columns, SCHEMA, strict=True) if any(x is not None for x in c)]
        arrays = [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True) if f in fields]
        rewriter = Rewriter(plan, self._policy, self._workshop, self._detectors)
        schema = pa.schema(fields)
        made = rewriter.rewrite(pa.RecordBatch.from_arrays(arrays, schema=schema))
        for tally in rewriter.tallies.values():
            counts.update(tally.found)
        # What the policy drops is not among the names any more.
        dropped = set(schema.names) - set(made.schema.names)
        names = made.schema.names
        gone: list[None] = [None] * len(opened)
        keys, values, headers = (
            made.column(names.index(name)).to_pylist() if name in names else gone
            for name in SCHEMA.names
        )
        for each, key, value, pairs in zip(opened, keys, values, headers, strict=True):
            try:
                yield _closed(each, dropped, (key, value), pairs or [])
            except LakescanError as error:
                yield Dead(each.message, error.kind, error.message)


def _closed(
    opened: _Opened,
    dropped: set[str],
    texts: tuple[str | None, str | None],
    pairs: list[tuple[str, str | None]],
) -> Clean:
    """The message in its own form again."""
    key, value = texts
    headers: Headers = []
    if "headers" not in dropped:
        for (name, before), (_, text), (_, after) in zip(
            _headers(opened.message), opened.headers, pairs, strict=True
        ):
            same = text is None or after == text
            headers.append((name, before if same else None if after is None else after.encode()))
    data: bytes | None = None
    if "key" not in dropped:
        data = opened.message.key() if opened.key is None else _bytes(opened.key, key)
    made = None if opened.value is None else _bytes(opened.value, value)
    return Clean(opened.message, data, made, (key, value), headers)


def _bytes(before: Decoded, text: str | None) -> bytes | None:
    return None if text is None else before.encoded(text)


def _headers(message: Message) -> list[tuple[str, bytes | None]]:
    given = message.headers() or []
    pairs = given.items() if isinstance(given, dict) else given
    return [
        (name, content.encode() if isinstance(content, str) else content)
        for name, content in pairs
        if not name.startswith(OURS)
    ]


def _text(content: bytes | None, *, strict: bool) -> str | None:
    """A header's text; None where it is none.

    Raises:
        CorruptFileError: it is none, and that is not to be passed over.
    """
    if content is None:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        if strict:
            from lakescan.errors import CorruptFileError

            raise CorruptFileError("a header that is no UTF-8 text") from None
        return None


def _dead(message: Message, error: Exception) -> Dead:
    """Why; of an error that is none of ours only its type, as it may tell a value."""
    if isinstance(error, LakescanError):
        return Dead(message, error.kind, error.message)
    return Dead(message, "Untreatable", f"anonymizing fails ({type(error).__name__})")
