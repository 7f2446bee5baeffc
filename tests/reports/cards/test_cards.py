"""What results show of themselves in a notebook: what they say, escaped, and no value."""

from __future__ import annotations

import copy
import pickle

import polars as pl
import pyarrow as pa
import pytest

import lakescan
from lakescan.reports.model import ColumnReport

HOSTILE = "<script>alert(1)</script>\u202e"
TEXT = "Write to ann.lee@example.com <b>today</b>,\nplease: 202-555-0142."
POLICY = lakescan.Policy.parse("""
accuracy_mode: patterns
anonymize:
  rules: [{entities: EMAIL_ADDRESS, operator: mask}]
""")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    root = tmp_path_factory.mktemp("cards") / "lake"
    root.mkdir()
    mails = [f"person{n}.x@mail-{n % 3}.com" for n in range(60)]
    pl.DataFrame({"id": range(60), HOSTILE: mails}).write_parquet(root / "people.parquet")
    return root


def shown(value):
    page = value._repr_html_()
    assert "<script" not in page
    assert "\u202e" not in page
    assert page.startswith("<div class=lakescan-card>")
    page.encode()
    return page


def test_findings_of_a_text_show_where_they_stand_and_nothing_of_the_text():
    found = lakescan.detect(TEXT, POLICY)
    page = shown(found)
    assert "<mark class=pii><code>a***@e***.com</code><small>EMAIL_ADDRESS</small></mark>" in page
    for word in ("ann.lee", "Write", "today", "0142"):
        assert word not in page
    assert found == list(found)
    for twin in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert twin == found
        assert twin._repr_html_() == page
    assert b"ann.lee" not in pickle.dumps(found)
    assert shown(lakescan.detect("", POLICY)).count("<mark") == 0


def test_a_column_shows_its_verdict_with_the_evidence():
    mails = pa.array([f"person{n}.x@mail-{n % 3}.com" for n in range(40)])
    page = shown(lakescan.detect_column(mails, HOSTILE, POLICY))
    assert "<b>Email address</b>" in page
    assert "pattern.email" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e" in page
    assert "person7" not in page
    assert "nothing was found" in shown(ColumnReport("id", 0, "int64", 9, 0, 9, sensitive=False))


def test_explanations_show_themselves(lake):
    why = lakescan.explain(lakescan.scan(lake, POLICY), HOSTILE)[0]
    assert "people.parquet" in shown(why)
    assert "a***@e***.com" in shown(lakescan.explain_text(TEXT, POLICY))


def test_a_dry_run_shows_masked_cells_before_and_after(lake, tmp_path):
    page = shown(lakescan.anonymize(lake, None, POLICY))
    assert "A dry run: <b>1 column</b> would change" in page
    assert "p***@m***.com" in page
    assert "person1.x" not in page
    written = shown(lakescan.anonymize(lake, tmp_path / "safe", POLICY))
    assert "<b>1 column</b> changed, 60 rows written" in written
    assert "before, masked" not in written


def test_a_verification_shows_leaks_first(lake, tmp_path):
    lakescan.anonymize(lake, tmp_path / "safe", POLICY)
    assert "clean: 0 leaks in 1 column" in shown(lakescan.verify(tmp_path / "safe", lake, POLICY))
    leaking = shown(lakescan.verify(lake, lake, POLICY))
    assert 'class="alarm"' in leaking
    assert "leaking: <b>" in leaking
    assert "person1.x" not in leaking


def test_a_policy_shows_what_it_says_beyond_the_defaults():
    page = shown(POLICY)
    assert "accuracy_mode: patterns" in page
    assert "1 anonymize rule" in page
    assert "The defaults" in shown(lakescan.Policy.default())
