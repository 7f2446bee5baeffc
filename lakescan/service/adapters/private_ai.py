"""Private AI's ``POST /deidentify_text``.

What its page leaves open, and what was chosen:

- ``key`` is the service's API key, in the body or in a header; 401 without one where keys are set.
- Malformed JSON is 400, an impossible argument 422, with ``{"error": ...}``; fields that the page
  does not have are passed over.
- An unknown class in ``enabled_classes`` is 422, and an empty list means all: leaving words in
  clear by a slip is worse.
- ``fake_entity_accuracy_mode`` may be the word ``none``, the page's name for its default.
- The same words of one label have the same unique marker; case matters.
- Entities that overlap are one, the one that the policy's rule for conflicts leaves; ``labels`` has
  every label that was seen within it, none likelier than the one that won.
- ``accuracy_mode``: see `lakescan.service.modes`.
- ``api_calls_used`` is 1: one request is one call.
- Entities that no label of the page means are not told.
- Fakes are drawn anew for each request. ``preserve_relationships`` false draws one for each place.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lakescan.errors import UnknownNameError
from lakescan.jobs.anonymize.exchange import exchange
from lakescan.jobs.anonymize.texts import apart
from lakescan.jobs.detect import Finding
from lakescan.jobs.reading import Question, settled
from lakescan.service.adapters.fakes import fakes
from lakescan.service.adapters.markers import numbered
from lakescan.service.adapters.vocabulary import entities_of, label_of, labels_of
from lakescan.service.answers import CarefulRoute, answer, without_nulls
from lakescan.service.core import Core
from lakescan.service.modes import is_high

_VENDOR = "private_ai"
_TRUE, _FALSE = frozenset({"true", "yes", "1", "on"}), frozenset({"false", "no", "0", "off"})


def _lenient(value: object) -> object:
    """The sample sends ``"False"``, a string."""
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else value


def _named_none(value: object) -> object:
    return None if isinstance(value, str) and value.strip().lower() in ("none", "") else value


Lenient = Annotated[bool, BeforeValidator(_lenient)]
Fakes = Annotated[Literal["standard"] | None, BeforeValidator(_named_none)]
Accuracy = Literal[
    "standard", "standard_high", "standard_multilingual", "standard_high_multilingual", "high",
    "high_multilingual",
]  # fmt: skip


class DeidentifyBody(BaseModel):
    """A text, and how to de-identify it."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"text": "My name is John and my friend is Grace"}}
    )

    text: str
    key: str | None = Field(default=None, description="The API key.")
    unique_pii_markers: Lenient = True
    accuracy_mode: Accuracy = "standard"
    enabled_classes: list[str] | None = None
    fake_entity_accuracy_mode: Fakes = None
    preserve_relationships: Lenient = True


DeidentifyRequest = Annotated[DeidentifyBody, BeforeValidator(without_nulls)]


class DeidentifiedEntity(BaseModel):
    """One entity; offsets in the original text, those of the fake in the fake text."""

    marker: str
    text: str
    best_label: str
    stt_idx: int
    end_idx: int
    labels: dict[str, float]
    fake_text: list[str] | None = None
    fake_stt_idx: int | None = None
    fake_end_idx: int | None = None


class DeidentifyResponse(BaseModel):
    """The text without what was found; ``result_fake`` and the fakes only where asked for."""

    result: str
    result_fake: str | None = None
    pii: list[DeidentifiedEntity]
    api_calls_used: int
    output_checks_passed: bool


def routes(core: Core) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=CarefulRoute, tags=["Private AI"])

    @router.post(
        "/deidentify_text",
        summary="Take personal data out of a text",
        description="As Private AI: markers, numbered or not, and made-up words where they are "
        "asked for. The key may stand in the body.",
        response_model=DeidentifyResponse,
        response_model_exclude_none=True,
    )
    async def deidentify(request: Request, body: DeidentifyRequest) -> Response:
        known = request.state.credential if body.key is None else body.key
        await core.access.admit(known, request.url.path, request.state.address)
        wanted = entities_of(_VENDOR, _enabled(body.enabled_classes))
        policy = core.settings.policy if is_high(body.accuracy_mode) else core.standard
        every = (await core.desk.ask(Question((body.text,), wanted, unsettled=True), policy))[0]
        found = [each for each, _ in apart((each, None) for each in settled(every, policy))]
        made = None
        if body.fake_entity_accuracy_mode is not None:
            words = [body.text[f.start : f.end] for f in found]
            draw = partial(fakes, found, words, same=body.preserve_relationships)
            made = await core.desk.run(draw)
        return answer(_response(body, found, _likelihoods(found, every), made))

    return router


def _enabled(classes: Sequence[str] | None) -> frozenset[str] | None:
    if not classes:
        return None
    known = labels_of(_VENDOR)
    for name in classes:
        if name not in known:
            raise UnknownNameError("class", name, known)
    return frozenset(classes)


def _label(finding: Finding) -> str:
    return label_of(_VENDOR, finding.entity) or finding.category


def _likelihoods(found: Sequence[Finding], every: Sequence[Finding]) -> list[dict[str, float]]:
    """For each of the settled findings the labels that were seen within it, the best first."""
    told = []
    for one in found:
        within = [each for each in every if each.start < one.end and one.start < each.end]
        scores: dict[str, float] = {}
        for each in within:
            scores[_label(each)] = max(scores.get(_label(each), 0.0), each.score)
        best = scores.pop(_label(one), one.score)
        rest = sorted(scores.items(), key=lambda item: -item[1])
        told.append(
            {_label(one): round(best, 4)} | {name: round(min(x, best), 4) for name, x in rest}
        )
    return told


def _response(
    body: DeidentifyBody,
    found: Sequence[Finding],
    likelihoods: Sequence[dict[str, float]],
    made: Sequence[str] | None,
) -> dict[str, object]:
    text = body.text
    spans = [(each.start, each.end) for each in found]
    words = [text[start:end] for start, end in spans]
    labels = [_label(each) for each in found]
    markers = numbered(labels, words) if body.unique_pii_markers else labels
    result = exchange(text, spans, [f"[{marker}]" for marker in markers]).text
    pii: list[dict[str, object]] = [
        {
            "marker": marker,
            "text": word,
            "best_label": label,
            "stt_idx": each.start,
            "end_idx": each.end,
            "labels": likely,
        }
        for each, word, label, marker, likely in zip(
            found, words, labels, markers, likelihoods, strict=True
        )
    ]
    value: dict[str, object] = {"result": result}
    if made is not None:
        faked = exchange(text, spans, made)
        value["result_fake"] = faked.text
        for each_pii, word, (start, end) in zip(pii, made, faked.places, strict=True):
            each_pii |= {"fake_text": [word], "fake_stt_idx": start, "fake_end_idx": end}
    value["pii"] = pii
    value["api_calls_used"] = 1
    value["output_checks_passed"] = checks_pass(text, result, markers, words)
    return value


def checks_pass(text: str, result: str, markers: Sequence[str], words: Sequence[str]) -> bool:
    """The page's two checks of a result.

    Whether putting the words back, marker by marker in the order of the text, gives the input; and
    whether each marker stands between white space, punctuation or the ends.
    """
    pieces: list[str] = []
    at = 0
    for marker, word in zip(markers, words, strict=True):
        shown = f"[{marker}]"
        start = result.find(shown, at)
        if start < 0:
            return False
        end = start + len(shown)
        if (start and result[start - 1].isalnum()) or result[end : end + 1].isalnum():
            return False
        pieces += (result[at:start], word)
        at = end
    return "".join([*pieces, result[at:]]) == text
