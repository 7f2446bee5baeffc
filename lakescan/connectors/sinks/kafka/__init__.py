"""Tables and topics into topics: staged in a topic of the run's own, shown by one transaction.

`log` has what a target's runs write down, `staging` a message's form until the commit, `rows` how
rows become messages, `sink` the road.
"""

from __future__ import annotations
