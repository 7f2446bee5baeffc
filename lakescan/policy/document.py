"""Reading the YAML text of a policy: plain data, and the line of every part of it.

Every scalar stays the text that was written (``no``, ``0123`` and ``12:30`` mean themselves), and
only a field's type makes it a number. An empty value, ``~`` and ``null`` are nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import yaml

from lakescan.policy.problems import Location, PolicyProblem, dotted

Data = dict[str, "Data"] | list["Data"] | str | None

#: A policy is a page; more text, or aliases that expand to more parts, is a mistake or an attack.
_MAX_CHARACTERS = 4 << 20
_MAX_PARTS = 50_000
_MAX_DEPTH = 50

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset({"str", "seq", "map"})
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True)
class Document:
    """A text, parsed.

    Args:
        data: what it says; an empty text is an empty mapping, and None is no YAML.
        lines: the line, from 1, of each part.
        problems: duplicate keys and the like.
    """

    data: Data
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[PolicyProblem] = field(default_factory=list)

    def line(self, path: str) -> int | None:
        """The line of a part, or of the nearest part around it."""
        while path not in self.lines:
            if not path:
                return None
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines[path]

    def located(self, problems: Iterable[PolicyProblem]) -> list[PolicyProblem]:
        """The same problems with their lines, in the order of the text."""
        found = [
            each if each.line else replace(each, line=self.line(each.path)) for each in problems
        ]
        return sorted(found, key=lambda each: each.line or 0)


def read_document(text: str) -> Document:
    """Parse a policy's text; what cannot be parsed has a problem and no data."""
    if len(text) > _MAX_CHARACTERS:
        return _unreadable("longer than 4 MiB", "keep long lists in a words_file")
    try:
        root = yaml.compose(text, Loader=_Loader)
        document = Document({})
        if root is not None:
            data = _Reader(document).read(root, ())
            document.data = {} if data is None else data
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        line = mark.line + 1 if mark else None
        return _unreadable(f"not valid YAML: {reason}", _syntax_hint(reason), line)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return _unreadable("not valid YAML: a character that it does not allow", None, line)
    except _TooManyPartsError:
        return _unreadable(
            "has too many parts, or parts within parts", "keep long lists in a words_file"
        )
    return document


def _unreadable(message: str, hint: str | None = None, line: int | None = None) -> Document:
    return Document(None, problems=[PolicyProblem("", message, hint, line)])


class _TooManyPartsError(Exception):
    """More than a page that a person wrote."""


class _Loader(yaml.BaseLoader):
    """Leaves scalars as text, and stops at a depth that no policy has.

    Deep nesting would cost PyYAML time in the square of the depth, and then the stack.
    """

    depth = 0
    parts = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        self.parts += 1
        if self.depth > _MAX_DEPTH or self.parts > _MAX_PARTS:
            raise _TooManyPartsError
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Reader:
    """Turns nodes into plain data, noting lines and problems on the way."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.parts = 0

    def read(self, node: yaml.Node, at: Location) -> Data:
        """The data of a node and of everything below it."""
        self.parts += 1
        line = node.start_mark.line + 1
        if self.parts > _MAX_PARTS:
            raise _TooManyPartsError
        self.document.lines.setdefault(dotted(at), line)
        if node.tag.removeprefix(_TAG) not in _PLAIN_TAGS:
            self._report(at, "a tag (! or !!) means nothing here", line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*at, index)) for index, item in enumerate(node.value)]
        value: str = node.value
        plain = isinstance(node, yaml.ScalarNode) and node.style is None
        return None if plain and value in _NOTHING else value

    def _mapping(self, node: yaml.MappingNode, at: Location) -> Data:
        data: dict[str, Data] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._report(at, "a key must be text", line)
                continue
            key: str = key_node.value
            here = (*at, key)
            if key in data:
                first = self.document.lines[dotted(here)]
                self._report(here, f"given twice, first on line {first}", line)
                continue
            self.document.lines[dotted(here)] = line
            data[key] = self.read(value_node, here)
        return data

    def _report(self, at: Location, message: str, line: int) -> None:
        self.document.problems.append(PolicyProblem(dotted(at), message, None, line))


def _syntax_hint(reason: str) -> str | None:
    if "found character '\\t'" in reason:
        return "indent with spaces, not with tabs"
    if "mapping values are not allowed" in reason:
        return "put the text in quotes if a colon belongs to it"
    if "alias" in reason:
        return "put a text that starts with * in quotes"
    if "escape" in reason:
        return "put patterns in single quotes"
    return None
