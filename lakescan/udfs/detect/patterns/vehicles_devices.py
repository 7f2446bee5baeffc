"""Vehicles, devices, and identifiers of organizations."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.codes import lei, vin
from lakescan.udfs.detect.checksums.generic import luhn
from lakescan.udfs.detect.checksums.registers import iccid
from lakescan.udfs.detect.pattern import Edge, Pattern

_VEHICLES = ("vin", "vehicle", "fahrgestell", "fahrzeug", "ch[aâ]ssi", "véhicule", "veh[ií]c", "ve[ií]culo",
             "bastidor", "veicolo", "telaio", "voertuig", "pojazd", "nadwozi")  # fmt: skip

PATTERNS = (
    Pattern(
        # ISO 3779; the check digit of 49 CFR 565.15, which only North America asks for.
        entity="VIN",
        name="vin",
        regex="[0-9A-HJ-NPR-Z]{17}",
        score=0.9,
        validate=vin,
        weak=0.1,
        context=_VEHICLES,
    ),
    Pattern(
        # 3GPP TS 23.003, section 6.2.1.
        entity="IMEI",
        name="imei",
        regex="[0-9]{15}",
        score=0.3,
        shape=True,
        validate=luhn,
        context=("imei", "device"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        entity="IMEI",
        name="imei",
        regex="[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]",
        score=0.9,
        validate=luhn,
    ),
    Pattern(
        # ITU-T E.118: 89 (telecommunication), country, issuer, account, Luhn.
        entity="ICCID",
        name="iccid",
        regex="89[0-9]{17,18}",
        score=0.75,
        validate=iccid,
        context=("iccid", "sim"),
    ),
    Pattern(
        # ITU-T E.212: mobile country code 2xx to 7xx, network, subscriber.
        entity="IMSI",
        name="imsi",
        regex="[2-7][0-9]{13,14}",
        score=0.1,
        shape=True,
        context=("imsi", "subscriber"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        # 3GPP2 S.R0048: hexadecimal, the first two from A0 on.
        entity="MEID",
        name="meid",
        regex="[A-F][0-9A-F][ -]?[0-9A-F]{6}[ -]?[0-9A-F]{6}(?:[ -]?[0-9A-F])?",
        score=0.2,
        shape=True,
        context=("meid", "device"),
        ignore_case=True,
    ),
    Pattern(
        # ISO 17442-1: four of the issuer, MOD 97-10.
        entity="LEI",
        name="lei",
        regex="[0-9A-Z]{18}[0-9]{2}",
        score=0.9,
        validate=lei,
    ),
)
