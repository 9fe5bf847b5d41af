"""Claims as data: what a form looks for, what excuses it, and sentences that show both.

Each file forms/<id>.yaml, or language/<lang>/claims/<id>.yaml, contains forms of one kind of claim:

    id: refused-treatment
    purpose: Advice to refuse or to delay a vaccine or a treatment.
    source: ...                            # what the forms are based on
    as_of: 2026-11-26
    words: {care: [vaccin*, chemotherapy]} # phrases that `<care>` stands for in the patterns of this file
    patterns: {some: (?:a|any) <care>}     # patterns that `<some>` stands for
    unless: [question, negated]            # for each form: what excuses it (see `Excuse`)
    forms:
      - id: refuse
        match: \\b(?:refuse|delay) (?:\\w+ ){0,3}?<care>
        not_before: \\bdoctors?\\b           # what must not come before it in its sentence
        not_after: ^ until                  # what must not come after it
        not: tetanus                        # what must not occur in it
        bad: [Refuse chemotherapy.]         # its tests: sentences it finds, and sentences it leaves alone
        good: [Do not refuse chemotherapy.]

Patterns are regular expressions on folded text (`pubkit.language.matching`), in which a blank also stands for a hyphen and
`<name>` for any phrase of that name in `words`, or of the word list of that name. A group named `said` marks the claim
itself if the pattern matches more.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from pubkit.claims.grammar import attributed, cautioned, disowned, is_question, negated
from pubkit.claims.wordlists import REMEMBERED, Hit, compile_grammar, phrase_pattern
from pubkit.packaged import parsed

__all__ = ["Form", "FormFile", "Forms", "form_ids", "forms", "found_by"]

Excuse = Literal["question", "negated", "attributed", "cautioned", "disowned"]
_EXCUSES: dict[Excuse, Callable[[str, int, int], bool]] = {
    "question": lambda text, _start, _end: is_question(text),
    "negated": lambda text, start, _end: negated(text, start),
    "attributed": lambda text, start, _end: attributed(text, start),
    "cautioned": lambda text, start, _end: cautioned(text, start),
    "disowned": disowned,
}


#: A longer sentence is read in parts, so that the time needed grows no faster than its length.
_WINDOW = 1_000
_OVERLAP = 200


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to put a claim, as its file states it."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    match: Annotated[str, Meta(min_length=4)]
    bad: Annotated[list[str], Meta(min_length=1)]
    good: list[str] = []
    not_in: str = field(name="not", default="")
    not_before: str = ""
    not_after: str = ""
    unless: list[Excuse] | None = None
    source: str = ""
    as_of: dt.date | None = None


class FormFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The forms of one kind of claim, as their file states them."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z-]{1,40}$")]
    purpose: Annotated[str, Meta(min_length=10)]
    source: Annotated[str, Meta(min_length=4)]
    as_of: dt.date
    forms: Annotated[list[Form], Meta(min_length=1)]
    words: dict[str, list[str]] = {}
    patterns: dict[str, str] = {}
    unless: list[Excuse] = []
    not_in_sentence: str = ""


class _Ready:
    """A form with its patterns compiled."""

    def __init__(self, form: Form, file: FormFile) -> None:
        self.form = form
        self._match = _compiled(form.match, file)
        self._not = _compiled(form.not_in, file) if form.not_in else None
        self._before = _compiled(form.not_before, file) if form.not_before else None
        self._after = _compiled(form.not_after, file) if form.not_after else None
        self._unless = [_EXCUSES[name] for name in (file.unless if form.unless is None else form.unless)]

    def hits(self, text: str) -> Iterator[Hit]:
        """Yield every place in the folded `text` where the form matches and nothing excuses it."""
        for match in self._match.finditer(text):
            start, end = match.span("said") if "said" in match.re.groupindex else match.span()
            if self._not and self._not.search(match.group()):
                continue
            if self._before and self._before.search(text[:start]):
                continue
            if self._after and self._after.match(text[end:]):
                continue
            if not any(excuse(text, start, end) for excuse in self._unless):
                yield Hit(start, end, text[start:end])


class Forms:
    """The forms of one file, ready for matching."""

    def __init__(self, file: FormFile) -> None:
        self.file = file
        self._ready = [_Ready(form, file) for form in file.forms]
        self._silent = _compiled(file.not_in_sentence, file) if file.not_in_sentence else None

    @functools.lru_cache(maxsize=REMEMBERED)  # noqa: B019 - forms live as long as the process
    def first(self, text: str) -> tuple[Form, Hit] | None:
        """Return the first form that matches the folded `text`, with its place; None if no form matches."""
        for begin in range(0, max(1, len(text) - _OVERLAP), _WINDOW - _OVERLAP):
            part = text[begin : begin + _WINDOW]
            if self._silent and self._silent.search(part):
                continue
            for ready in self._ready:
                for hit in ready.hits(part):
                    return ready.form, Hit(begin + hit.start, begin + hit.end, hit.text)
        return None

    def hit(self, text: str) -> Hit | None:
        """Return the place of the first claim in the folded `text`, if any."""
        found = self.first(text)
        return found[1] if found else None


def _compiled(pattern: str, file: FormFile) -> re.Pattern[str]:
    return compile_grammar(_filled(pattern, file))


def _filled(pattern: str, file: FormFile) -> str:
    """Return `pattern` with the names that the file defines filled in; word lists are left to `compile_grammar`."""

    def meaning(name: re.Match[str]) -> str:
        if name.group(1) in file.patterns:
            return f"(?:{_filled(file.patterns[name.group(1)], file)})"
        words = file.words.get(name.group(1))
        return f"(?:{'|'.join(map(phrase_pattern, words))})" if words else name.group()

    return re.sub(r"(?<!\?P)<([a-z][a-z-]+)>", meaning, pattern)


def _folder(lang: str) -> resources.abc.Traversable:
    package = resources.files("pubkit")
    return package.joinpath("claims", "forms") if lang == "en" else package.joinpath("language", lang, "claims")


@functools.lru_cache(maxsize=64)
def forms(identifier: str, lang: str = "en") -> Forms | None:
    """Return the forms in the file `identifier`.yaml of a language (its first subtag); None if it has none.

    Raises:
        msgspec.ValidationError: the file does not have the structure in this module's docstring.
    """
    file = _folder(lang).joinpath(f"{identifier}.yaml")
    return Forms(msgspec.convert(parsed(file.read_bytes()), FormFile)) if file.is_file() else None


def found_by(identifier: str, text: str, lang: str = "en") -> Hit | None:
    """Return the place of the first claim of the kind `identifier` in the folded `text`, if any."""
    ready = forms(identifier, lang)
    return ready.hit(text) if ready else None


def form_ids(lang: str = "en") -> Sequence[str]:
    """Return the ids of all files of forms of a language, sorted."""
    folder = _folder(lang)
    names = (file.name for file in folder.iterdir()) if folder.is_dir() else iter(())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))
