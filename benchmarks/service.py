"""Requests a second and waiting times of the service, beside Presidio's own analyzer server.

    python benchmarks/service.py
    python benchmarks/service.py --peer-app DIR --peers-python VENV/bin/python

DIR holds Presidio's ``presidio-analyzer/app.py`` with its ``logging.ini``, which its package does
not bring along; VENV needs presidio-analyzer, flask, gunicorn and a spaCy model, which
``NLP_CONF_FILE`` names if it is not the default one. Each server runs alone, with as many workers
as there are processors, and is sent the same ``POST /analyze`` bodies over kept connections. No
text comes twice, so that nobody's memory of texts helps.

    nice python benchmarks/service.py --seconds 600 --only patterns

tells of ten minutes what failed, and what memory the server's processes held after the first
seconds and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

#: Servers that load a model take their time to start.
_START_SECONDS = 180
#: Before anything is measured, each is sent texts for so long.
_WARM_UP = 3.0

_FORMS = (
    "Please call {first} {last} on 202-555-{four} about order {six}.",
    "{first} lives at {two} Main Street, {city}, and writes from {first}.{last}@example.com.",
    "Card 4111 1111 1111 1111 was charged {two}.50 USD on 2024-03-{day} by {first} {last}.",
    "Server 192.168.{two}.{day} said no to user {first}{four} at 10:{two}.",
    "The meeting in {city} is about budget line {six}, not about people.",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one server did."""

    server: str
    requests: int
    failed: int
    seconds: float
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    mib_before: int
    mib_after: int


def texts(seed: int = 7) -> Iterator[str]:
    """Sentences without end, no two alike."""
    chance = random.Random(seed)
    firsts = "Ann Bob Carla David Elena Farid Grace Henry Ines Jakob".split()
    lasts = "Smith Jones Okafor Garcia Kowalski Nguyen Rossi Meyer".split()
    cities = "Boston Springfield Paris Lagos Madrid Oslo".split()
    for number in itertools.count():
        yield chance.choice(_FORMS).format(
            first=chance.choice(firsts),
            last=chance.choice(lasts),
            city=chance.choice(cities),
            two=chance.randint(10, 59),
            day=chance.randint(10, 28),
            four=chance.randint(1000, 9999),
            six=100_000 + number,
        )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def commands(options: argparse.Namespace) -> dict[str, tuple[list[str], str | None]]:
    """The servers to measure: a command with PORT in it, and the folder to run it in."""
    ours = [sys.executable, "-m", "lakescan", "serve", "--port", "PORT", "--quiet"]
    servers: dict[str, tuple[list[str], str | None]] = {
        "lakescan, patterns": ([*ours, "--accuracy-mode", "patterns"], None),
        "lakescan, fast model": ([*ours, "--accuracy-mode", "fast"], None),
        "lakescan, standard model": ([*ours, "--accuracy-mode", "standard"], None),
        "lakescan, standard, readers": (
            [
                *ours,
                "--accuracy-mode",
                "standard",
                "--processes",
                str(len(os.sched_getaffinity(0))),
            ],
            None,
        ),
    }
    if options.peer_app:
        workers = str(len(os.sched_getaffinity(0)))
        gunicorn = [options.peers_python, "-m", "gunicorn", "-w", workers, "-b", "127.0.0.1:PORT"]
        servers["presidio-analyzer, spaCy"] = ([*gunicorn, "app:create_app()"], options.peer_app)
    return servers


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers texts."""
    body = json.dumps({"text": "Ann Smith, 202-555-0142", "language": "en"}).encode()
    url = f"http://127.0.0.1:{port}/analyze"
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        request = urllib.request.Request(url, body, {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60):  # noqa: S310 - our own machine
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the server on port {port} did not start")


async def load(port: int, connections: int, seconds: float) -> tuple[list[float], int]:
    """Send texts over kept connections; the seconds of each answer, and how many failed."""
    source = texts()
    taken: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds

    async def client() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            body = json.dumps({"text": next(source), "language": "en"}).encode()
            head = (
                "POST /analyze HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\n\r\n"
            )
            begun = time.perf_counter()
            writer.write(head.encode() + body)
            try:
                answer = await reader.readuntil(b"\r\n\r\n")
                lines = answer.lower().split(b"\r\n")
                lengths = [each for each in lines if each.startswith(b"content-length:")]
                await reader.readexactly(int(lengths[0].partition(b":")[2]))
            except (asyncio.IncompleteReadError, ConnectionError):
                failed += 1
            else:
                taken.append(time.perf_counter() - begun)
                failed += b" 200 " not in lines[0]
                if b"connection: close" not in lines:
                    continue
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    return taken, failed


def processes(pid: int) -> list[psutil.Process]:
    """A server's process and those that it started."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def cpu_seconds(pid: int) -> float:
    """What a server's processes have computed, which other work on the machine changes little."""
    times = [each.cpu_times() for each in processes(pid)]
    return float(sum(each.user + each.system for each in times))


def resident(pid: int) -> int:
    """MiB that a server's processes hold; what they share counts for each."""
    return int(sum(each.memory_info().rss for each in processes(pid))) >> 20


def measured(
    name: str, command: Sequence[str], folder: str | None, given: argparse.Namespace
) -> Figures:
    """Start a server, warm it up, load it, end it."""
    port = free_port()
    started = [part.replace("PORT", str(port)) for part in command]
    process = subprocess.Popen(
        started, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port, process)
        asyncio.run(load(port, given.connections, min(_WARM_UP, given.seconds)))
        before = resident(process.pid)
        worked, begun = cpu_seconds(process.pid), time.perf_counter()
        taken, failed = asyncio.run(load(port, given.connections, given.seconds))
        seconds = time.perf_counter() - begun
        worked = cpu_seconds(process.pid) - worked
        after = resident(process.pid)
    finally:
        process.terminate()
        process.wait(60)
    taken.sort()
    return Figures(
        name,
        len(taken),
        failed,
        round(seconds, 2),
        round(len(taken) / seconds, 1),
        round(taken[len(taken) // 2] * 1000, 1),
        round(taken[int(len(taken) * 0.99)] * 1000, 1),
        round(worked / len(taken) * 1000, 2),
        before,
        after,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--peer-app", help="the folder of Presidio's app.py")
    parser.add_argument("--peers-python", default=sys.executable)
    parser.add_argument("--only", nargs="*", help="parts of servers' names")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = []
    print(
        f"{'server':28}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'cpu ms':>9}{'failed':>8}"
        f"{'MiB':>8}{'at end':>8}"
    )
    for name, (command, folder) in commands(options).items():
        if options.only and not any(part in name for part in options.only):
            continue
        line = measured(name, command, folder, options)
        print(
            f"{name:28}{line.per_second:>12}{line.p50_ms:>10}{line.p99_ms:>10}"
            f"{line.cpu_ms:>9}{line.failed:>8}{line.mib_before:>8}{line.mib_after:>8}",
            flush=True,
        )
        results.append(asdict(line))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
