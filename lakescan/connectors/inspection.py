"""One file -> the tables in it, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator

from lakescan.connectors.archives import ZIP_MAGIC, list_members, member_names
from lakescan.connectors.decoding import DECODER_ERRORS, decoder_error
from lakescan.connectors.formats import Layout, detect, format_named
from lakescan.connectors.formats.detect import compression_of, extension_of, zip_format
from lakescan.connectors.model import Selection, SourceFailure
from lakescan.connectors.paths import hidden, matches
from lakescan.connectors.shelf import Found
from lakescan.connectors.source import Source
from lakescan.connectors.storage import FileObject, Storage
from lakescan.errors import LakeError, UnsupportedError


def inspect_file(
    storage: Storage, file: FileObject, selection: Selection
) -> list[Found | SourceFailure]:
    """Describe the tables of one file, or of each member of an archive."""
    try:
        return list(_inspect(storage, file, selection))
    except LakeError as error:
        return [SourceFailure(file.uri, error)]
    except DECODER_ERRORS as error:
        return [SourceFailure(file.uri, decoder_error(file.uri, error))]


def _inspect(
    storage: Storage, file: FileObject, selection: Selection
) -> Iterator[Found | SourceFailure]:
    source = Source.of(storage, file)
    source = source.with_head()
    head = source.first
    if head.startswith(ZIP_MAGIC) and extension_of(file.uri) == ".zip":
        if source.member is not None:
            raise UnsupportedError(f"{file.uri}: an archive in an archive", uri=file.uri)
        for member in list_members(storage, file):
            name = member.uri.partition("!/")[2]
            taken = not selection.include or matches(name, selection.include)
            if taken and not hidden(name) and not matches(name, selection.exclude):
                yield from inspect_file(storage, member, selection)
        return
    for layout in _layouts(source, selection):
        yield Found(file, layout)


def _layouts(source: Source, selection: Selection) -> tuple[Layout, ...]:
    head = source.first
    compression = compression_of(head)
    if compression:
        source = source.compressed(compression).with_head()
        head = source.first
    if selection.format:
        name = selection.format
    elif head.startswith(ZIP_MAGIC):
        with source.random() as file:
            name = zip_format(member_names(file, source.uri), source.uri)
    else:
        name = detect(source.uri, head)
    return format_named(name).inspect(source, selection)
