"""Names of firms by the legal form in them, where it stands in front or without a space."""

from __future__ import annotations

from lakescan.udfs.detect.pattern import Pattern

PATTERNS = (
    Pattern(
        # ISO 20275 (entity legal forms): Russia, Ukraine, Kazakhstan, and names in their quotes.
        entity="ORGANIZATION",
        name="firm_cyrillic",
        regex="(?:ООО|ОАО|ЗАО|ПАО|АО|НАО|РАО|НПО|НКО|ФГУП|МУП|ГУП|ТОО|ТОВ|ПрАТ|ПАТ|ДП|ЕООД|ЧП|ПП)"
        ' ?[«"“].{1,80}[»"”]',
        score=0.9,
        search=False,
    ),
    Pattern(
        # ISO 20275: China, Taiwan, Japan, Korea.
        entity="ORGANIZATION",
        name="firm_east_asian",
        regex=".{0,30}(?:有限公司|有限责任公司|股份公司|集团|株式会社|有限会社|合同会社|合資会社|合名会社"
        "|一般社団法人|주식회사|유한회사|[(](?:주|유|株|有)[)]|㈜|㈱).{0,30}",
        score=0.9,
        search=False,
    ),
    Pattern(
        # Indonesia (PT, CV, UD), Vietnam, Thailand: the form comes first.
        entity="ORGANIZATION",
        name="firm_south_east_asian",
        regex="(?:PT|CV|UD|PD|Perum|Firma)\\.? [A-Z][0-9A-Za-z.&' -]{2,50}|.{0,20}(?:Công ty|công ty|CÔNG TY"
        "|Doanh nghiệp) .{2,60}|(?:บริษัท|ห้างหุ้นส่วน).{2,60}",
        score=0.7,
        search=False,
    ),
    Pattern(
        # "Smith, Jones and Brown", "Weber & Sons": partnerships.
        entity="ORGANIZATION",
        name="firm_partners",
        regex=r"[A-ZÀ-Þ][a-zß-ÿ'-]{1,20}(?:, [A-ZÀ-Þ][a-zß-ÿ'-]{1,20}){1,3},? (?:and|&|und|et|e|y|og|och|en|i) "
        r"[A-ZÀ-Þ][a-zß-ÿ'-]{1,20}|[A-ZÀ-Þ][a-zß-ÿ'-]{1,20}(?: [A-ZÀ-Þ][a-zß-ÿ'-]{1,20})?"
        r" (?:and|&|und|et|e|y|og|och|en) (?:Sons|Co\.?|Partners|Associates|Söhne|Partner|Fils|Filhos|Hijos"
        r"|Figli|Sønner|Söner|Zonen|Asociados)",
        score=0.7,
        search=False,
    ),
)
