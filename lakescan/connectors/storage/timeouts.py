"""How long the stores are waited for, and how often they are asked."""

from __future__ import annotations

#: Seconds to connect, seconds to wait for bytes, tries of one request, and seconds for all of
#: them: the SDKs back off exponentially, with jitter.
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS, TRY_SECONDS = 5, 30, 5, 30
