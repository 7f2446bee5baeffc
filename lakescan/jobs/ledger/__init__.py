"""What a run has done, kept so that it can go on, be repeated cheaply, and be read whole or not.

`parts` packs partial results into files, `folder` lays out the run folder, `book` writes a run
into it and commits it.
"""
