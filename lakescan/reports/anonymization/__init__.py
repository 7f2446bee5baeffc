"""What was done to which column: the report of an anonymize job, its JSON, its table, its page.

It holds names, operators, key ids and counts; never a value, never a key.
"""
