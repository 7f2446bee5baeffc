"""Check the news fragments of this folder, or print the release notes they make together."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
KINDS = ("added", "changed", "fixed", "removed", "security")
NAME = re.compile(rf"(?P<issue>\d+|\+[a-z0-9-]+)\.(?P<kind>{'|'.join(KINDS)})(\.\d+)?\.md")
NOT_FRAGMENTS = {"README.md", "check.py", "__pycache__"}


def fragments() -> list[Path]:
    """Everything in the folder that claims to be a fragment, in order of name."""
    return sorted(path for path in FOLDER.iterdir() if path.name not in NOT_FRAGMENTS)


def faults(path: Path) -> list[str]:
    """What is wrong with one fragment; empty when nothing is."""
    if not NAME.fullmatch(path.name):
        return [f"{path.name}: call it <issue>.<kind>.md, with a kind of {', '.join(KINDS)}"]
    text = path.read_text(encoding="utf-8").strip()
    if not text:
        return [f"{path.name}: says nothing"]
    if not text.endswith((".", "`")):
        return [f"{path.name}: end with a full stop"]
    return []


def draft() -> str:
    """The notes, one section a kind."""
    sections = []
    for kind in KINDS:
        items = []
        for path in fragments():
            name = NAME.fullmatch(path.name)
            if name and name["kind"] == kind:
                text = " ".join(path.read_text(encoding="utf-8").split())
                issue = "" if name["issue"].startswith("+") else f" (#{name['issue']})"
                items.append(f"- {text}{issue}")
        if items:
            sections.append(f"## {kind.capitalize()}\n\n" + "\n".join(items))
    return "\n\n".join(sections)


def main() -> int:
    """Print the draft, or the faults and how many there are."""
    if sys.argv[1:] == ["--draft"]:
        print(draft())
        return 0
    found = [fault for path in fragments() for fault in faults(path)]
    for fault in found:
        print(f"changelog.d/{fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
