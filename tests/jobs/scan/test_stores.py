"""A scan of each store, its run folder in the store too, with how the bucket is protected."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import lakescan
from lakescan.connectors import storage_for
from lakescan.jobs.runs import open_run
from lakescan.reports.rendering import render

if TYPE_CHECKING:
    from conftest import Store

MAILS = b"id,email\n" + b"".join(b"%d,ann%d@example.org\n" % (i, i) for i in range(60))


def test_the_run_folder_lies_in_the_store(store: Store) -> None:
    storage = storage_for(store.root)
    storage.write_bytes(f"{store.root}/in/a.csv", MAILS)
    options = {"accuracy_mode": "patterns", "engine": "local"}
    run = f"{store.root}/run"
    first = lakescan.scan(f"{store.root}/in", output=run, **options).value
    assert [
        c.classifications[0].entity for d in first.datasets for c in d.columns if c.sensitive
    ] == ["EMAIL_ADDRESS"]
    assert open_run(run, {}).datasets == first.datasets
    assert open_run(run, {}).buckets == first.buckets
    storage.write_bytes(f"{store.root}/in/b/b.csv", MAILS)
    again = lakescan.scan(
        f"{store.root}/in", output=lakescan.Output(run, incremental=True), **options
    ).value
    splits = {f.uri for f in storage.list(run)}
    assert len(again.datasets) == 2
    assert open_run(run, {}).datasets == again.datasets
    assert f"{run}/report.html" in splits


def test_the_bucket_stands_beside_its_findings(store: Store) -> None:
    storage_for(store.root).write_bytes(f"{store.root}/in/a.csv", MAILS)
    report = lakescan.scan(f"{store.root}/in", accuracy_mode="patterns", engine="local").value
    value = json.loads(render(report, "json"))
    if store.name == "local":
        assert report.buckets == ()
        assert "buckets" not in value
        return
    (bucket,) = value["buckets"]
    assert bucket["uri"].endswith("://lake")
    assert bucket["public"] in ("yes", "no", "unknown")
    for form in ("markdown", "html"):
        assert bucket["encryption"] in render(report, form).decode()
