"""DAGs to copy: each a file, run for real by the tests."""
