"""What a model calls things, and what they are called here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lakescan import entities
from lakescan.errors import PolicyError, UnknownNameError

#: No entity.
OUTSIDE = "O"

#: The prefixes of the tagging schemes BIO, BIOES and BILOU; those that begin an entity.
_PREFIXES, _BEGINS = frozenset("BIESLU"), frozenset("BSU")

#: Labels of the public corpora (CoNLL-2003, OntoNotes 5, WikiNER, WNUT-17) as the catalog has them;
#: what stands here is never a catalog's name of another meaning.
_WELL_KNOWN = {
    "PER": "PERSON",
    "PERS": "PERSON",
    "LOC": "LOCATION",
    "GPE": "LOCATION",
    "FAC": "BUILDING",
    "ORG": "ORGANIZATION",
    "CORPORATION": "ORGANIZATION",
    "GROUP": "ORGANIZATION",
    "NORP": "NRP",
    "MONEY": "AMOUNT",
}


@dataclass(frozen=True, slots=True)
class Labels:
    """A model's labels, taken apart.

    Args:
        types: the kinds of entity, in the order in which the labels name them first.
        of: for each label its type's place in ``types``; -1 for none.
        begins: for each label whether it begins an entity.
    """

    types: tuple[str, ...]
    of: tuple[int, ...]
    begins: tuple[bool, ...]

    @classmethod
    def parse(cls, labels: Sequence[str]) -> Labels:
        """Read ``O``, ``B-PER``, ``I-PER``, ... (also BIOES, BILOU, or bare types)."""
        types: dict[str, int] = {}
        of: list[int] = []
        begins: list[bool] = []
        for label in labels:
            prefix, kind = _split(label)
            of.append(-1 if kind == OUTSIDE else types.setdefault(kind, len(types)))
            begins.append(prefix in _BEGINS)
        return cls(tuple(types), tuple(of), tuple(begins))

    def entities(self, given: Mapping[str, str] | None = None) -> tuple[str | None, ...]:
        """The entity of each type: by the user's map, else by name; None for one that is no entity.

        Args:
            given: label -> entity; case does not matter.

        Raises:
            PolicyError: the map has a label that the model has not, with "did you mean".
        """
        chosen = {label.upper(): entity for label, entity in (given or {}).items()}
        for label in given or {}:
            if label.upper() not in {kind.upper() for kind in self.types}:
                hint = UnknownNameError("label", label, self.types).hint
                raise PolicyError(
                    "the model has no such label", path=f"ner.labels.{label}", hint=hint
                )
        return tuple(chosen.get(kind.upper()) or _by_name(kind) for kind in self.types)


def _split(label: str) -> tuple[str, str]:
    """Prefix and type: ``B-PER`` and ``B_PER`` alike; a bare type has no prefix."""
    if len(label) > 2 and label[0] in _PREFIXES and label[1] in "-_":
        return label[0], label[2:]
    return "", label


def _by_name(kind: str) -> str | None:
    name = _WELL_KNOWN.get(kind.upper(), kind)
    return entities.canonical(name) if entities.is_known(name) else None
