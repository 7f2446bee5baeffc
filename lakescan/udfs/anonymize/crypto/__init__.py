"""Ciphers over whole columns: many values in lockstep, each step one call of AES.

The constructions are NIST's and the RFCs', and their test vectors are tests; AES itself is that of
the `cryptography` package.
"""
