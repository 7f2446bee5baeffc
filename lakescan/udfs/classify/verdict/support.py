"""How much a column's values speak for each entity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from lakescan.policy import ColumnPolicy
from lakescan.udfs.classify.profile.profile import HIT_PRECISION, ColumnProfile, Hit
from lakescan.udfs.classify.profile.sketch import DistinctSketch
from lakescan.udfs.classify.verdict.votes import Vote, inside_weight, read_votes
from lakescan.udfs.detect.allow import ALLOWED
from lakescan.udfs.detect.conflicts.disputes import LOST

#: A strict form or a check is rarely met by chance; when most of many distinct values meet it, what
#: a single value left open is settled: so much of the doubt goes.
_SETTLED = 0.7

#: Most, and many. One bare number in ten has a given check digit by chance; of six or more, four
#: fifths have it once in a thousand columns.
_MOST, _MANY = 0.8, 6

#: Cells that hold it in this share make a strict form as sure as it gets: how many more hold it is
#: the prevalence's to tell.
_ENOUGH = 0.5

#: Bare numbers with a right check digit score so much, and are called shapes all the same.
_CHECKED_SCORE = 0.29

#: Shapes that score as high without any check digit.
UNCHECKED = frozenset(
    "shape.us_ssn shape.credit_card shape.phone_national shape.phone_nanp"
    " shape.phone_international shape.card_expiration shape.hex_digest shape.iban"
    " shape.date_compact shape.ipv4".split()
)

#: Bare numbers whose whole proof is one check digit; where a stricter one fits as well, it wins.
ONE_DIGIT = frozenset(
    "shape.uk_utr shape.mx_clabe shape.pt_nif shape.ru_inn shape.fr_siret shape.jp_my_number"
    " shape.uk_nhs shape.it_iva shape.mx_nss shape.imei shape.th_id shape.ua_rntrc shape.fr_siren"
    " shape.il_id shape.hr_oib shape.br_pis shape.pl_regon shape.gr_afm shape.pl_nip shape.au_acn"
    " shape.nl_bsn shape.in_aadhaar shape.ca_sin shape.au_tfn shape.id_nik"
    " shape.au_medicare".split()
)
_LESS_SETTLED = 0.6

#: Where so few of the cells of a form pass its check, they pass it by chance.
_BY_CHANCE = 0.2

#: A word list scores a single cell low (0.45: "May", "Jordan", "Berlin" are several things); a
#: whole column of such cells is better evidence.
_LIST_GAIN = 1.9

#: Lists of codes of two or three letters: any short code is among them now and then, so a column
#: of such codes has next to no others.
_CODES = frozenset(["dictionary.country_code", "dictionary.country_code2", "dictionary.state_code"])
_NO_OTHERS, _SOME_OTHERS = 0.8, 0.5

#: Codes of airports, currencies and countries have so many letters.
_CODE = 3

#: What a model reads in cells without a sentence around them is less sure than it says.
_MODEL_TRUST = 0.9

#: Kinds of detectors that know words and prove nothing.
_KNOWING = frozenset(["shape", "dictionary", "ner"])


@dataclass(frozen=True, slots=True)
class Support:
    """What the values say for one entity.

    Args:
        entity: which.
        category: its category.
        certainty: 0..1: share of the values times how sure the detectors are of such values.
        share: of the filled cells, rows and distinct values taken together, whole cells first.
        rows: cells with a hit, by whichever detector; those of the widest one where not all of them
            count, or a model's are estimated.
        distinct: distinct values with one.
        proven: whether a strict form or a check stands behind it, not a list or a mere shape.
        hits: the evidence, most rows first.
        weights: what each hit brought to the certainty, before it was capped at the best one.
        whole: share of the cells that are a hit as a whole, by the detector that has most.
        sampled: values hit and values read, where ``rows`` follows from a sample of the values.
        named: whether the header holds a context word of the user's detector that found it.
    """

    entity: str
    category: str
    certainty: float
    share: float
    rows: int
    distinct: int
    proven: bool
    hits: tuple[Hit, ...]
    whole: float = 0.0
    sampled: tuple[int, int] | None = None
    weights: tuple[float, ...] = ()
    named: bool = False

    @property
    def weighed(self) -> tuple[tuple[Hit, float | None], ...]:
        """Each hit with its weight, None where it was not weighed."""
        weights = self.weights or (None,) * len(self.hits)
        return tuple(zip(self.hits, weights, strict=True))


def kind_of(detector: str) -> str:
    """``pattern``, ``shape``, ``dictionary``, ... : the first part of a detector's name."""
    return detector.partition(".")[0]


