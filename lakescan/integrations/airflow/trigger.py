"""The trigger: waits for the end of a job, in the triggerer, where no worker's slot is held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from airflow.sdk import BaseHook
from airflow.triggers.base import BaseTrigger, TriggerEvent

from lakescan.errors import TransientError
from lakescan.integrations.airflow.hook import jobs_of

#: A cluster's head may be away for a while, as it restarts.
_PATIENCE = 20


class LakescanJobTrigger(BaseTrigger):
    """Fires once, when a job is over.

    Args:
        conn_id: the connection; not its token, since triggers are kept in Airflow's database.
        job: the job's submission id.
        poll_seconds: between looks.
    """

    def __init__(self, conn_id: str, job: str, poll_seconds: float = 10.0) -> None:
        super().__init__()
        self.conn_id = conn_id
        self.job = job
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, object]]:
        """How Airflow keeps it."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {"conn_id": self.conn_id, "job": self.job, "poll_seconds": self.poll_seconds},
        )

    async def on_kill(self) -> None:
        """Stop the job, as a person stopped its task; Airflow 3.3 and later asks for it."""
        connection = await BaseHook.aget_connection(self.conn_id)
        jobs = await asyncio.to_thread(jobs_of, connection)
        await asyncio.to_thread(jobs.cancel, self.job)

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look until it is over; what the operator is told holds no more than its state."""
        connection = await BaseHook.aget_connection(self.conn_id)
        failures = 0
        while True:
            try:
                jobs = await asyncio.to_thread(jobs_of, connection)
                state = await asyncio.to_thread(jobs.state, self.job)
            except TransientError as error:
                failures += 1
                if failures > _PATIENCE:
                    yield TriggerEvent({"job": self.job, "error": str(error)})
                    return
            except Exception as error:  # noqa: BLE001 - the operator raises it
                yield TriggerEvent({"job": self.job, "error": str(error)})
                return
            else:
                failures = 0
                if state.is_over:
                    yield TriggerEvent({"job": self.job, "exit_code": state.exit_code})
                    return
            await asyncio.sleep(self.poll_seconds)
