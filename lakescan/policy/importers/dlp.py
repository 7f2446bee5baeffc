"""Google's Sensitive Data Protection (DLP): an inspect template, or its ``inspectConfig``.

Read after the REST reference of ``projects.inspectTemplates`` (v2), in YAML or JSON. Carried over:
``infoTypes``, ``minLikelihood`` and ``minLikelihoodPerInfoType``, ``customInfoTypes`` with a
``dictionary`` or a ``regex`` and their hotwords, exclusion rules with a dictionary or a regex. A
likelihood becomes a score: see `SCORES`. All else is noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lakescan.errors import PolicyError
from lakescan.policy.document import Data
from lakescan.policy.importers.dlp_names import INFO_TYPES
from lakescan.policy.importers.draft import Draft, known_entity, slug, widest
from lakescan.policy.importers.reading import Mapped, listed, mapping, text, texts

#: The score that stands for each likelihood.
SCORES = {
    "VERY_UNLIKELY": 0.1,
    "UNLIKELY": 0.3,
    "POSSIBLE": 0.5,
    "LIKELY": 0.7,
    "VERY_LIKELY": 0.9,
}
#: What a custom info type has where it says nothing: the reference's default.
_USUAL = "VERY_LIKELY"
_CONFIG_KEYS = frozenset(
    "infoTypes minLikelihood minLikelihoodPerInfoType customInfoTypes ruleSet includeQuote"
    " excludeInfoTypes".split()
)
_CUSTOM_KEYS = frozenset("infoType likelihood dictionary regex detectionRules".split())
_PLAIN_WORD = re.compile(r"[\w .'-]+")


def read_template(data: Data, draft: Draft) -> None:
    """Put a template's info types into a draft.

    Raises:
        PolicyError: it is no inspect template.
    """
    config, path = _config(mapping(data, ""))
    for key in sorted(config.keys() - _CONFIG_KEYS):
        draft.note(f"{path}{key}", "not carried over: lakescan has nothing like it")
    for at, item in enumerate(listed(config.get("infoTypes"), f"{path}infoTypes")):
        where = f"{path}infoTypes[{at}]"
        for entity in _known(_name_of(item, where), where, draft):
            draft.enable(entity)
    customs = listed(config.get("customInfoTypes"), f"{path}customInfoTypes")
    for at, item in enumerate(customs):
        where = f"{path}customInfoTypes[{at}]"
        _read_custom(mapping(item, where), where, draft)
    least = text(config.get("minLikelihood"), f"{path}minLikelihood")
    if least is not None:
        draft.default_threshold = _score(least, f"{path}minLikelihood")
    where = f"{path}minLikelihoodPerInfoType"
    for at, item in enumerate(listed(config.get("minLikelihoodPerInfoType"), where)):
        each, here = mapping(item, f"{where}[{at}]"), f"{where}[{at}]"
        name = _name_of(each.get("infoType"), f"{here}.infoType")
        likelihood = text(each.get("minLikelihood"), f"{here}.minLikelihood") or "POSSIBLE"
        for entity in _known(name, here, draft):
            draft.by_entity[widest(entity)] = _score(likelihood, f"{here}.minLikelihood")
    for at, item in enumerate(listed(config.get("ruleSet"), f"{path}ruleSet")):
        _read_rules(mapping(item, f"{path}ruleSet[{at}]"), f"{path}ruleSet[{at}]", draft)


def _config(data: Mapped) -> tuple[Mapped, str]:
    path = ""
    for key in ("inspectTemplate", "inspectConfig"):
        if key in data:
            data, path = mapping(data[key], f"{path}{key}"), f"{path}{key}."
    if not data.keys() & {"infoTypes", "customInfoTypes"}:
        hint = "an inspect template has infoTypes or customInfoTypes"
        raise PolicyError("names no info types", path=path.rstrip("."), hint=hint)
    return data, path


def _name_of(item: Data, path: str) -> str:
    name = item if isinstance(item, str) else text(mapping(item, path).get("name"), f"{path}.name")
    if not name:
        raise PolicyError("is missing", path=f"{path}.name")
    return name


def _known(name: str, path: str, draft: Draft) -> list[str]:
    """The entities that an info type means; where there are none, that is noted."""
    own = slug(name).upper()
    if own in {detector.entity for detector in draft.detectors}:
        return [own]
    found = known_entity(name, None, INFO_TYPES)
    if not found:
        draft.note(path, f"lakescan has no detector of {name}")
    return found


def _score(likelihood: str, path: str) -> float:
    if likelihood == "LIKELIHOOD_UNSPECIFIED":
        return SCORES["POSSIBLE"]
    if likelihood not in SCORES:
        raise PolicyError(f"must be one of {', '.join(SCORES)}", path=path)
    return SCORES[likelihood]


def _read_custom(custom: Mapped, path: str, draft: Draft) -> None:
    name = _name_of(custom.get("infoType"), f"{path}.infoType")
    for key in sorted(custom.keys() - _CUSTOM_KEYS):
        draft.note(f"{path}.{key}", "not carried over: lakescan has nothing like it")
    known = known_entity(name, None, INFO_TYPES)
    likelihood = text(custom.get("likelihood"), f"{path}.likelihood") or _USUAL
    keys: dict[str, object] = {
        "name": slug(name),
        "entity": known[0] if known else slug(name).upper(),
        "score": _score(likelihood, f"{path}.likelihood"),
    }
    rules = listed(custom.get("detectionRules"), f"{path}.detectionRules")
    words = list(_hotwords(rules, f"{path}.detectionRules", draft))
    if "regex" in custom:
        regex = mapping(custom["regex"], f"{path}.regex")
        pattern = text(regex.get("pattern"), f"{path}.regex.pattern")
        if "groupIndexes" in regex:
            draft.note(f"{path}.regex.groupIndexes", "the finding is the whole match")
        context = {"context": words} if words else {}
        draft.detector(path, {**keys, **context, "regex": pattern})
    elif "dictionary" in custom:
        if words:
            draft.note(f"{path}.detectionRules", "not carried over: a list has no hotwords")
        listing = _words(mapping(custom["dictionary"], f"{path}.dictionary"), path, draft)
        if listing:
            draft.detector(path, {**keys, "words": listing, "ignore_case": True})
    else:
        draft.note(path, f"{name}: not carried over: it has neither a regex nor a dictionary")


def _words(dictionary: Mapped, path: str, draft: Draft) -> list[str]:
    if "cloudStoragePath" in dictionary:
        hint = "copy the file beside the policy and name it as words_file"
        draft.note(path, "not carried over: the dictionary is in Cloud Storage", hint)
        return []
    where = f"{path}.dictionary.wordList"
    return texts(mapping(dictionary.get("wordList"), where).get("words"), f"{where}.words")


def _hotwords(rules: list[Data], path: str, draft: Draft) -> Iterator[str]:
    """The words of hotword rules that make a finding surer."""
    for at, item in enumerate(rules):
        where = f"{path}[{at}]"
        rule = mapping(mapping(item, where).get("hotwordRule"), f"{where}.hotwordRule")
        pattern = text(mapping(rule.get("hotwordRegex"), where).get("pattern"), where)
        change = mapping(rule.get("likelihoodAdjustment"), where)
        relative = str(change.get("relativeLikelihood", ""))
        fixed = str(change.get("fixedLikelihood", ""))
        raises = (relative and not relative.startswith("-")) or fixed in ("LIKELY", "VERY_LIKELY")
        bare = re.sub(r"^\(\?i\)|\\b|[()]", "", pattern or "")
        choices = [word for word in bare.split("|") if word]
        if raises and choices and all(_PLAIN_WORD.fullmatch(word) for word in choices):
            draft.note(where, "as context: a word within 48 characters before adds 0.35")
            yield from choices
        else:
            draft.note(where, "not carried over: a hotword rule that is no list of words to add")


def _read_rules(rule_set: Mapped, path: str, draft: Draft) -> None:
    names = [
        entity
        for at, item in enumerate(listed(rule_set.get("infoTypes"), f"{path}.infoTypes"))
        for entity in _known(_name_of(item, f"{path}.infoTypes[{at}]"), path, draft)
    ]
    for at, item in enumerate(listed(rule_set.get("rules"), f"{path}.rules")):
        where = f"{path}.rules[{at}]"
        rule = mapping(item, where)
        if "exclusionRule" not in rule:
            draft.note(where, "not carried over: only exclusion rules are")
            continue
        where += ".exclusionRule"
        _read_exclusion(mapping(rule["exclusionRule"], where), where, names, draft)


def _read_exclusion(rule: Mapped, path: str, names: list[str], draft: Draft) -> None:
    matching = text(rule.get("matchingType"), f"{path}.matchingType") or "MATCHING_TYPE_FULL_MATCH"
    kind = matching.removeprefix("MATCHING_TYPE_")
    if kind not in ("FULL_MATCH", "PARTIAL_MATCH", "UNSPECIFIED") or not names:
        draft.note(path, f"not carried over: {matching}" if names else "not carried over")
        return
    scope = {"entities": list(dict.fromkeys(widest(name) for name in names))}
    if "regex" in rule:
        pattern = text(mapping(rule["regex"], f"{path}.regex").get("pattern"), f"{path}.regex")
        partly = f"(?s:.*)(?:{pattern})(?s:.*)" if kind == "PARTIAL_MATCH" else pattern
        draft.allows(path, {**scope, "regex": partly})
    elif "dictionary" in rule:
        words = _words(mapping(rule["dictionary"], f"{path}.dictionary"), path, draft)
        if words and kind == "PARTIAL_MATCH":
            choices = "|".join(re.escape(word) for word in words)
            regex = rf"(?s:.*)\b(?:{choices})\b(?s:.*)"
            draft.allows(path, {**scope, "regex": regex, "ignore_case": True})
        elif words:
            draft.allows(path, {**scope, "words": words})
    else:
        draft.note(path, "not carried over: only a dictionary or a regex excludes")
