"""Free text: cells of prose, and what is found inside them."""

from __future__ import annotations

from lakescan.udfs.classify.header.lexicon import HINT
from lakescan.udfs.classify.verdict.forms import Shape
from lakescan.udfs.classify.verdict.support import Support, kind_of
from lakescan.udfs.classify.verdict.table import PLAIN, Column
from lakescan.udfs.classify.verdict.weighing import Argument, Weighed

#: Cells are prose when they have six words or more (`TextStats.prose`); a column is free text when
#: so many of its values are, and fewer will do under a header such as "comment".
_PROSE, _PROSE_HEADED = 0.5, 0.2

#: Under such a header short notes are prose too: so many words a cell.
_NOTE_WORDS = 3.0

#: Prose is written anew in each row. A column that repeats a few sentences is a list of labels,
#: unless it is called a note or the like.
_LEAST_NEW, _LEAST_DISTINCT = 0.25, 5

#: A text of which each line is a row is letters to such a share, has so many words a line, and
#: fewer of these with a capital: the lines of a list of titles have one on each word.
_LETTERS, _LINE_OF_TEXT, _ALL_CAPITALS = 0.5, 2.0, 0.8

#: A description says what a code stands for, the same in each row.
_DESCRIBING = frozenset(
    "description descriptions desc descr dscr title label bezeichnung beschreibung libelle"
    " descripcion descrizione descricao omschrijving opis".split()
)

#: Lines of a log have fewer letters than prose, and are long: so many words and characters a cell,
#: and so many of these are digits.
_LINE_WORDS, _LINE_CHARS, _LINE_DIGITS = 6.0, 50.0, 0.1

#: A whole cell that is something else (a street, a date, a link) is no prose.
_WHOLE = 0.5

#: Findings inside text are told from this share of the rows on.
_LEAST_ROWS = 0.001

#: What nothing else looks like, and so sure of itself.
_TELLING = frozenset(
    "EMAIL_ADDRESS IBAN CREDIT_CARD CREDIT_CARD_TRACK PASSPORT_MRZ IT_FISCAL_CODE MX_CURP"
    " PRIVATE_KEY CONNECTION_STRING JWT BEARER_TOKEN PASSWORD_HASH API_KEY AWS_ACCESS_KEY"
    " GCP_API_KEY GCP_SERVICE_ACCOUNT AZURE_STORAGE_KEY GITHUB_TOKEN GITLAB_TOKEN SLACK_TOKEN"
    " SLACK_WEBHOOK STRIPE_KEY TWILIO_KEY SENDGRID_KEY MAILGUN_KEY NPM_TOKEN PYPI_TOKEN OPENAI_KEY"
    " ANTHROPIC_KEY HUGGINGFACE_TOKEN DATABRICKS_TOKEN TELEGRAM_TOKEN".split()
)
_SURE, _CEILING = 0.9, 0.99

#: A finding stands inside of cells where no more of its share than this is whole cells.
_MOSTLY_INSIDE = 0.5

#: Lines of words, however many signs and numbers stand between these, are letters to such a share.
_WORDED = 0.3

#: What is inside of so many lines says what the lines are: "tel. 555-0142".
_MOST_LINES = 0.5

#: So sure are lines to be those of a text that nothing tells but what stands inside of them.
LINES_CONFIDENCE = 0.6

#: Names that a model is so sure of, inside of so many different cells: "PAYMENT TO ANN LEE".
_NAMED_CELLS, _NAMED_SURELY = 5, 0.95
_AMONG = Argument("values", _SURE, ("read with certainty inside of longer values",))
_SCATTERED = Argument("values", _SURE, ("unmistakable, in however few cells",))

#: A model may err in one value; what it alone saw must stand in so many different ones. Of a few
#: values one is no exception: there it counts if the model was sure.
_LEAST_READ = 2
_FEW, _READ_SURELY = 20, 0.95


def free_text(column: Column, concepts: dict[str, float], *, lines: bool = False) -> float:
    """Confidence that a column is free prose; 0 where it is not.

    Args:
        column: with its header and the form of its values.
        concepts: of the header.
        lines: it is the table's only one, and without a name: the lines of a text, or of a list.
    """
    shape = column.shape
    named, addressed = (concepts.get(each, 0.0) >= PLAIN for each in ("text", "street"))
    lines = lines and _is_text(shape)
    few = shape.distinct < (2 if named else _LEAST_DISTINCT)
    if shape.text.rows == 0 or (few and not lines):
        return 0.0
    log = _is_log(shape)
    prose = lines or shape.prose >= (_PROSE_HEADED if named else _PROSE)
    if not prose and not log and not (named and shape.words >= _NOTE_WORDS):
        return 0.0
    noted = prose and concepts.get("text", 0.0) >= HINT and shape.distinct >= _LEAST_DISTINCT
    noted = noted and not _DESCRIBING & set(column.header.words)
    if not _is_new(shape) and not noted:
        return 0.0
    if not named and (addressed or (not log and not lines and _is_list_of_names(shape))):
        return 0.0
    for support in column.supports:
        whole = support.whole
        if whole * support.certainty >= _WHOLE * 0.5 and whole >= _WHOLE and not named:
            return 0.0
    return min(0.95, 0.6 + 0.35 * shape.prose + (0.1 if named else 0.0))


