"""The scan job from end to end, on small lakes."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.errors import NotFoundError, PolicyError, UnknownNameError, UsageError
from lakescan.policy import Policy, Sampling
from lakescan.reports.folder import read_run, read_splits


def found(result, column):
    columns = [c for dataset in result.value.datasets for c in dataset.columns]
    return next(c for c in columns if c.column == column)


def test_a_folder_is_one_dataset_with_a_verdict_for_each_column(make_lake):
    result = lakescan.scan(str(make_lake(5)))
    assert result.status == "complete"
    assert result.errors == ()
    (dataset,) = result.value.datasets
    assert (dataset.rows, dataset.rows_scanned, dataset.format) == (50, 50, "csv")
    assert [c.column for c in dataset.columns] == ["id", "email", "phone"]
    email = found(result, "email")
    assert email.classifications[0].entity == "EMAIL_ADDRESS"
    assert email.classifications[0].rows_hit == 50
    assert email.sensitive


def test_the_run_folder_holds_everything_and_can_be_read_back(make_lake, tmp_path):
    out = tmp_path / "out"
    result = lakescan.scan(str(make_lake(4)), output=str(out))
    names = {"run.json", "columns.parquet", "splits.parquet", "report.html", "report.sarif"}
    assert names | {"manifest.json", "_lakescan"} == {path.name for path in out.iterdir()}
    again = read_run(lambda name: (out / name).read_bytes())
    assert again.datasets == result.value.datasets
    assert again.run_id == result.value.run_id
    splits = read_splits(lambda name: (out / name).read_bytes())
    assert len(splits) == 4
    assert {(s.status, s.rows, s.attempts) for s in splits} == {("complete", 10, 1)}
    assert sum(s.bytes for s in splits) == result.value.bytes_scanned


def test_no_value_is_in_the_run_folder(make_lake, tmp_path):
    out = tmp_path / "out"
    lakescan.scan(str(make_lake(3)), output=str(out))
    for path in out.rglob("*"):
        if path.suffix == ".arrow":
            text = str(pa.ipc.open_file(path).read_all().to_pydict()).encode()
        elif path.suffix == ".parquet":
            text = str(pq.read_table(path).to_pydict()).encode()
        else:
            text = path.read_bytes() if path.is_file() else b""
        assert b"ann0@example.com" not in text


def test_a_run_folder_below_its_source_is_not_scanned(make_lake):
    lake = make_lake(3)
    for _ in range(2):
        result = lakescan.scan(str(lake.parent), output=str(lake.parent / "found"))
        assert len(result.value.datasets) == 1
        assert result.errors == ()


def test_a_bad_file_is_reported_and_the_rest_is_done(make_lake):
    lake = make_lake(3)
    (lake.parent / "bad.parquet").write_bytes(b"PAR1 this is none PAR1")
    result = lakescan.scan(str(lake.parent))
    assert result.status == "partial"
    (error,) = result.errors
    assert error.uri.endswith("bad.parquet")
    assert error.kind == "CorruptFile"
    assert result.value.rows_scanned == 30


def test_a_split_that_fails_while_it_is_read_leaves_its_dataset_partial(make_lake, tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    table = pa.table({"email": [f"a{n}@example.com" for n in range(5000)]})
    for number in range(3):
        pq.write_table(table, folder / f"part-{number}.parquet")
    victim = folder / "part-1.parquet"
    data = bytearray(victim.read_bytes())
    data[20:2000] = bytes(1980)
    victim.write_bytes(data)
    out = tmp_path / "out"
    result = lakescan.scan(str(folder), output=str(out))
    assert result.status == "partial"
    assert [(e.kind, e.uri) for e in result.errors] == [("CorruptFile", str(victim))]
    (dataset,) = result.value.datasets
    assert (dataset.rows, dataset.rows_scanned) == (15000, 10000)
    splits = {s.uri: s for s in read_splits(lambda name: (out / name).read_bytes())}
    assert splits[str(victim)].status == "failed"
    assert splits[str(victim)].error_kind == "CorruptFile"


def test_nothing_but_bad_files_is_a_failed_run(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 this is none PAR1")
    assert lakescan.scan(str(tmp_path)).status == "failed"


def test_one_source_of_two_that_is_not_there_is_an_error_of_the_run(make_lake, tmp_path):
    result = lakescan.scan([str(make_lake(2)), str(tmp_path / "nowhere")])
    assert result.status == "partial"
    assert [e.kind for e in result.errors] == ["NotFound"]


def test_sources_that_are_not_there_at_all_raise(tmp_path):
    with pytest.raises(NotFoundError):
        lakescan.scan(str(tmp_path / "nowhere"))


def test_calls_that_make_no_sense_say_so(make_lake, tmp_path):
    with pytest.raises(UsageError):
        lakescan.scan([])
    with pytest.raises(UnknownNameError, match="engine"):
        lakescan.scan(str(make_lake(1)), engine="flink")
    with pytest.raises(PolicyError):
        lakescan.scan(str(tmp_path), policy=str(tmp_path / "none.yaml"))


def test_a_file_named_twice_counts_once(make_lake):
    lake = make_lake(3)
    one = lakescan.scan([str(lake), str(lake / "part-0001.csv")])
    assert one.value.rows_scanned == 30


def test_a_sampled_scan_says_how_much_it_read(make_lake):
    lake = make_lake(6)
    result = lakescan.scan(str(lake), sample=Sampling(rows=4, files=2))
    (dataset,) = result.value.datasets
    assert dataset.rows_scanned == 8
    low, high = found(result, "email").classifications[0].interval
    assert low < 1.0 <= high


def test_an_ignored_column_is_not_read(make_lake):
    policy = Policy.parse("version: 1\ncolumns:\n  - column: email\n    ignore: true\n")
    result = lakescan.scan(str(make_lake(2)), policy)
    assert [c.column for d in result.value.datasets for c in d.columns] == ["id", "phone"]


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    pq.write_table(pa.table({"email": pa.array([], pa.string())}), tmp_path / "empty.parquet")
    result = lakescan.scan(str(tmp_path))
    (dataset,) = result.value.datasets
    assert [(c.column, c.rows) for c in dataset.columns] == [("email", 0)]


def test_a_result_comes_in_every_form(make_lake, tmp_path):
    result = lakescan.scan(str(make_lake(2)))
    assert result.columns.num_rows == result.to_polars().height == len(result.to_pandas())
    assert json.loads(result.to_json())["status"] == "complete"
    assert result._repr_html_().startswith("<div class='lakescan-card lakescan-frame'><style>")
    assert result._repr_html_().count("<iframe srcdoc=") == 1
    assert "1 datasets, 3 columns" in repr(result)
    for name in ("r.html", "r.json", "r.md", "r.sarif"):
        assert result.report(tmp_path / name).stat().st_size > 100
    with pytest.raises(UsageError):
        result.report(tmp_path / "r.docx")


class Watch:
    def __init__(self):
        self.phases, self.counts, self.problems = [], [], []

    def phase(self, name):
        self.phases.append(name)

    def update(self, counts):
        self.counts.append(counts)

    def problem(self, error):
        self.problems.append(error)


def test_progress_is_told_to_the_end(make_lake):
    lake = make_lake(4)
    (lake.parent / "bad.parquet").write_bytes(b"PAR1 this is none PAR1")
    watch = Watch()
    lakescan.scan(str(lake.parent), progress=watch)
    assert watch.phases == ["planning", "scanning", "reporting"]
    last = watch.counts[-1]
    assert (last.planned, last.done, last.failed, last.rows) == (4, 4, 0, 40)
    assert last.bytes == last.planned_bytes > 0
    assert len(watch.problems) == 1


@pytest.mark.ray
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_ray_and_local_give_identical_results(make_lake, ray_cluster, findings):
    lake = make_lake(12)
    (lake.parent / "bad.parquet").write_bytes(b"PAR1 this is none PAR1")
    local = lakescan.scan(str(lake.parent), engine="local")
    ray = lakescan.scan(str(lake.parent), engine=lakescan.EngineOptions("ray", workers=2))
    assert (local.value.engine, ray.value.engine) == ("local", "ray")
    assert findings(ray) == findings(local)


@pytest.mark.spark
def test_spark_and_local_give_identical_results(make_lake, spark_session, findings, tmp_path):
    lake = make_lake(12)
    (lake.parent / "bad.parquet").write_bytes(b"PAR1 this is none PAR1")
    local = lakescan.scan(str(lake.parent), engine="local")
    out = tmp_path / "run"
    spark = lakescan.scan(str(lake.parent), engine="spark", output=str(out))
    assert (local.value.engine, spark.value.engine) == ("local", "spark")
    assert findings(spark) == findings(local)
    again = lakescan.scan(
        str(lake.parent), engine="local", output=lakescan.Output(str(out), incremental=True)
    )
    assert findings(again) == findings(local)
    assert {s.status for s in read_splits(lambda name: (out / name).read_bytes())} == {"reused"}


def test_json_of_very_many_keys_is_read_whole_and_said_to_be_cut(tmp_path):
    keys = {f"visitor_{n}": {"contact": f"p{n}@example.org"} for n in range(700)}
    pq.write_table(pa.table({"payload": [json.dumps(keys)] * 3}), tmp_path / "visits.parquet")
    result = lakescan.scan(str(tmp_path / "visits.parquet"))
    assert result.status == "complete"
    rest = found(result, "payload.$.*")
    assert rest.classifications[0].entity == "EMAIL_ADDRESS"
    assert rest.rows == 3 * 200
    (notice,) = result.errors
    assert notice.kind == "ManyPaths"
    assert "600 values" in notice.message
    assert "@" not in notice.message


def test_what_was_judged_together_is_anonymized_together(tmp_path):
    keys = {f"visitor_{n}": {"contact": f"p{n}@example.org"} for n in range(700)}
    pq.write_table(pa.table({"payload": [json.dumps(keys)] * 3}), tmp_path / "visits.parquet")
    policy = Policy.parse("anonymize: {default: redact}\n")
    done = lakescan.anonymize(
        str(tmp_path / "visits.parquet"), to=str(tmp_path / "out"), policy=policy
    )
    assert done.value.status == "complete"
    text = "".join(
        cell
        for path in (tmp_path / "out").rglob("*.parquet")
        for cell in pq.read_table(path)["payload"].to_pylist()
    )
    assert "visitor_699" in text
    assert "@example.org" not in text


def test_what_was_judged_for_itself_and_stays_is_not_taken_for_the_rest(tmp_path):
    keys = {"colour": "red"} | {f"visitor_{n}": f"p{n}@example.org" for n in range(700)}
    pq.write_table(pa.table({"payload": [json.dumps(keys)] * 3}), tmp_path / "visits.parquet")
    policy = Policy.parse("anonymize: {default: redact}\n")
    lakescan.anonymize(str(tmp_path / "visits.parquet"), to=str(tmp_path / "out"), policy=policy)
    (cell, *_) = pq.read_table(tmp_path / "out")["payload"].to_pylist()
    assert json.loads(cell)["colour"] == "red"
    assert "@example.org" not in cell
