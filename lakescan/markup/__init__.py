"""Pieces of HTML for notebooks: escaped where they are made, one look in light and in dark.

Below everything else, so that a policy can show itself as a report does.
"""
