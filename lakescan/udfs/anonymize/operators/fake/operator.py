"""fake: a made-up value of the same kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan import entities
from lakescan.policy.operators import DateShiftOptions, FakeOptions, FpeOptions
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.date_shift import DateShift
from lakescan.udfs.anonymize.operators.fake import (
    china,
    machines,
    numbers,
    people,
    places,
    times,
    us_states,
    wallets,
)
from lakescan.udfs.anonymize.operators.fake.digits import figures
from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.identity import identity
from lakescan.udfs.anonymize.operators.fake.lists import LISTS, from_list
from lakescan.udfs.anonymize.operators.fpe import Fpe, largest
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import TEXT, is_text

Maker = Callable[[pl.Series, Draw], pl.Series]

#: By entity, else by category.
_MAKERS: Mapping[str, Maker] = {
    "PERSON": people.person,
    "ACCOUNT_NAME": people.person,
    "EMAIL_ADDRESS": people.email,
    "IN_UPI_ID": people.email,
    "USERNAME": people.username,
    "ORGANIZATION": people.organization,
    "CREDIT_CARD": numbers.card,
    "CN_RESIDENT_ID": china.resident_id,
    "PHONE_NUMBER": numbers.phone,
    "IBAN": numbers.iban,
    "CITY": places.city,
    "LOCATION": places.street,
    "IP_ADDRESS": machines.ip_address,
    "MAC_ADDRESS": machines.mac_address,
    "UUID": machines.uuid,
    "ADVERTISING_ID": machines.uuid,
    "MEID": machines.hexadecimal,
    "CRYPTO_ADDRESS": wallets.wallet,
    "FILENAME": machines.file_name,
    "AMOUNT": figures,
    "URL": machines.url,
    "GENDER": people.gender,
    "AGE": times.age,
    "CREDIT_CARD_EXPIRATION": times.expiry,
    **{entity: partial(from_list, name) for entity, name in LISTS.items()},
}
#: What lies in a state of the United States moves with it; the rest is as the makers have it.
_OF_STATES: Mapping[str, Maker] = {"STATE": us_states.state, "ZIPCODE": us_states.zip_code}
_DATES = frozenset({"DATE_OF_BIRTH", "DATETIME"})


class Fake:
    """The same fake for equal values of a domain.

    A value that the maker of its entity cannot read gets one of its own shape: letters for
    letters, digits for digits.
    """

    name = "fake"
    traits = Traits(keyed=True)

    def __init__(self, options: FakeOptions) -> None:
        self._entity = options.entity
        self._draw: Draw | None = None
        self._numbers = Fpe(FpeOptions())
        self._dates = DateShift(DateShiftOptions())

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts, dates, timestamps and integers."""
        if is_text(kind):
            return TEXT
        if pa.types.is_integer(kind):
            return kind
        return self._dates.result_type(kind) or self._numbers.result_type(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Derive the keys."""
        assert keys is not None, "the job asks for a key first"
        self._draw = Draw(keys)
        self._numbers.setup(keys)
        self._dates.setup(keys)

    def apply(self, cells: Cells) -> Applied:
        """The fakes."""
        values = cells.values
        entity, category = self._named(cells)
        temporal = pa.types.is_temporal(values.type)
        if temporal or (category in _DATES and is_text(values.type)):
            subjects = values.cast(pa.string()).cast(TEXT)
            moved = self._dates.apply(Cells(values, entity, category, subjects))
            if temporal:
                return moved
            texts = numbers.as_text(values)
            return Applied(self._whole(texts, self._read(texts, moved)))
        if not is_text(values.type):
            return self._number(cells, entity, category)
        texts = numbers.as_text(values)
        return Applied(self._whole(texts, self._made(texts, entity, category)))

    def _made(self, texts: pl.Series, entity: str, category: str) -> pl.Series:
        draw = self._drawn()
        maker = _MAKERS.get(entity)
        if maker is None and not entity.endswith("_CODE"):
            maker = _MAKERS.get(category)
        made = maker(texts, draw) if maker else identity(entity, texts, draw)
        if entity == "PHYSICAL_ATTRIBUTE":
            measured = figures(texts, draw).set(~texts.str.contains("[0-9]"), None)
            made = pl.select(pl.coalesce(measured, made)).to_series()
        if entity in _OF_STATES:
            fitting = _OF_STATES[entity](texts, draw)
            made = pl.select(pl.coalesce(fitting, made)).to_series()
        return made

    def _named(self, cells: Cells) -> tuple[str, str]:
        if self._entity is None:
            return cells.entity, cells.category
        name = self._entity
        return name, entities.entity(name).category if entities.is_known(name) else name

    def _number(self, cells: Cells, entity: str, category: str) -> Applied:
        """Another year, day as 19791231, age, postal code; else what it becomes as text."""
        values = cells.values
        texts = numbers.as_text(values)
        if category in _DATES:
            days = self._dates.apply(Cells(texts.to_arrow().cast(TEXT), entity, category))
            made = self._read(texts, days)
        elif entity == "AGE":
            made = times.age(texts, self._drawn())
        elif entity == "ZIPCODE":
            known = us_states.zip_code(texts.str.zfill(5), self._drawn())
            made = pl.select(pl.coalesce(known, self._digits(texts, cells))).to_series()
        else:
            made = self._digits(texts, cells)
        left = np.flatnonzero(made.is_null().to_numpy())
        unfit = None
        if left.size:
            permuted = self._permuted(values.take(pa.array(left)))
            made = made.scatter(left, numbers.as_text(permuted.values))
            if permuted.unfit is not None:
                unfit = np.zeros(len(values), np.bool_)
                unfit[left] = permuted.unfit
        return Applied(made.to_arrow().cast(values.type), unfit)

    def _digits(self, texts: pl.Series, cells: Cells) -> pl.Series:
        """Integers as texts, with as many digits and the sign; null where a type has no room."""
        none = pl.Series([None] * len(texts), dtype=pl.String)
        room = len(str(largest(cells.values.type)))
        bare = texts.str.strip_prefix("-")
        at = np.flatnonzero((bare.str.len_chars() < room).to_numpy())
        if not at.size:
            return none
        signs = texts.gather(at).str.extract("^(-?)", 1)
        some = bare.gather(at)
        whole = self._spelled(some, cells)
        below = np.flatnonzero(((signs == "-") & (some.str.len_chars() == 1)).to_numpy())
        if below.size:
            # There is no -0: one below it is turned among the nine that there are.
            turn = 1 + int(self._spelled(pl.Series(["0"]), cells)[0]) % 8
            turned = (some.gather(below).cast(pl.Int64) - 1 + turn) % 9 + 1
            whole = whole.scatter(below, turned.cast(pl.String))
        return none.scatter(at, pl.select(signs + whole).to_series())

    def _spelled(self, digits: pl.Series, cells: Cells) -> pl.Series:
        """Other digits, as many."""
        made = self._made(digits, *self._named(cells))
        alike = made.str.contains("^(0|[1-9][0-9]*)$") & (
            made.str.len_chars() == digits.str.len_chars()
        )
        return numbers.as_text(self._whole(digits, made.set(~alike, None)))

    def _permuted(self, values: pa.Array) -> Applied:
        """Other integers with as many digits as the largest of their type."""
        if self._numbers.result_type(values.type) is not None:
            return self._numbers.apply(Cells(values, "", ""))
        return Applied(numbers.small_integers(values, self._drawn()))

    def _drawn(self) -> Draw:
        assert self._draw is not None, "setup comes first"
        return self._draw

    def _read(self, texts: pl.Series, moved: Applied) -> pl.Series:
        """The moved dates, other years for bare ones, other figures in what no calendar reads."""
        made = numbers.as_text(moved.values)
        if moved.unfit is None or not moved.unfit.any():
            return made
        unread = np.flatnonzero(moved.unfit)
        some, draw = texts.gather(unread), self._drawn()
        others = pl.coalesce(times.year(some, draw), times.moment(some, draw))
        return made.scatter(unread, pl.select(others).to_series())

    def _whole(self, texts: pl.Series, made: pl.Series) -> pa.Array:
        """What was made, and a shape where nothing was, or the original itself."""
        missing = np.flatnonzero(
            (made.is_null() | (made == texts).fill_null(value=True)).to_numpy()
        )
        if missing.size:
            made = made.scatter(missing, machines.shape(texts.gather(missing), self._drawn()))
        return made.to_arrow().cast(TEXT)
