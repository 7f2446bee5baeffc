"""Excel workbooks, written by hand: no package that we have writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Cell = str | float | bool | None


def workbook(*sheets: tuple[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A minimal SpreadsheetML file (ECMA-376) with inline strings."""
    out = io.BytesIO()
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pack = "http://schemas.openxmlformats.org/package/2006"

    def cell(value: Cell, place: str) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, str):
            return (
                f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
                if value
                else ""
            )
        return f'<c r="{place}"><v>{value}</v></c>'

    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        numbers = range(1, len(sheets) + 1)
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{pack}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{pack}/relationships"><Relationship Id="r1" '
            f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{pack}/relationships">'
            + "".join(
                f'<Relationship Id="r{n}" Type="{rel}/worksheet" Target="worksheets/s{n}.xml"/>'
                for n in numbers
            )
            + "</Relationships>",
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook {main} xmlns:r="{rel}"><sheets>'
            + "".join(
                f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>'
                for n, (name, _) in zip(numbers, sheets, strict=True)
            )
            + "</sheets></workbook>",
        )
        for n, (_, rows) in zip(numbers, sheets, strict=True):
            body = "".join(
                f'<row r="{r}">'
                + "".join(cell(v, f"{chr(65 + c)}{r}") for c, v in enumerate(row))
                + "</row>"
                for r, row in enumerate(rows, 1)
            )
            book.writestr(
                f"xl/worksheets/s{n}.xml",
                f"<worksheet {main}><sheetData>{body}</sheetData></worksheet>",
            )
    return out.getvalue()
