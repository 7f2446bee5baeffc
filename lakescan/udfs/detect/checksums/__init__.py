"""Checks over whole columns: check digits, ranges, plans. python-stdnum is the tests' oracle."""
