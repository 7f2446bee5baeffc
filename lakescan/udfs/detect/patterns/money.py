"""Amounts of money with a sign or code of currency."""

from __future__ import annotations

from lakescan.udfs.detect.pattern import Edge, Pattern

_SIGN = "(?:US\\$|C\\$|A\\$|R\\$|HK\\$|NZ\\$|\\$|€|£|¥|₹|₽|₩|₪|₺|₫|₦|฿|₱|₴)"
_CODE = (
    "(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|RMB|HKD|SGD|SEK|NOK|DKK|PLN|CZK|HUF|RON|RUB|TRY|ILS"
    "|AED|SAR|ZAR|NGN|KES|INR|PKR|THB|IDR|MYR|PHP|KRW|TWD|MXN|BRL|ARS|CLP|COP|PEN|XOF|XAF|FCFA"
    "|MAD|DZD|TND|EGP|GHS|UGX|TZS|ISK|BGN|RSD|UAH|VND|BDT|LKR|NPR)"
)
_NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,4})?|[0-9]{1,3}(?:\.[0-9]{3}){1,5}(?:,[0-9]{1,4})?"
    r"|[0-9]{1,3}(?: [0-9]{3}){1,5}(?:[.,][0-9]{1,2})?|[0-9]{1,15}(?:[.,][0-9]{1,4})?)"
)
_SCALE = "(?: ?(?:k|m|mn|bn|thousand|million|billion|trillion))?"

PATTERNS = (
    Pattern(
        entity="AMOUNT",
        name="money",
        regex=rf"\(?-?{_SIGN} ?-?{_NUMBER}{_SCALE}\)?|-?{_NUMBER}{_SCALE} ?(?:€|£|zł|kr\.?|₽|₴|Kč|Ft|TL|lei)",
        score=0.85,
        ignore_case=True,
        edge=Edge.NUMBER,
        gate=rf"(?i:{_SIGN} ?-?[0-9]|[0-9]{_SCALE} ?(?:€|£|zł|kr|₽|₴|Kč|Ft|TL|lei))",
    ),
    Pattern(
        entity="AMOUNT",
        name="money_code",
        regex=rf"{_CODE} ?-?{_NUMBER}{_SCALE}|-?{_NUMBER}{_SCALE} ?{_CODE}",
        score=0.85,
        edge=Edge.NUMBER,
        gate=rf"{_CODE} ?-?[0-9]|[0-9]{_SCALE} ?{_CODE}",
    ),
    Pattern(
        entity="AMOUNT",
        name="money_words",
        regex=rf"{_NUMBER}{_SCALE} (?:us )?(?:dollars?|euros?|pounds|yen|rupees|francs?|pesos|yuan)",
        score=0.8,
        ignore_case=True,
        edge=Edge.NUMBER,
        gate="(?i: (?:dollar|euro|pound|yen|rupee|franc|peso|yuan))",
    ),
    Pattern(
        entity="CURRENCY_SYMBOL",
        name="currency_symbol",
        regex=_SIGN,
        score=0.6,
        search=False,
    ),
)
