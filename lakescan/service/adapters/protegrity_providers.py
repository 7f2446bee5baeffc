"""Protegrity's two providers: who answered, who failed, and what the answer's status says of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from fastapi import Response

from lakescan.jobs.accuracy import decided
from lakescan.jobs.detect import Finding
from lakescan.jobs.reading import Question
from lakescan.service.answers import RefusedError, refusal
from lakescan.service.core import Core
from lakescan.service.desk import CrowdedError

_log = logging.getLogger(__name__)

T = TypeVar("T")

_VERSION = "1.1.1"
_PROVIDERS = (("Pattern", 8051), ("Context", 8052))
_WELL, _FAILED, _LATE = 200, 500, 504
#: The contract's own answer comes before the gate's, after this share of a request's time; both
#: providers together, and each alone after that, have this share.
_SHARE, _PROVIDERS_SHARE = 0.9, 0.4
#: Which of our detectors each provider is.
_LOOKERS: tuple[Literal["detectors", "model"], ...] = ("detectors", "model")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the providers said.

    Args:
        found: of those that answered.
        statuses: of each provider, in their order.
        seconds: that it took.
    """

    found: Sequence[Finding]
    statuses: tuple[int, ...]
    seconds: float

    @property
    def status(self) -> int:
        """Of the answer: 206 where a provider failed."""
        return _WELL if set(self.statuses) == {_WELL} else 206

    @property
    def providers(self) -> list[dict[str, object]]:
        """The response's ``providers``."""
        return [
            {
                "name": f"{name} Classification Provider",
                "version": _VERSION,
                "status": status,
                "elapsed_time": self.seconds,
                "config_provider": {
                    "name": name,
                    "address": f"http://{name.lower()}_provider_service:{port}",
                    "supported_content_types": [],
                },
            }
            for (name, port), status in zip(_PROVIDERS, self.statuses, strict=True)
        ]


async def ask(core: Core, text: str) -> Asked:
    """Ask both providers in one pass; only if that fails or is late, each alone.

    Raises:
        RefusedError: 502, all providers failed.
        CrowdedError: too many wait.
    """
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(core.settings.seconds * _PROVIDERS_SHARE):
            found = (await core.desk.ask(Question((text,), unsettled=True)))[0]
    except CrowdedError:
        raise
    except Exception as error:  # noqa: BLE001 - a provider may fail in any way
        _log.warning("a provider failed, each is asked alone: %s", type(error).__name__)
        return await _each_alone(core, text, begun)
    return Asked(found, (_WELL, _WELL), time.perf_counter() - begun)


async def _each_alone(core: Core, text: str, begun: float) -> Asked:
    said = await asyncio.gather(*(_alone(core, text, each) for each in range(len(_PROVIDERS))))
    statuses = tuple(status for status, _ in said)
    if _WELL not in statuses or (statuses[0] != _WELL and not _has_model(core)):
        raise RefusedError(502, "all providers failed")
    found = [each for _, findings in said for each in findings]
    return Asked(found, statuses, time.perf_counter() - begun)


async def _alone(core: Core, text: str, provider: int) -> tuple[int, list[Finding]]:
    """One provider's status, and what it found."""
    question = Question((text,), unsettled=True, lookers=_LOOKERS[provider])
    try:
        async with asyncio.timeout(core.settings.seconds * _PROVIDERS_SHARE):
            return _WELL, (await core.desk.ask(question))[0]
    except CrowdedError:
        raise
    except Exception as error:  # noqa: BLE001 - told by its status
        name = _PROVIDERS[provider][0]
        _log.error("the provider %s failed: %s", name, type(error).__name__)
        return _LATE if isinstance(error, TimeoutError) else _FAILED, []


async def asked_of_table(core: Core, work: Callable[[], T]) -> tuple[Asked, T]:
    """Have a table classified, for which both providers need the patterns.

    Raises:
        RefusedError: 502, it failed or is late.
        CrowdedError: too many wait.
    """
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(core.settings.seconds * 2 * _PROVIDERS_SHARE):
            found = await core.desk.run(work)
    except CrowdedError:
        raise
    except Exception as error:  # noqa: BLE001 - a provider may fail in any way
        _log.error("the providers failed at a table: %s", type(error).__name__)
        raise RefusedError(502, "all providers failed") from None
    return Asked((), (_WELL, _WELL), time.perf_counter() - begun), found


async def guarded(core: Core, answering: Coroutine[object, object, Response]) -> Response:
    """An answer, or the contract's own statuses for a fault (598) and one that is late (599)."""
    try:
        async with asyncio.timeout(core.settings.seconds * _SHARE):
            return await answering
    except (CrowdedError, RefusedError):
        raise
    except TimeoutError:
        return refusal(599, "the answer took too long")
    except Exception as error:  # noqa: BLE001 - its message may hold a value
        _log.error("a fault in lakescan: %s", type(error).__name__)
        return refusal(598, "internal error")


def _has_model(core: Core) -> bool:
    return decided(core.settings.policy).accuracy_mode != "patterns"
