"""A detector for badge numbers, a connector to a made-up badge system, an operator that gives new numbers."""
