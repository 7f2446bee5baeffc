"""E-mail and network addresses, links, UUIDs."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.internet import ipv6, known_domain, not_a_version
from lakescan.udfs.detect.pattern import VERSION, Edge, Pattern

_LABEL = "[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
_HOST = rf"(?:{_LABEL}\.){{1,8}}(?:[A-Za-z]{{2,24}}|xn--[0-9A-Za-z-]{{2,59}})"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_PATH = r"[^\s<>\"'`{}|\\^\[\]]"
_UUID = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"

PATTERNS = (
    Pattern(
        # RFC 5321, section 4.1.2 (dot-string), RFC 1035, section 2.3.4 (lengths).
        entity="EMAIL_ADDRESS",
        name="email",
        regex=rf"[0-9A-Za-z_](?:[0-9A-Za-z._+-]{{0,62}}[0-9A-Za-z_+-])?@{_HOST}",
        score=1.0,
    ),
    Pattern(
        # The same with at least one of the rarer characters of an atom.
        entity="EMAIL_ADDRESS",
        name="email_rare",
        regex=rf"[0-9A-Za-z._+-]{{1,40}}[!#$%&'*/=?^`{{|}}~][0-9A-Za-z!#$%&'*/=?^`{{|}}~._+-]{{0,40}}"
        rf"@{_HOST}",
        score=0.95,
        search=False,
    ),
    Pattern(
        entity="URL",
        name="url",
        gate="://",
        regex=rf"(?:https?|ftps?|sftp|wss?)://(?:[^\s/?#@]{{1,128}}@)?(?:{_HOST}|{_IPV4}|localhost)"
        rf"(?::[0-9]{{1,5}})?(?:[/?#]{_PATH}*[0-9A-Za-z/=&#_%~+-])?/?",
        score=1.0,
        ignore_case=True,
    ),
    Pattern(
        entity="URL",
        name="url_www",
        gate=r"(?i:www\.)",
        regex=rf"www\.{_HOST}(?::[0-9]{{1,5}})?(?:[/?#]{_PATH}*[0-9A-Za-z/=&#_%~+-])?/?",
        score=0.95,
        ignore_case=True,
    ),
    Pattern(
        entity="URL",
        name="domain",
        regex=rf"{_HOST}(?:/{_PATH}*[0-9A-Za-z/=&#_%~+-])?/?",
        score=0.7,
        validate=known_domain,
        search=False,
        ignore_case=True,
    ),
    Pattern(
        entity="IP_ADDRESS",
        name="ipv4",
        regex=_IPV4,
        score=0.95,
        validate=not_a_version,
        weak=0.3,
        context=("ip", "address", "host", "server", "ping", "adresse", "client", "from"),
        edge=Edge.NUMBER,
        against=VERSION,
    ),
    Pattern(
        entity="IP_ADDRESS",
        name="ipv4_network",
        regex=rf"{_IPV4}(?:/(?:3[0-2]|[12]?[0-9])|:[0-9]{{2,5}})",
        score=0.95,
        search=False,
    ),
    Pattern(
        # RFC 4291, section 2.2.
        entity="IP_ADDRESS",
        name="ipv6",
        gate="::|[0-9A-Fa-f]:[0-9A-Fa-f]{0,4}:",
        regex=rf"[0-9A-Fa-f]{{0,4}}(?::[0-9A-Fa-f]{{0,4}}){{2,7}}(?::{_IPV4})?(?:%[0-9A-Za-z]{{1,16}})?",
        score=0.95,
        validate=ipv6,
    ),
    Pattern(
        # IEEE 802 EUI-48, and the dotted form of network equipment.
        entity="MAC_ADDRESS",
        name="mac",
        gate="[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}:",
        regex="[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})"
        r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
        score=0.95,
    ),
    Pattern(
        # RFC 9562, section 4.
        entity="UUID",
        name="uuid",
        regex=_UUID,
        score=1.0,
    ),
    Pattern(
        entity="UUID",
        name="uuid_braced",
        regex=rf"\{{{_UUID}\}}",
        score=1.0,
        search=False,
    ),
)