def supports(profile: ColumnProfile, policy: ColumnPolicy) -> tuple[Support, ...]:
    """The support of every entity that was found and that the policy wants."""
    by_entity: dict[str, list[Hit]] = {}
    rows = dict(profile.entity_rows)
    for hit in profile.hits:
        if kind_of(hit.detector) in (ALLOWED, LOST) or not policy.enabled(hit.entity):
            continue
        if _sure_enough(hit, policy):
            by_entity.setdefault(hit.entity, []).append(hit)
        else:
            rows.pop(hit.entity, None)
    base = max(1, profile.sketch.fold(HIT_PRECISION).count())
    votes = {
        entity: [_counted(h, profile, base) for h in hits] for entity, hits in by_entity.items()
    }
    for vote in () if _are_codes(profile) else read_votes(profile):
        entity = vote.hit.entity
        if entity == "AMOUNT" and _is_worded(profile):
            continue
        if policy.enabled(entity) and _sure_enough(vote.hit, policy):
            votes.setdefault(entity, []).append(vote)
    return tuple(
        _support(entity, policy.policy.category_of(entity), found, rows.get(entity, 0), profile)
        for entity, found in sorted(votes.items())
    )


def _are_codes(profile: ColumnProfile) -> bool:
    """Whether all cells are three capitals or less: a model guesses at what "SFO" may be."""
    text = profile.form.text
    short = text.rows > 0 and sum(text.lengths[: _CODE + 1]) == text.rows
    return short and text.uppers == text.letters == text.chars


def _is_worded(profile: ColumnProfile) -> bool:
    """Whether cells hold more letters than digits: a model takes "Lee #123" for a sum."""
    text = profile.form.text
    return text.letters > text.digits


def _sure_enough(hit: Hit, policy: ColumnPolicy) -> bool:
    """Whether a detector reaches the threshold that the policy gives to it by name, if any."""
    least = policy.threshold(hit.entity, hit.detector)
    return hit.mean_score >= least or least == policy.threshold(hit.entity)


def _counted(hit: Hit, profile: ColumnProfile, base: int) -> Vote:
    """A vote that was counted over all cells.

    Of rows and of distinct values alike: repeating one value makes no evidence.
    """
    known = min(1.0, hit.sketch.count() / base)
    filled = max(1, profile.filled)
    rows = hit.whole_rows + inside_weight(profile) * (hit.rows - hit.whole_rows)
    return Vote(
        hit=hit,
        share=(rows / filled + known * rows / hit.rows) / 2,
        whole=hit.whole_rows / filled,
        rows=hit.rows,
        distinct=max(1, round(known * profile.distinct)),
    )


