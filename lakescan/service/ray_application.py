"""What a Ray Serve configuration imports: ``lakescan.service.ray_application:application``.

Where Ray itself deploys (KubeRay's RayService, ``serve deploy``) there is no command line: what
``lakescan serve --on ray`` takes as options comes as the configuration's ``args``. The application
must be called ``lakescan`` there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from lakescan.errors import UsageError
from lakescan.jobs.accuracy import asked
from lakescan.policy import AccuracyMode, Policy
from lakescan.service.ray_serve import Replicas, bound
from lakescan.service.settings import (
    Settings,
    check_host,
    clean_input_from,
    keys_from,
    zenguard_from,
)

if TYPE_CHECKING:
    from ray.serve import Application

#: Ray's proxies of a cluster are there for others.
_HOST = "0.0.0.0"  # noqa: S104 - so that keys are asked for


class Arguments(BaseModel):
    """The ``args`` of a Ray Serve configuration.

    Args:
        keys_file: API keys, one a line, at the same place on every node; else
            ``LAKESCAN_API_KEYS``.
        policy: a policy's file, read where Ray builds the application; else the default one.
        accuracy_mode: in the place of the policy's own.
        uploads: a folder of Data Curation's documents that all nodes reach.
        replicas: that read texts, FEWEST:MOST.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    keys_file: str | None = None
    policy: str | None = None
    accuracy_mode: AccuracyMode | None = None
    uploads: str = ""
    replicas: str = "1:4"


def application(args: Mapping[str, object]) -> Application:
    """Build the service, for Ray to deploy.

    Args:
        args: what `Arguments` has.

    Raises:
        UsageError: an argument is unknown or of the wrong kind, or there are no API keys.
        PolicyError: the policy's file has problems.
        MissingDependencyError: the extra ``ray-serve`` is not installed.
    """
    try:
        given = Arguments.model_validate(dict(args))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        known = ", ".join(Arguments.model_fields)
        raise UsageError(f"args, {name}: {first['msg']}", hint=f"there are {known}") from None
    policy = Policy.default() if given.policy is None else Policy.load(given.policy)
    keys = keys_from(file=given.keys_file)
    settings = Settings(
        policy=asked(policy, given.accuracy_mode),
        keys=keys,
        uploads=given.uploads,
        clean_input=clean_input_from(),
        zenguard=zenguard_from(),
        loopback=check_host(_HOST, guarded=bool(keys)),
    )
    return bound(settings, Replicas.parse(given.replicas))
