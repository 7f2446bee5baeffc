r"""Presidio's recognizer registry (``presidio_analyzer/conf/default_recognizers.yaml``, 2.2).

A recognizer that comes with Presidio becomes the entity that it finds; a pattern recognizer becomes
detectors, one a pattern and one for its ``deny_list``. What is as in Presidio:

- patterns see ``global_regex_flags`` (26 where absent: any case, ``^`` and ``$`` at lines, ``.``
  over lines), and a ``deny_list`` is found whole, in any case, with ``deny_list_score`` (1.0);
- each match is told, whatever its score, unless ``default_score_threshold`` or
  ``score_thresholds`` say otherwise;
- ``supported_countries`` drops the recognizers of other countries;
- where no recognizer of an NLP engine is named, its entities are looked for all the same.

What is not: lakescan looks for everything in every language; context words of Presidio's own
recognizers are replaced by lakescan's; ``\w``, ``\d`` and ``\b`` know ASCII only, as in RE2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lakescan.errors import PolicyError
from lakescan.policy.document import Data
from lakescan.policy.importers.draft import Draft, known_entity, slug
from lakescan.policy.importers.presidio_names import (
    ENGINES,
    MODELS,
    MORE_LABELS,
    REMOTE,
    UNASKED,
    classes,
    country_of,
)
from lakescan.policy.importers.reading import (
    Mapped,
    listed,
    mapping,
    number,
    text,
    texts,
    truth,
)

#: Of Python's `re`: the flags that a pattern may have.
_IGNORE_CASE, _MULTILINE, _DOT_ALL, _VERBOSE = (
    int(flag) for flag in (re.IGNORECASE, re.MULTILINE, re.DOTALL, re.VERBOSE)
)
_DEFAULT_FLAGS = _IGNORE_CASE | _MULTILINE | _DOT_ALL
_MODEL_HINT = "lakescan reads with its own; accuracy_mode: high with ner.model takes one of yours"

_RECOGNIZER_KEYS = frozenset(
    "name class_name enabled type supported_language supported_languages context supported_entity"
    " supported_entities score_thresholds patterns deny_list deny_list_score country_code"
    " global_regex_flags version".split()
)
_MODEL_KEYS = frozenset(
    "model_name tokenizer_name label_mapping entity_mapping threshold aggregation_strategy device"
    " flat_ner multi_label map_location load_onnx_model onnx_model_file text_chunker chunk_size"
    " chunk_overlap label_prefixes".split()
)
_FILE_KEYS = frozenset(
    "supported_languages default_score_threshold nlp_configuration recognizer_registry"
    " context_aware_enhancer".split()
)
_REGISTRY_KEYS = frozenset(
    "supported_languages global_regex_flags supported_countries recognizers".split()
)


def read_registry(data: Data, draft: Draft) -> None:
    """Put a registry's recognizers into a draft.

    Raises:
        PolicyError: it is no registry, nor an analyzer's configuration with one.
    """
    file = mapping(data, "")
    path = "recognizer_registry." if "recognizer_registry" in file else ""
    registry = mapping(file.get("recognizer_registry", file), path.rstrip("."))
    if "recognizers" not in registry:
        hint = "such as Presidio's default_recognizers.yaml"
        raise PolicyError("has no recognizers", path=path.rstrip("."), hint=hint)
    reader = _Registry(registry, path, draft)
    reader.read_file(file)
    for at, item in enumerate(listed(registry["recognizers"], f"{path}recognizers")):
        reader.read(item, f"{path}recognizers[{at}]")
    engine = mapping(file.get("nlp_configuration"), "nlp_configuration").get("nlp_engine_name")
    if not reader.names & ENGINES and engine not in ("no_op", "slim"):
        draft.note(path.rstrip("."), "as in Presidio, what its language model finds is looked for")
        for label in UNASKED:
            draft.enable(known_entity(label, "presidio", MORE_LABELS)[0])


class _Registry:
    def __init__(self, registry: Mapped, path: str, draft: Draft) -> None:
        self._draft = draft
        self._path = path
        flags = number(registry.get("global_regex_flags"), f"{path}global_regex_flags")
        self._flags = _DEFAULT_FLAGS if flags is None else int(flags)
        countries = texts(registry.get("supported_countries"), f"{path}supported_countries")
        self._countries = {country.lower() for country in countries}
        self._registry = registry
        self._least = 0.0
        self.names: set[str] = set()

    def read_file(self, file: Mapped) -> None:
        """What is said for all recognizers."""
        draft, nested = self._draft, self._registry is not file
        known = {*_REGISTRY_KEYS, *_FILE_KEYS}
        for key in file.keys() - known:
            draft.note(key, "not carried over: lakescan has nothing like it")
        for key in self._registry.keys() - known if nested else ():
            draft.note(f"{self._path}{key}", "not carried over: lakescan has nothing like it")
        least = number(file.get("default_score_threshold"), "default_score_threshold")
        if least is not None and not 0 <= least <= 1:
            draft.note("default_score_threshold", "not carried over: not between 0 and 1")
        elif least:
            draft.default_threshold = self._least = least
        if "nlp_configuration" in file:
            draft.note("nlp_configuration", "its models are not used", _MODEL_HINT)
        if "context_aware_enhancer" in file:
            message = "not carried over: a context word within 48 characters adds 0.35"
            draft.note("context_aware_enhancer", message)
        languages = texts(self._registry.get("supported_languages"), "supported_languages")
        if languages:
            where = f"{self._path}supported_languages"
            draft.note(where, "lakescan looks for everything in every language")

    def read(self, item: Data, path: str) -> None:
        """One recognizer."""
        recognizer: Mapped = {"name": item} if isinstance(item, str) else mapping(item, path)
        name = text(recognizer.get("name"), f"{path}.name")
        name = name or text(recognizer.get("class_name"), f"{path}.class_name")
        if not name:
            raise PolicyError("is missing", path=f"{path}.name")
        self.names.add(text(recognizer.get("class_name"), f"{path}.class_name") or name)
        if not truth(recognizer.get("enabled"), f"{path}.enabled", default=True):
            return
        kind = text(recognizer.get("type"), f"{path}.type")
        own = kind == "custom" or (
            kind is None and ("patterns" in recognizer or "deny_list" in recognizer)
        )
        if kind not in (None, "custom", "predefined"):
            self._draft.note(path, f"{name}: not carried over: type {kind!r} is not known")
        elif own:
            self._read_own(recognizer, name, path)
        else:
            class_name = text(recognizer.get("class_name"), f"{path}.class_name") or name
            self._read_known(recognizer, class_name, path)

    def _read_known(self, recognizer: Mapped, name: str, path: str) -> None:
        """A recognizer that comes with Presidio."""
        draft = self._draft
        if name in REMOTE:
            hint = "what it finds, lakescan's own detectors and model may find"
            draft.note(path, f"{name}: not carried over: it asks a service elsewhere", hint)
            return
        country = text(recognizer.get("country_code"), f"{path}.country_code")
        country = (country or country_of(name)).lower()
        if self._countries and country and country not in self._countries:
            return
        labels = classes().get(name)
        asked = self._entities(recognizer, path) or [
            str(label)
            for key in ("label_mapping", "entity_mapping")
            for label in mapping(recognizer.get(key), f"{path}.{key}").values()
        ]
        if labels is None and not asked:
            hint = "name its entities under entities.enable, or write a detector"
            draft.note(path, f"{name}: not carried over: no such recognizer is known", hint)
            return
        if name in MODELS:
            draft.note(path, f"{name}: its model is not used", _MODEL_HINT)
        for key in sorted(recognizer.keys() - _RECOGNIZER_KEYS - _MODEL_KEYS):
            draft.note(f"{path}.{key}", "not carried over: lakescan has nothing like it")
        if list(self._context(recognizer, path)):
            draft.note(path, f"{name}: its context words are replaced by lakescan's own")
        found = []
        for label in dict.fromkeys(asked or labels or ()):
            known = known_entity(label, "presidio", MORE_LABELS)
            if not known:
                draft.note(path, f"{name}: lakescan has no detector of {label}")
            found += known
        for entity in found:
            draft.enable(entity)
        self._thresholds(recognizer, path, found)

    def _read_own(self, recognizer: Mapped, name: str, path: str) -> None:
        """A recognizer of patterns or words."""
        draft = self._draft
        labels = self._entities(recognizer, path)
        if not labels:
            draft.note(path, f"{name}: not carried over: no supported_entity is given")
            return
        if len(labels) > 1:
            draft.note(path, f"{name}: only {labels[0]} is found, as in Presidio")
        for key in sorted(recognizer.keys() - _RECOGNIZER_KEYS):
            draft.note(f"{path}.{key}", "not carried over: lakescan has nothing like it")
        own = number(recognizer.get("global_regex_flags"), f"{path}.global_regex_flags")
        flags = self._flags if own is None else int(own)
        known = known_entity(labels[0], "presidio", MORE_LABELS)
        context = list(dict.fromkeys(self._context(recognizer, path)))
        shared: dict[str, object] = {
            "entity": known[0] if known else slug(labels[0]).upper(),
            "ignore_case": bool(flags & _IGNORE_CASE),
        }
        if context:
            shared["context"] = context
        patterns = [
            (mapping(item, f"{path}.patterns[{at}]"), f"{path}.patterns[{at}]")
            for at, item in enumerate(listed(recognizer.get("patterns"), f"{path}.patterns"))
        ]
        words = texts(recognizer.get("deny_list"), f"{path}.deny_list")
        if not patterns and not words:
            draft.note(path, f"{name}: not carried over: it has no patterns and no deny_list")
        several = len(patterns) + bool(words) > 1
        for pattern, where in patterns:
            called = text(pattern.get("name"), f"{where}.name") or "pattern"
            made: dict[str, object] = {"name": slug(name, called) if several else slug(name)}
            regex = text(pattern.get("regex"), f"{where}.regex")
            score = number(pattern.get("score"), f"{where}.score")
            if regex is not None:
                made["regex"] = _flagged(regex, flags)
            if score is not None:
                made["score"] = score
            if flags & _VERBOSE:
                draft.note(where, f"{name}: not carried over: the VERBOSE flag is not known to RE2")
                continue
            self._add(where, {**shared, **made})
        if words:
            score = number(recognizer.get("deny_list_score"), f"{path}.deny_list_score")
            listing: dict[str, object] = {
                "name": slug(name, "deny_list") if several else slug(name),
                "words": words,
                "score": 1.0 if score is None else score,
            }
            without = {key: value for key, value in shared.items() if key != "context"}
            self._add(f"{path}.deny_list", {**without, **listing})
        self._thresholds(recognizer, path, [str(shared["entity"])])

    def _add(self, path: str, keys: Mapped | dict[str, object]) -> None:
        made = self._draft.detector(path, keys)
        if made is not None:
            # Presidio tells each match that reaches the threshold, and there is none by default.
            self._draft.by_detector[f"custom.{made.name}"] = self._least

    def _entities(self, recognizer: Mapped, path: str) -> list[str]:
        one = text(recognizer.get("supported_entity"), f"{path}.supported_entity")
        return [one] if one else texts(recognizer.get("supported_entities"), path)

    def _context(self, recognizer: Mapped, path: str) -> Iterator[str]:
        """The context words of all languages."""
        yield from texts(recognizer.get("context"), f"{path}.context")
        languages = listed(recognizer.get("supported_languages"), f"{path}.supported_languages")
        for at, language in enumerate(languages):
            where = f"{path}.supported_languages[{at}]"
            if not isinstance(language, str):
                yield from texts(mapping(language, where).get("context"), f"{where}.context")

    def _thresholds(self, recognizer: Mapped, path: str, found: list[str]) -> None:
        where = f"{path}.score_thresholds"
        given = recognizer.get("score_thresholds")
        scores = {"default": given} if isinstance(given, str) else mapping(given, where)
        for label, value in scores.items():
            score = number(value, f"{where}.{label}")
            if score is None or not 0 <= score <= 1:
                self._draft.note(f"{where}.{label}", "not carried over: not between 0 and 1")
                continue
            known = known_entity(label, "presidio", MORE_LABELS) or [slug(label).upper()]
            for entity in found if label == "default" else known:
                if entity in found:
                    self._draft.by_entity.setdefault(entity, score)
                    self._set_detectors(entity, score)

    def _set_detectors(self, entity: str, score: float) -> None:
        for detector in self._draft.detectors:
            if detector.entity == entity:
                self._draft.by_detector[f"custom.{detector.name}"] = score


def _flagged(regex: str, flags: int) -> str:
    """The regex with those of Python's flags that RE2 writes into it; case is a key of its own."""
    marks = ("m" if flags & _MULTILINE else "") + ("s" if flags & _DOT_ALL else "")
    needed = (flags & _MULTILINE and re.search(r"[\^$]", regex)) or (
        flags & _DOT_ALL and re.search(r"(?<!\\)\.", regex)
    )
    return f"(?{marks}){regex}" if marks and needed else regex