def _support(
    entity: str, category: str, votes: list[Vote], rows: int, profile: ColumnProfile
) -> Support:
    certainty, best, share, proven_share = 0.0, 0.0, 0.0, 0.0
    distinct = max(vote.distinct for vote in votes)
    if len(votes) > 1:
        distinct = max(distinct, _distinct_of_all(votes, profile))
    checked = sum(vote.share for vote in votes if _is_checked(vote.hit))
    settled = checked >= _MOST and distinct >= _MANY
    weighed: list[tuple[Hit, float]] = []
    coded = sum(vote.share for vote in votes if vote.hit.detector in _CODES)
    failed = {_name(v.hit): v.rows for v in votes if kind_of(v.hit.detector) == "shape"}
    for vote in votes:
        strength = _strength(vote.hit, settled=settled)
        passes = _is_checked(vote.hit) and kind_of(vote.hit.detector) == "pattern"
        if passes and vote.rows <= _BY_CHANCE * (vote.rows + failed.get(_name(vote.hit), 0)):
            strength = 0.0
        if vote.hit.detector in _CODES and coded < _NO_OTHERS:
            strength *= _SOME_OTHERS
        kind = kind_of(vote.hit.detector)
        listed = kind in ("shape", "dictionary")
        weight = strength * (vote.share if listed else min(1.0, vote.share / _ENOUGH))
        weighed.append((vote.hit, weight))
        certainty += weight
        best = max(best, strength)
        share += vote.share
        if kind not in _KNOWING:
            proven_share += vote.share
    share = min(1.0, share)
    weighed.sort(key=lambda pair: (-pair[0].rows, -pair[0].score, pair[0].detector))
    widest = max(votes, key=lambda vote: (vote.rows, vote.sampled is None))
    return Support(
        entity=entity,
        category=category,
        certainty=min(certainty, best),
        share=share,
        rows=max(widest.rows, rows),
        distinct=distinct,
        proven=proven_share > 0 and proven_share >= share / 2,
        hits=tuple(hit for hit, _ in weighed),
        weights=tuple(weight for _, weight in weighed),
        whole=max(vote.whole for vote in votes),
        sampled=widest.sampled if widest.rows > rows else None,
    )


def _distinct_of_all(votes: list[Vote], profile: ColumnProfile) -> int:
    """Distinct values that any detector found; a model's sample counts for itself alone."""
    counted = [vote.hit.sketch for vote in votes if vote.sampled is None]
    base = max(1, profile.sketch.fold(HIT_PRECISION).count())
    known = (
        reduce(DistinctSketch.merge, counted, DistinctSketch.empty(HIT_PRECISION)).count() / base
    )
    return round(min(1.0, known) * profile.distinct)


def _strength(hit: Hit, *, settled: bool) -> float:
    score = hit.mean_score
    if kind_of(hit.detector) == "ner":
        return score * _MODEL_TRUST
    if kind_of(hit.detector) == "dictionary":
        return min(0.95, score * _LIST_GAIN)
    if settled and _is_checked(hit):
        return score + (1 - score) * (_LESS_SETTLED if hit.detector in ONE_DIGIT else _SETTLED)
    return score


def _name(hit: Hit) -> str:
    """The detector's name without its kind, which a form and its check share."""
    return hit.detector.partition(".")[2]


def _is_checked(hit: Hit) -> bool:
    """Whether a value of this form by chance is the exception.

    A user's detector is as sure as its score says, however many values it finds.
    """
    kind = kind_of(hit.detector)
    if kind == "custom":
        return False
    if kind == "shape":
        return hit.mean_score >= _CHECKED_SCORE and hit.detector not in UNCHECKED
    return kind not in _KNOWING


def pooled(found: list[Support], entity: str, category: str) -> Support | None:
    """Strictly formed numbers of several countries in one column, taken together."""
    proven = [s for s in found if s.proven]
    if len(proven) < 2:
        return None
    share = min(1.0, sum(s.share for s in proven))
    mean = sum(s.certainty for s in proven) / sum(min(1.0, s.share / _ENOUGH) for s in proven)
    pairs = [(hit, weight or 0.0) for s in proven for hit, weight in s.weighed]
    pairs.sort(key=lambda pair: (-pair[0].rows, pair[0].detector))
    return Support(
        entity=entity,
        category=category,
        certainty=mean * min(1.0, share / _ENOUGH),
        share=share,
        rows=sum(s.rows for s in proven),
        distinct=sum(s.distinct for s in proven),
        proven=True,
        hits=tuple(hit for hit, _ in pairs),
        weights=tuple(weight for _, weight in pairs),
    )
