"""What people and tools read of a run: terminal, HTML, JSON, Markdown, Parquet, SARIF.

Everything is made from the values of `lakescan.reports.model`; nothing here knows where the data
came from or how they were read.
"""
