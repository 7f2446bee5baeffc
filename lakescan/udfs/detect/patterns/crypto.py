"""Addresses of crypto-currencies."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.crypto import base58check, bech32, stellar
from lakescan.udfs.detect.pattern import Pattern

_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_BECH32 = "[02-9ac-hj-np-z]"

PATTERNS = (
    Pattern(
        # Base58Check (Bitcoin developer reference, "Address conversion"): double SHA-256.
        entity="BITCOIN_ADDRESS",
        name="bitcoin",
        regex=f"[13]{_BASE58}{{25,34}}",
        score=1.0,
        validate=base58check,
        weak=0.2,
    ),
    Pattern(
        # BIP 173 and BIP 350.
        entity="BITCOIN_ADDRESS",
        name="bitcoin_bech32",
        regex=f"(?:bc|tb)1{_BECH32}{{11,71}}",
        score=1.0,
        validate=bech32,
        weak=0.3,
    ),
    Pattern(
        entity="ETHEREUM_ADDRESS",
        name="ethereum",
        regex="0x[0-9A-Fa-f]{40}",
        score=0.95,
    ),
    Pattern(
        entity="LITECOIN_ADDRESS",
        name="litecoin",
        regex=f"[LM]{_BASE58}{{26,33}}",
        score=1.0,
        validate=base58check,
    ),
    Pattern(
        entity="LITECOIN_ADDRESS",
        name="litecoin_bech32",
        regex=f"ltc1{_BECH32}{{11,71}}",
        score=1.0,
        validate=bech32,
    ),
    Pattern(
        # SEP-23: version byte, 32 bytes, CRC-16 (XModem), in base32.
        entity="CRYPTO",
        name="stellar",
        regex="[GS][A-Z2-7]{55}",
        score=1.0,
        validate=stellar,
    ),
    Pattern(
        # CIP-19: bech32 without BIP 173's limit of 90 characters.
        entity="CRYPTO",
        name="cardano",
        regex=f"(?:addr|stake)1{_BECH32}{{50,110}}",
        score=1.0,
        validate=bech32,
    ),
    Pattern(
        # Cosmos SDK chains: bech32 of 20 or 32 bytes.
        entity="CRYPTO",
        name="cosmos",
        regex=f"(?:cosmos|osmo|celestia|inj|terra|juno|kava)1{_BECH32}{{38,58}}",
        score=1.0,
        validate=bech32,
    ),
    Pattern(
        # Monero's own base58 has no check that a mere digest could repeat here (Keccak).
        entity="CRYPTO",
        name="monero",
        regex=f"[48][0-9AB]{_BASE58}{{93}}",
        score=0.9,
    ),
    Pattern(
        entity="CRYPTO",
        name="crypto_base58",
        regex=f"[rDXT]{_BASE58}{{25,34}}",
        score=0.9,
        validate=base58check,
    ),
)
