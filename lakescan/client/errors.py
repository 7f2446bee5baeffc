"""What a service may say no with.

LakescanError
├── ServiceRefusedError    it understood, and will not: another request is needed
│   └── (CredentialError)  401 and 403 are told as the library's own
└── ServiceBusyError       it could not now: tried again already, as often as was asked for
"""

from __future__ import annotations

from lakescan.errors import TerminalError, TransientError


class ServiceRefusedError(TerminalError):
    """The service refused a request; a retry cannot help.

    Args:
        message: the service's own; holds no value of the request.
        status: of the answer.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class ServiceBusyError(TransientError):
    """The service could not answer, however often it was asked.

    Args:
        message: why.
        status: of the last answer; 0 where there was none.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status
