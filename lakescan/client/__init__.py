"""A client of the service, typed: `Client`, and `AsyncClient` for asyncio.

It needs the extra ``client``.
"""
