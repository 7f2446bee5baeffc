"""A tree of categories, as a policy writes it: groups in groups, and values in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

#: Deeper than this no one reads a tree.
_DEEPEST = 16


def groups_of(tree: Mapping[str, JsonValue]) -> dict[str, tuple[str, ...]]:
    """The groups of each value, from the top down; a group's own name is a value of it.

    Args:
        tree: a group's name -> a list of values, or groups below it.

    Returns:
        By the value as `spelled`.

    Raises:
        ValueError: a value has two places, or something else than texts stands in the tree.
    """
    found: dict[str, tuple[str, ...]] = {}
    for value, groups in _walk(dict(tree), ()):
        word = spelled(value)
        if found.setdefault(word, groups) != groups:
            raise ValueError(f"{value!r} has two places in the tree")
    return found


def spelled(value: str) -> str:
    """A value as it is looked for: without white space round it, in small letters."""
    return value.strip().lower()


def _walk(node: JsonValue, above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if len(above) > _DEEPEST:
        raise ValueError(f"a tree has at most {_DEEPEST} levels")
    if isinstance(node, Mapping):
        for name, below in node.items():
            if not name.strip():
                raise ValueError("a group has a name")
            yield name, (*above, name)
            yield from _walk(below, (*above, name))
    elif isinstance(node, list):
        for value in node:
            if isinstance(value, Mapping):
                yield from _walk(value, above)
            elif isinstance(value, str) and value.strip():
                yield value, above
            else:
                where = ".".join(above) or "the tree"
                raise ValueError(f"in {where}: values are texts, or groups")
    elif node is not None:
        raise ValueError(f"in {'.'.join(above)}: a list of values, or groups, is wanted")
