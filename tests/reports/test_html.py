"""The page's text: what it says, and that names cannot become markup."""

import base64
import dataclasses
import hashlib
import re

import pytest

from lakescan.reports.html.notebook import to_notebook
from lakescan.reports.html.page import to_html
from lakescan.reports.html.view import dataset_views, listed


def test_hostile_names_never_become_markup(hostile_report):
    page = to_html(hostile_report).decode()
    assert page.count("<script") == 1
    assert "<img" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page


def test_allows_itself_its_own_style_and_script_and_nothing_else(report):
    page = to_html(report).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ")
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        for text in re.findall(rf"<{element}>(.*?)</{element}>", page, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in re.search(rf"{directive} ([^;]*)", policy)[1]


def test_asks_for_nothing_from_elsewhere(report):
    page = to_html(report).decode()
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", page)
    assert "style=" not in page


@pytest.mark.parametrize(
    "status, said",
    [
        ({}, "1 object could not be read"),
        ({"errors": ()}, "of the rows were looked at"),
    ],
)
def test_says_what_was_not_read(report, status, said):
    assert said in to_html(dataclasses.replace(report, **status)).decode()


def test_says_nothing_of_the_kind_where_all_was_read(report):
    whole = dataclasses.replace(report, datasets=report.datasets[:1], rows_scanned=400, errors=())
    assert "Not everything was read" not in to_html(whole).decode()


def test_verdict_by_name_alone_claims_no_values(report):
    customers = report.datasets[0]
    email = customers.columns[1]
    named = dataclasses.replace(email.classifications[0], rows_hit=0, prevalence=0.0, samples=())
    column = dataclasses.replace(email, classifications=(named,))
    page = to_html(
        dataclasses.replace(report, datasets=(dataclasses.replace(customers, columns=(column,)),))
    ).decode()
    assert "by its name only" in page
    assert "No value shows it" in page


@pytest.mark.parametrize("limit, names", [(9, 9), (8, 6), (6, 6), (5, 5), (2, 2)])
def test_a_page_too_long_leaves_out_what_tells_least(report, limit, names):
    kept = listed(tuple(dataset_views(report, None)), limit)
    columns = [column for dataset in kept for column in dataset.columns]
    assert len(columns) == names
    if limit <= 5:
        assert {column.kind for column in columns} == {"personal"}


def test_a_page_that_leaves_columns_out_says_so(report, monkeypatch):
    monkeypatch.setattr("lakescan.reports.html.page.MAX_COLUMNS", 6)
    page = to_html(report).decode()
    assert "3 of 9 columns are not listed here" in page
    assert "<b>5</b> of 9 columns hold personal data" in page


def test_notebook_frame_holds_the_page_as_an_attribute(hostile_report):
    frame = to_notebook(hostile_report)
    card = re.sub(r"<style>[^<]*</style>", "", frame, count=1)
    assert card.startswith("<div class='lakescan-card lakescan-frame'><iframe srcdoc=")
    assert card.endswith("</iframe></div>")
    assert card.count("<") == 4
