"""The REST service: a native API, and the vendors' contracts, on one detection core.

`application.create_app` makes the app, `server.serve` runs it. It needs the extra ``serve``.
"""
