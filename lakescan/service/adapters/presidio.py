"""Presidio's analyzer and anonymizer, as one service: their present (V2) routes and bodies.

What a client meets differently, and what was chosen:

- ``/health`` answers with the analyzer's words, for both.
- Errors are ``{"error": ...}`` with Presidio's own codes: 500 for a missing text or language and
  for a language that is not served, 400 for what cannot be parsed, 422 for impossible operators.
- One language is served, ``en``, as by Presidio's default engine; texts in others are read too.
- Scores are lakescan's. ``score_threshold`` raises the served policy's own thresholds, and never
  lowers them. Results come by score, then by place, as Presidio's do; they do not overlap unless
  the policy's conflict rule lets them, but an ad-hoc recognizer's results always stand beside.
- An entity that Presidio has no name for is told under lakescan's own; ``entities`` takes both.
- Names that Presidio has for one kind of what is found here as something wider are told where
  ``entities`` asks for them: of telephone numbers ``ZA_MOBILE_NUMBER`` and the like by the plan of
  their country, instead of ``PHONE_NUMBER``.
- ``context`` words of a request count as standing near every form that lakescan believes only
  near such a word, and near what ad-hoc recognizers find.
- Bare names of hosts between words (``microsoft.com``) are told as ``URL``, as there.
- ``ORGANIZATION`` is told where ``entities`` names it, as by Presidio's default engine.
- Items of ``/anonymize`` have no ``score``, which the newest releases of Presidio add.
- Regexes of a request are RE2: look-around is refused (400). ``regex_flags`` counts for its
  IGNORECASE; DOTALL and MULTILINE go into the pattern.
- ``hash`` without a salt uses a random one, as Presidio does.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse

from lakescan import entities as catalog
from lakescan.errors import UsageError
from lakescan.jobs.detect import Finding
from lakescan.jobs.reading import Question
from lakescan.policy import Policy
from lakescan.service.adapters.presidio_adhoc import adhoc_results, allowed
from lakescan.service.adapters.presidio_bodies import (
    AnalyzeRequest,
    AnonymizeRequest,
    DeanonymizeRequest,
    EngineResult,
    RecognizerResult,
)
from lakescan.service.adapters.presidio_context import raised
from lakescan.service.adapters.presidio_domains import bare_domains
from lakescan.service.adapters.presidio_names import supported, unusual, wanted
from lakescan.service.adapters.presidio_operators import (
    ANONYMIZERS,
    DEANONYMIZERS,
    OperatorError,
    anonymized,
    deanonymized,
)
from lakescan.service.adapters.presidio_results import (
    Covered,
    Result,
    ordered,
    recognizers_of,
    results_of,
)
from lakescan.service.answers import PLAIN, CarefulRoute, Refusal, answer, refusal
from lakescan.service.core import Core

_LANGUAGE = "en"
_NO_RECOGNIZERS = "No matching recognizers were found to serve the request."
_UNREAD = "The browser (or proxy) sent a request that this server could not understand."

Language = Annotated[str | None, Query()]
_500: dict[int | str, dict[str, Any]] = {
    500: {
        "model": Refusal,
        "description": "No text, no language, or one not served; or a fault in lakescan.",
    }
}


class _Route(CarefulRoute):
    def refused(self, faults: str, *, unread: bool) -> Response:
        """400, in the words of the product."""
        if unread:
            return refusal(400, _UNREAD)
        if self.path == "/analyze":
            said = "Failed to parse /analyze request for AnalyzerEngine.analyze()."
            return refusal(400, f"{said} {faults}")
        return refusal(422, f"Invalid input, {faults}")


def routes(core: Core) -> APIRouter:
    """All routes."""
    router = APIRouter(route_class=_Route, tags=["Presidio"])
    _add_analyzer(router, core)
    _add_anonymizer(router, core)
    return router


def _add_analyzer(router: APIRouter, core: Core) -> None:
    @router.post(
        "/analyze",
        summary="Find entities in a text, or in a list of texts",
        description="As Presidio's analyzer, with lakescan's detectors; a list of texts gives a "
        "list of results for each.",
        response_model=list[RecognizerResult] | list[list[RecognizerResult]],
        responses=_500,
    )
    async def analyze(body: AnalyzeRequest) -> Response:
        if not body.text:
            return refusal(500, "No text provided")
        if not body.language:
            return refusal(500, "No language provided")
        if body.language != _LANGUAGE or not _known(core.settings.policy, body):
            return refusal(500, _NO_RECOGNIZERS)
        try:
            results = await _analyzed(core, body)
        except UsageError as error:
            said = "Failed to parse /analyze request for AnalyzerEngine.analyze()."
            return refusal(400, f"{said} {error}")
        return answer(results if isinstance(body.text, list) else results[0])

    @router.get(
        "/health",
        response_class=Response,
        responses=PLAIN,
        summary="Whether the service is up",
        description="Presidio's probe, in the analyzer's words.",
    )
    async def health() -> Response:
        return PlainTextResponse("Presidio Analyzer service is up")

    @router.get(
        "/recognizers",
        summary="What looks for entities",
        description="Names of recognizers, as of Presidio's analyzer.",
        response_model=list[str],
        responses=_500,
    )
    async def recognizers(language: Language = None) -> Response:
        if language not in (None, _LANGUAGE):
            return refusal(500, _NO_RECOGNIZERS)
        return answer(await core.desk.run(partial(recognizers_of, core.settings.policy)))

    @router.get(
        "/supportedentities",
        summary="What can be found",
        description="Entities under Presidio's names; those that it has no name for under "
        "lakescan's own.",
        response_model=list[str],
        responses=_500,
    )
    async def supported_entities(language: Language = None) -> Response:
        if language not in (None, _LANGUAGE):
            return refusal(500, _NO_RECOGNIZERS)
        return answer(list(supported()))


def _add_anonymizer(router: APIRouter, core: Core) -> None:
    @router.post(
        "/anonymize",
        summary="Exchange found entities",
        description="As Presidio's anonymizer: `analyzer_results` say where, `anonymizers` how, by "
        "entity or `DEFAULT`.",
        response_model=EngineResult,
    )
    async def anonymize(request: Request, body: AnonymizeRequest) -> Response:
        if await request.json() == {}:
            return refusal(400, "Invalid request json")
        try:
            return answer(await core.desk.run(partial(anonymized, body)))
        except OperatorError as error:
            return refusal(error.status, error.message)

    @router.post(
        "/deanonymize",
        summary="Bring back what was encrypted",
        description="As Presidio's anonymizer: `anonymizer_results` say where, `deanonymizers` "
        "with which key.",
        response_model=EngineResult,
    )
    async def deanonymize(request: Request, body: DeanonymizeRequest) -> Response:
        if await request.json() == {}:
            return refusal(400, "Invalid request json")
        try:
            return answer(await core.desk.run(partial(deanonymized, body)))
        except OperatorError as error:
            return refusal(error.status, error.message)

    @router.get(
        "/anonymizers",
        summary="The operators of /anonymize",
        description="Their names, as Presidio's.",
    )
    async def anonymizers() -> list[str]:
        return list(ANONYMIZERS)

    @router.get(
        "/deanonymizers",
        summary="The operators of /deanonymize",
        description="Their names, as Presidio's.",
    )
    async def deanonymizers() -> list[str]:
        return list(DEANONYMIZERS)


def _known(policy: Policy, body: AnalyzeRequest) -> bool:
    """Whether anything looks for one of the entities that the request names."""
    if not body.entities:
        return True
    own = {each.supported_entity for each in body.ad_hoc_recognizers or ()}
    own |= {each.entity for each in policy.custom_entities}
    names = frozenset(body.entities)
    return bool(own & names) or any(map(catalog.is_known, wanted(names)))


async def _analyzed(core: Core, body: AnalyzeRequest) -> list[list[Result]]:
    texts = [body.text] if isinstance(body.text, str) else list(body.text or ())
    question = Question(tuple(texts), without=unusual())
    if body.entities:
        question = Question(tuple(texts), wanted(frozenset(body.entities)))
    answers = await core.desk.ask(question)
    work = partial(_results, core.settings.policy, body, texts, answers)
    asks_more = body.ad_hoc_recognizers or body.context
    if asks_more or body.return_decision_process or body.allow_list:
        return await core.desk.run(work)
    return work()


def _results(
    policy: Policy, body: AnalyzeRequest, texts: list[str], answers: list[list[Finding]]
) -> list[list[Result]]:
    least, names = body.score_threshold or 0.0, frozenset(body.entities or ())
    found = []
    extra = adhoc_results(body, texts)
    for text, findings, more in zip(texts, answers, extra, strict=True):
        explained = bool(body.return_decision_process)
        results = results_of(text, findings, names, explained=explained) + more
        results += bare_domains(text, findings, policy, names, explained=explained)
        if body.context:
            results += _raised(policy, body, text, results)
        kept = [each for each in results if each["score"] >= least]
        found.append(ordered(allowed(body, text, kept)))
    return found


def _raised(policy: Policy, body: AnalyzeRequest, text: str, told: list[Result]) -> list[Result]:
    """What the request's context adds to what is told."""
    covered = Covered(len(text))
    for each in told:
        covered.add(each)
    names = frozenset(body.entities or ())
    added = [
        each
        for each in raised(text, body.context or (), policy, names)
        if each not in covered and (not names or each["entity_type"] in names)
    ]
    if not body.return_decision_process:
        for each in added:
            each["analysis_explanation"] = None
    return added
