"""``/v1/jobs``: scans that take longer than a request."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from lakescan.errors import NotFoundError
from lakescan.reports.contract import report_value
from lakescan.service.answers import CarefulRoute, Refusal, RefusedError, answer
from lakescan.service.callers import Caller
from lakescan.service.core import Core
from lakescan.service.jobs.office import Office
from lakescan.service.jobs.records import JobRecord, Told
from lakescan.service.native.report import Report
from lakescan.service.settings import DEFAULT_POLICY

_GONE: dict[int | str, dict[str, Any]] = {
    404: {"model": Refusal, "description": "No such job, or no jobs here at all."}
}
_LATE: dict[int | str, dict[str, Any]] = {
    409: {"model": Refusal, "description": "The job is in no state for that."}
}
#: The report brings its own style and script, and may do nothing else.
_REPORT_CSP = "sandbox allow-scripts; frame-ancestors 'none'"


class JobRequest(BaseModel):
    """What to scan."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"sources": ["s3://lake/crm/"]}}
    )

    sources: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=4096)]],
        Field(min_length=1, max_length=100),
    ]
    policy: str = Field(default=DEFAULT_POLICY, description="One of /v1/policies.")
    engine: Literal["auto", "local", "ray"] | None = Field(
        default=None, description="How it is run; absent: as the service was started."
    )
    sample_rows: Annotated[int, Field(ge=0, le=1 << 40)] | None = Field(
        default=None, description="At most so many rows of each split."
    )


class JobProgress(BaseModel):
    """How far a running job is: splits, rows, bytes."""

    phase: str
    planned: int = 0
    done: int = 0
    failed: int = 0
    rows: int = 0
    bytes: int = 0


class JobError(BaseModel):
    """Why a job failed; holds no value of the data."""

    kind: str
    message: str


class JobTotals(BaseModel):
    """What a committed run counts."""

    datasets: int
    columns: int
    sensitive_columns: int
    errors: int
    rows_scanned: int
    bytes_scanned: int
    seconds: float


class JobView(BaseModel):
    """A job as its ledger tells it; one at work also as its process does."""

    id: str
    status: Literal[
        "queued", "running", "cancelling", "complete", "partial", "failed", "cancelled",
        "interrupted",
    ]  # fmt: skip
    sources: list[str]
    policy: str | None
    engine: str | None
    caller: str | None
    submitted: str | None
    progress: JobProgress | None
    totals: JobTotals | None
    error: JobError | None


def routes(core: Core) -> APIRouter:
    """The routes."""
    router = APIRouter(route_class=CarefulRoute)
    _add_asking(router, core)
    _add_telling(router, core)
    return router


def _add_asking(router: APIRouter, core: Core) -> None:
    @router.post(
        "/v1/jobs",
        summary="Start a scan",
        description="Answers at once with the job; `Location` is where to ask for it. The service "
        "reads only the sources that it was started with.",
        status_code=202,
        response_model=JobView,
        responses=_GONE,
    )
    async def submit(request: Request, body: JobRequest) -> Response:
        office = _office(core)
        caller: Caller = request.state.caller
        engine = body.engine or office.rules.engine.name
        asked = JobRecord(
            "", tuple(body.sources), body.policy, engine, body.sample_rows, caller.name, ""
        )
        record = await office.submit(asked, core.policy(body.policy))
        response = answer(await _view(office, record.id), 202)
        response.headers["location"] = f"/v1/jobs/{record.id}"
        return response

    @router.post(
        "/v1/jobs/{job}/cancel",
        summary="End a job",
        description="What is in work is ended; what is done is kept, and the job can be resumed.",
        status_code=202,
        response_model=JobView,
        responses={**_GONE, **_LATE},
    )
    async def cancel(job: str) -> Response:
        office = _office(core)
        await _found(office, job)
        await office.cancel(job)
        return answer(await _view(office, job), 202)

    @router.post(
        "/v1/jobs/{job}/resume",
        summary="Go on with a job that was interrupted, cancelled or failed",
        description="Only what is not done yet is read.",
        status_code=202,
        response_model=JobView,
        responses={**_GONE, **_LATE},
    )
    async def resume(job: str) -> Response:
        office = _office(core)
        told = await _found(office, job)
        policy = core.policy(told.record.policy if told.record is not None else None)
        await office.resume(told, policy)
        return answer(await _view(office, job), 202)


