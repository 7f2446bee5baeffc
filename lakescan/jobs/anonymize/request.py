"""What is asked of an anonymize job beyond its source, target and policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lakescan.errors import UnknownNameError, UsageError

LAYOUTS = ("same", "compacted")
MODES = ("create", "replace", "update", "in_place")


@dataclass(frozen=True, slots=True)
class Writing:
    """How the target is written.

    Args:
        mode: ``create`` (nothing may be there), ``replace``, ``update``, or ``in_place``: the
            target is the source, a database or lake table.
        format: of the output; None for the source's own.
        storage: connection properties of the target; the source's if empty.
        run_id: names the run; the same run begun again goes on. None for a new one.
        resume: go on with the run that began last in the target and is not over, if there is one.
        incremental: what the run before wrote of unchanged parts of the source stays; the target
            becomes what a whole run would leave there.
        scan_output: a folder where the scan's run is kept, as `lakescan.scan` does; with
            ``incremental`` what a run there read and has not changed is not read again.
        layout: of files: ``same`` (one for each of the source) or ``compacted`` (those of one
            folder, in their order, go into one).

    Raises:
        UsageError: a name and ``resume``: the name says which run goes on; ``incremental`` in a
            mode that leaves more in the target than the source has; a layout in place.
    """

    mode: str = "create"
    format: str | None = None
    storage: Mapping[str, str] = field(default_factory=dict)
    run_id: str | None = None
    resume: bool = False
    incremental: bool = False
    scan_output: str | None = None
    layout: str = "same"

    def __post_init__(self) -> None:
        if self.resume and self.run_id is not None:
            raise UsageError("a named run goes on by itself", hint="give the name, or resume")
        if self.mode not in MODES:
            raise UnknownNameError("mode", self.mode, MODES)
        if self.layout not in LAYOUTS:
            raise UnknownNameError("layout", self.layout, LAYOUTS)
        if self.layout != "same" and self.mode == "in_place":
            raise UsageError("tables in place keep their files", hint="leave the layout out")
        if self.incremental and self.mode in ("update", "in_place"):
            raise UsageError(
                f"incremental makes the target what the source is now, which {self.mode} does not",
                hint="leave one of the two out",
            )
