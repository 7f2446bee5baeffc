"""Names of persons that have a form: components, and scripts in which surnames are few."""

from __future__ import annotations

from lakescan.udfs.detect.pattern import Pattern

#: The common surnames of Korea: nearly all Koreans have one of them.
_KOREAN = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방"
    "공현함변염여추도소석선설마길연위표명기반"
)
#: All syllables but 구, 군, 도, 동, 면, 시, 읍, 팀.
_NO_PLACE = "가-굫국-굯굱-돃독-돘돚-멳멵-싛식-음읎-틿팁-힣"

#: The common ones of China, in simplified characters and in traditional ones.
_CHINESE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴"
    "莫孔向汤張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇魏呂盧鍾譚陸賈韋鄒閻龍賀顧龔萬錢嚴湯"
)

PATTERNS = (
    Pattern(
        # HL7 version 2, data types XPN and XCN, and DICOM PS3.5, 6.2, PN: "WELLS^DUSTIN^^^^MD",
        # perhaps behind an id.
        entity="PERSON",
        name="name_components",
        regex=r"(?:[0-9A-Z]{1,20}\^)?(?P<v>[A-Za-zÀ-ž][A-Za-zÀ-ž' -]{1,30}\^[A-Za-zÀ-ž]"
        r"[A-Za-zÀ-ž'. -]{0,30}(?:\^[A-Za-zÀ-ž'. -]{0,20}){0,5})",
        score=0.85,
        gate=r"[A-Za-zÀ-ž]\^[A-Za-zÀ-ž]",
        search=False,
    ),
    Pattern(
        # Three syllables, the first a surname. What ends in 구 or 시 is a district, in 팀 a team.
        entity="PERSON",
        name="name_korean",
        regex=f"[{_KOREAN}][가-힣][{_NO_PLACE}]",
        score=0.6,
        shape=True,
        search=False,
    ),
    Pattern(
        # A surname, and one or two more.
        entity="PERSON",
        name="name_chinese",
        regex=f"[{_CHINESE}][一-鿿]{{1,2}}",
        score=0.6,
        shape=True,
        search=False,
    ),
)
