"""Plan a scan of a bucket that is nowhere: ``python listing.py OBJECTS``, as planning.py runs it.

The bucket's listing is real in all but its network: pages of a thousand keys as S3 writes them,
asked for and parsed by the SDK. Its objects are a few Parquet files, again and again, whose
footers are read and parsed for each. Prints units and seconds as JSON.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Iterator
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from mixed import table

from lakescan.connectors import Selection
from lakescan.connectors.storage.s3 import S3Storage
from lakescan.jobs.scan.plan import make_plan
from lakescan.policy import Policy

#: Different files, keys of a page (what S3 gives), objects of a folder.
FILES, PAGE, FOLDER = 8, 1_000, 1_000
_KEY = (
    "<Contents><Key>sales/day={folder:06d}/part-{number:09d}.parquet</Key>"
    "<LastModified>2026-11-26T06:45:00.000Z</LastModified><ETag>&quot;{number:032x}&quot;</ETag>"
    "<Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
)
_LISTING = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>lake</Name>'
    "<Prefix>sales/</Prefix><KeyCount>{count}</KeyCount><MaxKeys>1000</MaxKeys>{next}{keys}"
    "</ListBucketResult>"
)


class Bucket(S3Storage):
    """An S3 bucket whose requests go no further than this process, and are signed by nobody.

    Args:
        objects: how many it has.
    """

    def __init__(self, objects: int) -> None:
        where = {"region": "eu-west-1", "endpoint": "http://127.0.0.1:1", "anonymous": "true"}
        super().__init__(where)
        self._objects = objects
        self._bodies = [_parquet(seed) for seed in range(FILES)]
        self._client.meta.events.register("before-send.s3.ListObjectsV2", self._page)

    def exists(self, uri: str) -> bool:
        """Only what is listed is there; the listing's root is none of it."""
        return uri.endswith(".parquet")

    def open(self, uri: str) -> pa.NativeFile:
        """An object's bytes, from memory."""
        return pa.BufferReader(self._bodies[int(uri[-17:-8]) % FILES])

    def _page(self, request: AWSPreparedRequest, **_event: object) -> AWSResponse:
        query = parse_qs(urlsplit(request.url).query)
        begin = int(query.get("continuation-token", ["0"])[0])
        end = min(self._objects, begin + PAGE)
        keys = "".join(
            _KEY.format(folder=n // FOLDER, number=n, size=self._bodies[n % FILES].size)
            for n in range(begin, end)
        )
        more = "<IsTruncated>false</IsTruncated>"
        if end < self._objects:
            token = f"<NextContinuationToken>{end}</NextContinuationToken>"
            more = f"<IsTruncated>true</IsTruncated>{token}"
        text = _LISTING.format(count=end - begin, next=more, keys=keys)
        headers = {"content-type": "application/xml"}
        return AWSResponse(request.url, 200, headers, _Body(text.encode()))


class _Body(io.BytesIO):
    """An answer's body as the SDK reads it."""

    def stream(self, *_sizes: int) -> Iterator[bytes]:
        """All of it."""
        yield self.read()


def _parquet(seed: int) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    pq.write_table(table(np.random.default_rng(seed), 10, seed), sink)
    return sink.getvalue()


def main(objects: int) -> None:
    """Plan, and tell what it took."""
    with mock.patch("lakescan.connectors.files.storage_for", return_value=Bucket(objects)):
        began = time.monotonic()
        plan = make_plan(["s3://lake/sales/"], Policy.default(), Selection(), ())
    seconds = time.monotonic() - began
    print(json.dumps({"rows": len(plan.units), "seconds": seconds}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
