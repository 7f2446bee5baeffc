"""``stream``: messages of topics, without the people in them, to a topic or into a lake.

`plan` says what is done to a field when it is first seen, `cleaning` does it to a batch of
messages, `topic` and `lake` write what comes of it together with how far it got, `job` goes round.
"""
