r"""Rules that write texts: a small grammar language, read from files.

    @greeting                    a rule; each line below is an alternative
    Dear {p.titled},
    3* Hi [there|{p.first}],     weight 3; [a|b] chooses; [|a] may leave out
    <greeting>\n\n<body>         uses other rules; \n is a line break, \t a tab

Inside ``{...}`` stands a slot (see `slots`), inside ``<...>`` a rule. A backslash before one of
``[ ] { } < > | #`` takes the sign as it is. A line that starts with ``#`` and a space is a comment.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

WEIGHT = re.compile(r"(\d+)\* ")
SIGNS = re.compile(
    r"\\([\[\]{}<>|\\nt#])|([\[\]|])|\{([^{}]+)\}|<([a-z_0-9]+)>|([^\\\[\]{}<>|]+)|(.)"
)


@dataclass(frozen=True, slots=True)
class Text:
    """Letters as they stand."""

    value: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for something made up; see `slots`."""

    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A place for another rule's text."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences, by weight (cumulative)."""

    options: tuple[tuple[Node, ...], ...]
    weights: tuple[int, ...]


Node = Text | Slot | Rule | Choice


class GrammarError(ValueError):
    """A rule that does not parse, or names a rule that is not there."""


def parse(source: str) -> tuple[Node, ...]:
    """One alternative as nodes."""
    stack: list[list[list[Node]]] = [[[]]]
    for escaped, sign, slot, rule, text, stray in SIGNS.findall(source):
        here = stack[-1][-1]
        if escaped:
            here.append(Text({"n": "\n", "t": "\t"}.get(escaped, escaped)))
        elif sign == "[":
            stack.append([[]])
        elif sign == "|" and len(stack) > 1:
            stack[-1].append([])
        elif sign == "]" and len(stack) > 1:
            options = tuple(tuple(option) for option in stack.pop())
            weights = tuple(range(1, len(options) + 1))
            stack[-1][-1].append(Choice(options, weights))
        elif slot:
            here.append(Slot(slot))
        elif rule:
            here.append(Rule(rule))
        else:
            if stray or sign == "]":
                raise GrammarError(f"stray {stray or sign!r} in {source!r}")
            here.append(Text(text or sign))
    if len(stack) > 1:
        raise GrammarError(f"'[' is not closed in {source!r}")
    return tuple(stack[0][0])


@dataclass(slots=True)
class Grammar:
    """Rules by name."""

    rules: dict[str, Choice] = field(default_factory=dict)

    @classmethod
    def read(cls, paths: Iterable[Path]) -> Grammar:
        """Rules of all files together; a rule that stands in several has the alternatives of all.

        Raises: GrammarError: a line that does not parse, or a rule that nobody defines.
        """
        found: dict[str, list[tuple[int, tuple[Node, ...]]]] = {}
        for path in paths:
            name = ""
            for line in path.read_text(encoding="utf-8").splitlines():
                if not line.strip() or line.startswith("# "):
                    continue
                if line.startswith("@") and re.fullmatch(r"@[a-z_0-9]+", line.strip()):
                    name = line.strip()[1:]
                    found.setdefault(name, [])
                    continue
                weight = WEIGHT.match(line)
                body = line[weight.end() :] if weight else line
                if not name:
                    raise GrammarError(f"{path.name}: a line before the first rule: {line!r}")
                found[name].append((int(weight[1]) if weight else 1, parse(body)))
        grammar = cls()
        for name, options in found.items():
            weights = tuple(itertools.accumulate(weight for weight, _ in options))
            grammar.rules[name] = Choice(tuple(option for _, option in options), weights)
        missing = {n.name for n in grammar.nodes() if isinstance(n, Rule)} - grammar.rules.keys()
        if missing:
            raise GrammarError(f"no such rules: {sorted(missing)}")
        return grammar

    def nodes(self) -> Iterable[Node]:
        """Every node of every rule."""
        todo: list[Node] = list(self.rules.values())
        while todo:
            node = todo.pop()
            yield node
            if isinstance(node, Choice):
                todo.extend(itertools.chain.from_iterable(node.options))

    def expand(self, rule: str, rng: random.Random, emit: Callable[[Text | Slot], None]) -> None:
        """Walk ``rule`` and hand each text and slot to ``emit``, in order."""
        todo: list[Node] = [self.rules[rule]]
        while todo:
            node = todo.pop()
            if isinstance(node, Rule):
                todo.append(self.rules[node.name])
            elif isinstance(node, Choice):
                (option,) = rng.choices(node.options, cum_weights=node.weights)
                todo.extend(reversed(option))
            else:
                emit(node)
