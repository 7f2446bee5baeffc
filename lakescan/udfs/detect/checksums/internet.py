"""Checks of network names and addresses."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates
from lakescan.udfs.detect.matching.regexes import is_wholly

#: Top-level domains that make a bare name with a dot a host and not a file or a sentence's end.
_DOMAINS = (
    "com net org edu gov mil int info biz name pro aero coop museum io ai app dev co me tv eu uk us"
    " ca au nz de fr es it pt nl be ch at se no fi dk is ie pl cz sk hu ro bg gr hr si rs ua ru by"
    " lt lv ee lu mt cy tr il ae sa za ng ke eg ma in pk bd lk cn jp kr hk tw sg my th vn id ph br"
    " mx ar cl pe ve uy ec bo py cr xyz online site store shop tech cloud blog"
).split()


#: Those in which people have pages, and that end no file's name.
_PAGES = frozenset(
    "com net org edu gov io ai app dev co me tv eu uk us ca au nz de fr es it pt nl be ch at se no"
    " fi dk ie pl cz br mx ar cl in jp ly gg".split()
)


def domain_of_pages(candidates: Candidates) -> BoolArray:
    """Whether the host before the path ends in such a domain."""
    host = candidates.texts.str.to_lowercase().str.extract(r"\A([^/:]+)")
    valid: BoolArray = host.str.extract(r"([a-z]+)\z").is_in(_PAGES).fill_null(False).to_numpy()
    return valid


def known_domain(candidates: Candidates) -> BoolArray:
    """Whether the host ends in a well-known top-level domain."""
    host = candidates.texts.str.to_lowercase().str.extract(r"\A([^/]+)")
    valid: BoolArray = host.str.extract(r"([a-z]+)\z").is_in(_DOMAINS).fill_null(False).to_numpy()
    return valid


def is_known_domain(host: str) -> bool:
    """The same of one host."""
    return host.rpartition(".")[2].lower() in _DOMAINS


def internationalized(candidates: Candidates) -> BoolArray:
    """Addresses that are not all ASCII, and none of whose parts is too long or a number.

    RFC 5321, section 4.5.3.1: 64 octets before the ``@``, 255 after it; RFC 5890, section 2.3.2.1:
    63 in a label, of which a top-level domain has no digits.
    """
    if candidates.are_ascii:
        return np.zeros(len(candidates), np.bool_)
    texts = candidates.texts
    valid: BoolArray = (texts.str.len_bytes() > texts.str.len_chars()).to_numpy(writable=True)
    some = np.flatnonzero(valid)
    if not len(some):
        return valid
    parts = taken(texts, some).str.splitn("@", 2).struct.unnest()
    local, host = parts.get_columns()
    top = host.str.extract(r"([^.]+)\z")
    valid[some] = (
        (local.str.len_bytes() <= 64)
        & (host.str.len_bytes() <= 255)
        & ~local.str.contains("..", literal=True)
        & ~host.str.contains(r"[^.]{64}")
        & (top.str.len_chars() >= 2)
        & (~top.str.contains(r"\d") | top.str.starts_with("xn--"))
    ).to_numpy()
    return valid


def ipv6(candidates: Candidates) -> BoolArray:
    """RFC 4291, section 2.2: eight groups, or fewer with exactly one ``::``; no bare ``::``."""
    bare = candidates.texts.str.extract(r"\A([^%]*)")
    groups = bare.str.count_matches("[0-9A-Fa-f]+").to_numpy().astype(np.int64)
    groups -= 2 * bare.str.contains(".", literal=True).to_numpy()
    # An IPv4 tail holds four numbers and stands for two groups: four minus two.
    gaps = bare.str.count_matches("::", literal=True).to_numpy()
    clean = ~bare.str.contains(r":::|::[^:].*::|\A:[^:]|[^:]:\z").to_numpy()
    full = (gaps == 0) & (groups == 8)
    # Two groups on a short address are a time or a ratio ("12::30"), so ask for a letter or more.
    short = (gaps == 1) & (groups < 8) & (groups >= 1)
    lettered = bare.str.contains("[A-Fa-f]").to_numpy() | (groups >= 3) | (bare == "::1").to_numpy()
    valid: BoolArray = clean & (full | (short & lettered))
    return valid


def not_an_assignment(candidates: Candidates) -> BoolArray:
    """Whether an address is more than a setting that has one: ``ADMIN_EMAIL=ops@example.org``."""
    return ~candidates.contain(r"\A[A-Za-z_.-]+=[^=]+\z")


def not_a_version(candidates: Candidates) -> BoolArray:
    """Whether four numbers are more likely an address than the version of a program.

    Versions count up from nought: all four below 32, which of random addresses one in four
    thousand is. Private networks count up too: 10.x.x.x (RFC 1918) are addresses, and so are the
    well-known resolvers (1.1.1.1, 8.8.8.8, 9.9.9.9).
    """
    texts = candidates.texts
    small = is_wholly(texts, r"(?:[12]?[0-9]|3[01])(?:\.(?:[12]?[0-9]|3[01])){3}")
    known = r"(?:10\.|1\.1\.1\.1|8\.8\.[48]\.[48]|9\.9\.9\.9|0\.0\.0\.0)[0-9./:]*"
    return ~small | is_wholly(texts, known)
