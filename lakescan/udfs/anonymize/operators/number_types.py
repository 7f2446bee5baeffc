"""What types of numbers hold."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats: TypeAlias = npt.NDArray[np.float64]

#: Decimal digits that a float always tells apart.
_FLOAT_DIGITS = 15


def bounds(kind: pa.DataType) -> tuple[float, float]:
    """What an integer type holds, as far as a float tells it apart."""
    bits = kind.bit_width - pa.types.is_signed_integer(kind)
    high = np.nextafter(2.0**bits, 0) if bits > 53 else 2.0**bits - 1
    return (-(2.0**bits) if pa.types.is_signed_integer(kind) else 0.0), float(high)


def decimals(numbers: Floats, kind: pa.DataType) -> Floats:
    """Numbers that a decimal type holds, the nearest ones."""
    whole = kind.precision - kind.scale
    most = 10.0**whole - 10.0**-kind.scale
    if kind.precision > _FLOAT_DIGITS:
        most = float(np.nextafter(10.0**whole, 0))
    return np.clip(np.round(numbers, kind.scale), -most, most)
