"""Made-up values in the place of real ones: the same for equal values, of the same kind and form.

`operator` picks a maker by entity; names are drawn word by word, so that a first name is the same
in a column of first names, in a full name and in an e-mail address.
"""
