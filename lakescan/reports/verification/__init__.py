"""Whether an anonymized lake keeps what it promised: leaks, schema, rows, joins, risk; no value."""
