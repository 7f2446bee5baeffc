"""A driver that stops amid its transaction until it is told to go on: ``overtaken_driver.py FILE``.

FILE holds its run, pickled. Prints ``amid`` as it comes there, and the name of the error that it
ends with. In a process of its own, which librdkafka ends at times: see the test.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from lakescan.connectors.kafka import transactions
from lakescan.connectors.sinks.kafka import sink as module
from lakescan.connectors.sinks.kafka.sink import KafkaSink
from lakescan.errors import LakeError


def stopped(*given):
    for count, one in enumerate(BODY(*given)):
        if count == 30:
            print("amid", flush=True)
            sys.stdin.readline()
        yield one


if __name__ == "__main__":
    transactions.PATIENCE, transactions._ASKED = 1.0, 2
    BODY, module._body = module._body, stopped
    transaction, staged = pickle.loads(Path(sys.argv[1]).read_bytes())
    try:
        KafkaSink().commit(transaction, staged)
    except LakeError as error:
        print(type(error).__name__, flush=True)
