"""How a plan is run: one Protocol (`Engine`), and a module for each engine.

An engine knows nothing of tables or detectors; it runs a picklable task over picklable units.
`engine_for` (in `choice`) picks one.
"""