def _add_telling(router: APIRouter, core: Core) -> None:
    @router.get(
        "/v1/jobs",
        summary="Jobs and runs, the latest first",
        description="Also the runs that the command line left in the same folder.",
        response_model=list[JobView],
        responses=_GONE,
    )
    async def jobs(limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> Response:
        office = _office(core)
        return answer([_value(office, told) for told in await office.every(limit)])

    @router.get(
        "/v1/jobs/{job}",
        summary="How a job is",
        description="Its status; how far it is while it runs, and what it counts once it is done.",
        response_model=JobView,
        responses=_GONE,
    )
    async def job_status(job: str) -> Response:
        office = _office(core)
        return answer(_value(office, await _found(office, job)))

    @router.get(
        "/v1/jobs/{job}/results",
        summary="What a job found",
        description="The run's report, once it is committed; 409 before.",
        response_model=Report,
        response_description="The report, as `lakescan scan --format json`.",
        responses={
            **_GONE,
            **_LATE,
        },
    )
    async def results(job: str) -> Response:
        office = _office(core)
        await _with_run(office, job)
        return answer(report_value(await office.results(job)))

    @router.get(
        "/v1/jobs/{job}/report",
        summary="What a job found, as a page for people",
        description="The run's report as one HTML file that loads nothing.",
        response_class=Response,
        responses={
            200: {"content": {"text/html": {"schema": {"type": "string"}}}},
            **_GONE,
            **_LATE,
        },
    )
    async def report(job: str) -> Response:
        office = _office(core)
        await _with_run(office, job)
        page = await core.desk.run(lambda: office.records.page(job))
        headers = {"content-security-policy": _REPORT_CSP}
        return Response(page, media_type="text/html; charset=utf-8", headers=headers)


def _office(core: Core) -> Office:
    if core.office is None:
        raise RefusedError(404, "this service runs no jobs; it was started without --runs")
    return core.office


async def _found(office: Office, job: str) -> Told:
    try:
        return await office.told(job)
    except NotFoundError:
        raise RefusedError(404, "there is no such job") from None


async def _with_run(office: Office, job: str) -> None:
    told = await _found(office, job)
    if told.run is None:
        raise RefusedError(409, "the job has no results, or none yet")


async def _view(office: Office, job: str) -> dict[str, object]:
    return _value(office, await _found(office, job))


def _value(office: Office, told: Told) -> dict[str, object]:
    at_work = office.open_job(told.id)
    record = told.record if at_work is None else at_work.record
    return {
        "id": told.id,
        "status": told.status if at_work is None else at_work.status,
        "sources": [] if record is None else list(record.sources),
        "policy": None if record is None else record.policy,
        "engine": record.engine if record is not None else (told.run or {}).get("engine"),
        "caller": None if record is None else record.caller,
        "submitted": record.submitted if record is not None else (told.run or {}).get("started"),
        "progress": None
        if at_work is None
        else {
            "phase": at_work.phase,
            **{
                name: at_work.counts.get(name, 0)
                for name in ("planned", "done", "failed", "rows", "bytes")
            },
        },
        "totals": None if told.run is None or at_work is not None else _totals(told.run),
        "error": None
        if told.ending is None or told.ending.status != "failed" or at_work is not None
        else {"kind": told.ending.kind, "message": told.ending.message},
    }


def _totals(run: object) -> dict[str, object]:
    assert isinstance(run, dict)
    facts = ("rows_scanned", "bytes_scanned", "seconds")
    return {**run["totals"], **{name: run[name] for name in facts}}
