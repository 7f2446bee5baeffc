"""Guessing what typeless files hold from their first bytes: encoding, delimiter, quotes, header.

Pure functions over bytes and strings; the formats call them when a file is inspected.
"""
