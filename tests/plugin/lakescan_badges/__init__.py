"""A detector for badge numbers and a connector to a made-up badge system."""
