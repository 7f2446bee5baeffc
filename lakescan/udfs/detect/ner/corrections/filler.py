"""Filler text is about nobody: ``Lorem ipsum dolor sit amet``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakescan.udfs.detect.ner.spans import Span

#: Words of the usual filler that no language of today has; three of them make a text filler.
_TELLING = re.compile(
    r"(?<!\w)(?:lorem|ipsum|consectetur|consectetuer|adipiscing|incididunt|exercitation|cupidatat"
    r"|pellentesque|vestibulum|scelerisque|suspendisse|condimentum|sollicitudin|ullamcorper|venenatis"
    r"|pharetra|dapibus|vivamus|curabitur|phasellus|vehicula|tincidunt|porttitor|lobortis|faucibus"
    r"|malesuada|dignissim|bibendum|eleifend|fermentum|habitasse|platea|dictumst)(?!\w)",
    re.IGNORECASE,
)
_ENOUGH = 3

#: The rest of them (Cicero, De finibus 1.10.32 f., and what generators add).
_WORDS = frozenset(
    "lorem ipsum dolor sit amet consectetur consectetuer adipiscing adipisicing elit sed do"
    " eiusmod tempor incididunt ut labore et dolore magna aliqua aliquam enim ad minim veniam quis"
    " nostrud exercitation ullamco ullamcorper laboris nisi aliquip ex ea commodo consequat duis"
    " aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla nullam pariatur"
    " excepteur sint occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim"
    " id est laborum vestibulum ante primis faucibus facilisi facilisis praesent cursus vel"
    " scelerisque nisl mattis purus fermentum aenean lacinia bibendum maecenas mollis interdum"
    " donec metus auctor fringilla integer posuere erat a venenatis dapibus aliquet morbi leo"
    " risus porta ac at eros etiam sem malesuada euismod lobortis curabitur blandit tempus"
    " porttitor eget urna ornare fusce tellus tortor mauris condimentum nibh quisque pretium proin"
    " pellentesque orci vivamus suscipit felis volutpat tincidunt pulvinar libero justo lectus"
    " arcu nunc turpis egestas sapien ligula vitae quam viverra neque cras massa diam dictum"
    " rhoncus hendrerit semper tristique senectus netus fames habitant ultricies ultrices gravida"
    " augue accumsan lacus sagittis iaculis congue sodales convallis eleifend elementum imperdiet"
    " feugiat varius phasellus vehicula placerat laoreet luctus cubilia curae suspendisse potenti"
    " nam odio dignissim efficitur sollicitudin molestie pharetra class aptent taciti sociosqu"
    " litora torquent per conubia nostra inceptos himenaeos natoque penatibus magnis dis"
    " parturient montes nascetur ridiculus mus cum sociis rutrum vulputate consequuntur hac"
    " habitasse platea dictumst finibus maximus".split()
)
_WORD = re.compile(r"[^\W\d_]+")


def without_filler(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans but those of filler words alone, in a text that has filler.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    telling = {
        match.group().lower() for match, _ in zip(_TELLING.finditer(text), range(64), strict=False)
    }
    if len(telling) < _ENOUGH:
        return list(spans)
    return [span for span in spans if not _is_filler(text[span.start : span.end])]


def _is_filler(said: str) -> bool:
    return all(word.lower() in _WORDS for word in _WORD.findall(said)) and said.isascii()