def prose_argument(column: Column) -> Argument:
    """Why a column that is prose is called so."""
    shape = column.shape
    if shape.prose < _PROSE and _is_log(shape):
        return Argument("values", 1.0, ("long lines of words and numbers, each of them new",))
    if shape.prose < _PROSE_HEADED and not column.header.words:
        return Argument("values", 1.0, ("lines of words in one column without a name",))
    share = f"{100 * shape.prose:.0f} % of the values have six words or more"
    anew = ", written anew in each row" if _is_new(shape) else ""
    return Argument("values", 1.0, (share + anew,))


def _is_new(shape: Shape) -> bool:
    """Whether what stands there is written anew in each row, as far as prose ever is."""
    return shape.distinct >= _LEAST_NEW * shape.profile.filled or shape.distinct >= 200


def _is_text(shape: Shape) -> bool:
    """Whether lines are those of a letter, a chat, a note: words, and not each with a capital."""
    text = shape.text
    lettered = text.letters >= _LETTERS * text.chars
    spoken = text.uppers < _ALL_CAPITALS * shape.words * text.rows
    return lettered and spoken and shape.words >= _LINE_OF_TEXT


def _is_log(shape: Shape) -> bool:
    """Long lines of words between times, numbers and identifiers, each of them new."""
    text = shape.text
    long = shape.words >= _LINE_WORDS and text.chars >= _LINE_CHARS * text.rows
    numbered = text.digits >= _LINE_DIGITS * text.chars
    return long and numbered and shape.distinct >= _PROSE * shape.profile.filled


def _is_list_of_names(shape: Shape) -> bool:
    """Long titles or labels rather than sentences: capitals at the start of words, or all over."""
    words = shape.words * shape.text.rows
    return shape.text.uppers >= 0.6 * words


def found_inside(column: Column) -> list[Weighed]:
    """What stands inside the text, surest first; lists and shapes do not count there."""
    filled = max(1, column.shape.profile.filled)
    found = []
    for support in column.supports:
        hits = [hit for hit in support.hits if kind_of(hit.detector) not in ("shape", "dictionary")]
        if not hits:
            continue
        estimate = 0 if support.sampled is None else support.rows
        rare = max(estimate, *(hit.rows for hit in hits)) < _LEAST_ROWS * filled
        if rare and not is_unmistakable(support):
            continue
        read = [hit for hit in hits if kind_of(hit.detector) == "ner"]
        if len(read) == len(hits) and support.distinct < _LEAST_READ:
            surely = max(hit.mean_score for hit in hits) >= _READ_SURELY
            if column.shape.distinct > _FEW or not surely:
                continue
        surest = max(hit.mean_score for hit in hits)
        certainty = surest * (1 - 0.5 ** (support.distinct + 1))
        if is_unmistakable(support):
            certainty = surest
        because = (f"inside prose: mean score and {support.distinct} distinct values",)
        argument = Argument("values", certainty, because)
        found.append(Weighed(support.entity, min(_CEILING, certainty), 0.0, support, argument))
    return found


def between_words(column: Column) -> list[Weighed]:
    """What mostly stands inside of longer lines: assignments, markup, code are no prose.

    Among numbers it is nothing: parts of long ones pass a check by chance.
    """
    text = column.shape.text
    if text.letters < _WORDED * text.chars:
        return []
    return [
        weighed
        for weighed in found_inside(column)
        if weighed.support is not None
        and (_is_inside(weighed.support) or is_unmistakable(weighed.support))
    ]


def tells_lines(weighed: Weighed, column: Column) -> bool:
    """Whether a verdict says what the lines are, and not only what some of them hold."""
    support = weighed.support
    filled = column.shape.profile.filled
    return support is None or not _is_inside(support) or support.rows >= _MOST_LINES * filled


def _is_inside(support: Support) -> bool:
    return support.whole <= _MOSTLY_INSIDE * support.share


def is_unmistakable(support: Support) -> bool:
    """Whether one find is enough to tell: a strict form, or a check that chance does not pass."""
    return support.entity in _TELLING and any(
        kind_of(hit.detector) in ("pattern", "deny") and hit.mean_score >= _SURE
        for hit in support.hits
    )


def scattered(column: Column) -> list[Weighed]:
    """Personal data in a few cells of a column that is something else, or nothing known.

    One e-mail address among fifty thousand codes makes no column of addresses, and yet is there.
    Among numbers a card is none: one long number in a hundred passes its check by chance.
    """
    found = [
        Weighed(s.entity, min(_CEILING, s.hits[0].mean_score), 0.0, s, _SCATTERED)
        for s in column.supports
        if is_unmistakable(s) and not (s.entity == "CREDIT_CARD" and column.shape.numeric >= _WHOLE)
    ]
    return found + [_among(s) for s in column.supports if _is_name_inside(s)]


def _among(support: Support) -> Weighed:
    surely = max(hit.mean_score for hit in support.hits)
    return Weighed(support.entity, min(_SURE, surely), 0.0, support, _AMONG)


def _is_name_inside(support: Support) -> bool:
    """Whether a model is sure of persons in several cells that are more than their names."""
    read = [hit for hit in support.hits if kind_of(hit.detector) == "ner"]
    return (
        support.entity == "PERSON"
        and support.distinct >= _NAMED_CELLS
        and _is_inside(support)
        and any(hit.mean_score >= _NAMED_SURELY for hit in read)
    )
