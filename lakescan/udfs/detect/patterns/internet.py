"""E-mail and network addresses, links, UUIDs."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.internet import (
    domain_of_pages,
    internationalized,
    ipv6,
    known_domain,
    not_a_version,
    not_an_assignment,
)
from lakescan.udfs.detect.pattern import VERSION, Edge, Pattern

_LABEL = "[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
_HOST = rf"(?:{_LABEL}\.){{1,8}}(?:[A-Za-z]{{2,24}}|xn--[0-9A-Za-z-]{{2,59}})"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_PATH = r"[^\s<>\"'`{}|\\^\[\]]"
_EMAIL = rf"[0-9A-Za-z_](?:[0-9A-Za-z._+-]{{0,62}}[0-9A-Za-z_+-])?@{_HOST}"
#: What begins the part of an address that holds values, or is a step of a path.
_QUERY = "[?#&]|%40|[^/]/[^/]+@"
_WWW = rf"www\.{_HOST}(?::[0-9]{{1,5}})?(?:[/?#]{_PATH}*[0-9A-Za-z/=&#_%~+-])?/?"
_UUID = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"

#: Letters, their marks and digits of scripts that set spaces between words; and of the others,
#: in which nothing in a text says where an address begins. Between the letters stands some rare
#: punctuation, too: each range of code points makes the automata larger.
_SPACED = "0-9A-Za-z\u00c0-\u05ff\u0620-\u0963\u0966-\u0dff\u10a0-\u10ff\u1e00-\u1fff"
_UNSPACED = "\u0e00-\u109f\u3041-\ud7a3"
_EVERY = _SPACED + _UNSPACED
_BEYOND = "[\u0080-\U0010ffff]"


def _label(letters: str) -> str:
    return rf"[{letters}](?:[{letters}-]*[{letters}])?"


def _international(letters: str) -> str:
    """An address with letters beyond ASCII; how long its parts may be, its check says."""
    local = rf"[{letters}_](?:[{letters}._+-]*[{letters}_+-])?"
    # Of one script or the other, so that no text right behind "example.org" is taken for its end.
    top = rf"(?:[{_UNSPACED}]{{2,}}|{_label(_SPACED)})"
    return rf"{local}@(?:{_label(_EVERY)}\.)+{top}"


PATTERNS = (
    Pattern(
        # RFC 5321, section 4.1.2 (dot-string), RFC 1035, section 2.3.4 (lengths).
        entity="EMAIL_ADDRESS",
        name="email",
        regex=_EMAIL,
        score=1.0,
    ),
    Pattern(
        # The same as a step of a path: "users/ann@example.org". Behind "//" it is an account of a
        # host.
        entity="EMAIL_ADDRESS",
        name="email_in_path",
        gate="/[0-9A-Za-z._+-]+@",
        regex=rf"/(?P<v>{_EMAIL})",
        score=0.95,
        edge=Edge.NONE,
        whole=False,
        against=("//",),
    ),
    Pattern(
        # The same at the beginning of one.
        entity="EMAIL_ADDRESS",
        name="email_before_path",
        gate="@[0-9A-Za-z.-]+/",
        regex=rf"(?P<v>{_EMAIL})/",
        score=0.95,
        whole=False,
        against=("//",),
    ),
    Pattern(
        # The same with at least one of the rarer characters of an atom.
        entity="EMAIL_ADDRESS",
        name="email_rare",
        regex=rf"[0-9A-Za-z._+-]{{1,40}}[!#$%&'*/=?^`{{|}}~][0-9A-Za-z!#$%&'*/=?^`{{|}}~._+-]{{0,40}}"
        rf"@{_HOST}",
        score=0.95,
        search=False,
        validate=not_an_assignment,
    ),
    Pattern(
        # The same in a URL (RFC 3986, section 2.1).
        entity="EMAIL_ADDRESS",
        name="email_encoded",
        gate="%40",
        regex=rf"[0-9A-Za-z_](?:(?:[0-9A-Za-z._+-]|%2B){{0,62}}[0-9A-Za-z_+-])?%40{_HOST}",
        score=1.0,
        ignore_case=True,
    ),
    Pattern(
        # Telex and airlines' messages have no @ and no _ (IATA Reservations Interline Message
        # Procedures, CTCE): "ANN..SMITH//EXAMPLE.ORG".
        entity="EMAIL_ADDRESS",
        name="email_telex",
        regex=r"[0-9A-Z][0-9A-Z.-]{0,48}//(?:[0-9A-Z-]{1,40}\.){1,4}[A-Z]{2,12}",
        score=0.85,
        gate="[0-9A-Z]//[0-9A-Z]",
    ),
    Pattern(
        # RFC 6531, section 3.3 (local part), RFC 5890, section 2.3.2.1 (U-labels).
        entity="EMAIL_ADDRESS",
        name="email_international",
        gate=rf"@[0-9A-Za-z.-]*{_BEYOND}|{_BEYOND}[0-9A-Za-z._+-]*@",
        regex=_international(_SPACED),
        score=1.0,
        validate=internationalized,
    ),
    Pattern(
        entity="EMAIL_ADDRESS",
        name="email_unspaced",
        regex=_international(_EVERY),
        score=1.0,
        validate=internationalized,
        search=False,
    ),
    Pattern(
        # With a password before the host it is a secret: `secrets.url_credentials`.
        entity="URL",
        name="url",
        gate="://",
        regex=rf"(?:https?|ftps?|sftp|wss?)://(?:[^\s/?#@:]{{1,128}}@)?(?:{_HOST}|{_IPV4}|localhost)"
        rf"(?::[0-9]{{1,5}})?(?:[/?#]{_PATH}*[0-9A-Za-z/=&#_%~+-])?/?",
        score=1.0,
        ignore_case=True,
        carries=_QUERY,
    ),
    Pattern(
        entity="URL",
        name="url_www",
        regex=_WWW,
        score=0.95,
        ignore_case=True,
        search=False,
        carries=_QUERY,
    ),
    Pattern(
        # The same in a text, of which short tokens without a digit are not looked at.
        entity="URL",
        name="url_www_in_text",
        gate=r"(?i:www\.)",
        regex=_WWW,
        score=0.95,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        # "linkedin.com/in/ann": a host and a path, of domains that are no ends of files' names.
        entity="URL",
        name="url_path",
        gate=r"\.[A-Za-z]{2,4}/",
        regex=rf"(?:^|[^0-9A-Za-z@._/+-])(?P<v>(?:{_LABEL}\.){{1,8}}[A-Za-z]{{2,4}}/{_PATH}*[0-9A-Za-z/=&#_%~+-])",
        score=0.85,
        validate=domain_of_pages,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        entity="URL",
        name="domain",
        regex=rf"{_HOST}(?:/{_PATH}*[0-9A-Za-z/=&#_%~+-])?/?",
        score=0.7,
        validate=known_domain,
        search=False,
        ignore_case=True,
        carries=_QUERY,
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
        gate=":[0-9A-Fa-f]{0,4}:",
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
    Pattern(
        # Documents, pictures, recordings and archives, which people name after people.
        entity="FILENAME",
        name="filename",
        regex=f"[0-9A-Za-z_{_SPACED}][0-9A-Za-z_.()+~{_SPACED}-]{{0,120}}"
        r"\.(?:pdf|docx?|odt|rtf|txt|pages|xlsx?|ods|csv|tsv|pptx?|odp|jpe?g|png|gif|tiff?|heic|bmp"
        r"|mp3|m4a|wav|ogg|mp4|mov|avi|mkv|zip|7z|rar|eml|msg)",
        gate=r"(?i:\.(?:pdf|doc|odt|rtf|txt|pag|xls|ods|csv|tsv|ppt|odp|jp|png|gif|tif|hei|bmp|mp|m4a"
        r"|wav|ogg|mov|avi|mkv|zip|7z|rar|eml|msg))",
        score=0.6,
        ignore_case=True,
        whole=False,
    ),
)
