"""What drivers of databases raise, for those who reach one by another's library."""

from __future__ import annotations


def driver_errors() -> tuple[type[Exception], ...]:
    """SQLAlchemy's errors around a driver's; none where it is not installed."""
    try:
        from sqlalchemy.exc import DBAPIError
    except ModuleNotFoundError:
        return ()
    return (DBAPIError,)
