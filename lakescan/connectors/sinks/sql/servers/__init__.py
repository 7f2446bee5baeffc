"""Servers as sinks: staged in tables beside the target's, one module for what each does its way.

`sink` keeps the promise, `control` is what it writes down, `session` what a server has to do.
"""
