"""Operators: what is put in a value's place. One a module, and what several of them share."""
