"""Strings by their shape, in which every digit is 0 and every letter A or a: few stand for many."""
