"""What differs from one database to the next, one module each."""
