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
        not_in_sentence: \\btrial          # what must not occur in its sentence; of a file: for each form
        bad: [Refuse chemotherapy.]         # its tests: sentences it finds, and sentences it leaves alone
        good: [Do not refuse chemotherapy.]

A form that names the parts of a claim has `all` in place of `match`, because the parts may come in any order and wording:

      - id: unlimited
        all: [<any-amount>, <no-harm>] # parts that must all occur, apart from each other
        least: 2                       # how many of them are enough; by default, all
        within: 80                     # in how many characters; by default, 90

Patterns are regular expressions on folded text (`pubkit.language.matching`), in which a blank also stands for a hyphen and
`<name>` for any phrase of that name in `words`, or of the word list of that name. A group named `said` marks the claim
itself if the pattern matches more.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from pubkit.claims.answers import Answer, answered
from pubkit.claims.detector import moved, parts
from pubkit.claims.frames import Frame, Part, alternatives, together
from pubkit.claims.grammar import attributed, cautioned, disowned, is_question, negated
from pubkit.claims.narrowing import NEVER
from pubkit.claims.patterns import REMEMBERED, Expression, Grammar, Pattern, Words, expect, remembered
from pubkit.claims.recorded import content
from pubkit.claims.required import Strings, pieces
from pubkit.claims.wordlists import (
    Hit,
    content_of_lists,
    joined_lines,
    opened,
    phrase_pattern,
    phrase_pieces,
    word_list,
)
from pubkit.packaged import parsed

__all__ = ["Form", "FormFile", "Forms", "form_found_by", "form_ids", "forms", "found_by", "prepare"]

Excuse = Literal["question", "negated", "attributed", "cautioned", "disowned"]
_EXCUSES: dict[Excuse, Callable[[str, int, int], bool]] = {
    "question": lambda text, _start, _end: is_question(text),
    "negated": lambda text, start, _end: negated(text, start),
    "attributed": lambda text, start, _end: attributed(text, start),
    "cautioned": lambda text, start, _end: cautioned(text, start),
    "disowned": disowned,
}


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to put a claim, as its file states it."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    bad: Annotated[list[str], Meta(min_length=1)]
    match: str = ""
    parts: list[str] = field(name="all", default_factory=list)
    least: int = 0
    within: int = 90
    good: list[str] = []
    not_in: str = field(name="not", default="")
    not_before: str = ""
    not_after: str = ""
    not_in_sentence: str = ""
    unless: list[Excuse] | None = None
    source: str = ""
    as_of: dt.date | None = None

    def __post_init__(self) -> None:
        if bool(self.match) == bool(self.parts) or not 0 <= self.least <= len(self.parts):
            raise ValueError("A form has either `match` or `all`, and `least` is no more than the parts it has.")


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
    """A form with its patterns; only those that a text gives reason for are compiled."""

    def __init__(self, form: Form, file: FormFile, names: _Names) -> None:
        self.form = form
        parts = [names.part(part) for part in form.parts]
        self._frame = Frame(parts, form.least, form.within) if parts else None
        outlines = [part.outline for part in parts]
        self.pattern = names.pattern(form.match or together(outlines, form.least or len(parts)))
        self._not = names.expression(form.not_in)
        self._before = names.expression(form.not_before)
        self._after = names.expression(form.not_after)
        self._sentence = names.expression(form.not_in_sentence or file.not_in_sentence)
        self._unless = [_EXCUSES[name] for name in (file.unless if form.unless is None else form.unless)]

    def claims(self, text: str) -> Iterator[Hit]:
        """Yield the places in the folded `text` at which the claim is made, and nothing excuses it."""
        for start, end, matched in self._frame.places(text) if self._frame else self._matches(text):
            if not self._excused(text, start, end, matched):
                yield Hit(start, end, text[start:end])

    def _matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        for match in self.pattern.regex(text).finditer(text):
            yield *match.span("said" if "said" in match.re.groupindex else 0), match.group()

    def _excused(self, text: str, start: int, end: int, matched: str) -> bool:
        return bool(
            (self._not and self._not.search(matched))
            or (self._before and self._before.search(text[:start]))
            or (self._after and self._after.match(text[end:]))
            or any(excuse(text, start, end) for excuse in self._unless)
            or (self._sentence and self._sentence.search(text))
        )


class Forms:
    """The forms of one file, ready for matching."""

    def __init__(self, file: FormFile, made_of: str) -> None:
        self.file = file
        names = _Names(file, made_of)
        self._ready = {form.id: _Ready(form, file, names) for form in file.forms}
        self._grammar = Grammar({name: ready.pattern for name, ready in self._ready.items()})

    def first(self, text: str) -> tuple[Form, Hit] | None:
        """Return the first form that matches the folded `text`, with its place; None if no form matches."""
        return self._first(text) if self._grammar.possible(text) else None

    @functools.lru_cache(maxsize=REMEMBERED)  # noqa: B019 - forms live as long as the process
    def _first(self, text: str) -> tuple[Form, Hit] | None:
        for begin, part in parts(text):
            found = next(self._claims(part), None)
            if found:
                return found[0], moved(found[1], begin)
        return None

    def _claims(self, text: str) -> Iterator[tuple[Form, Hit]]:
        for name, _ in self._grammar.possible(text):
            yield from ((self._ready[name].form, hit) for hit in self._ready[name].claims(text))

    def form(self, identifier: str) -> Form:
        """Return a form by its id."""
        return self._ready[identifier].form


class _Names:
    """The names that the patterns of a file may use: those it defines, and the word lists."""

    def __init__(self, file: FormFile, made_of: str) -> None:
        self._file = file
        self._made_of = made_of
        self.pieces = functools.cache(self._pieces)
        self.expression = functools.cache(self._expression)
        self.part = functools.cache(self._part)
        self.meaning = functools.cache(self._meaning)

    def pattern(self, template: str, outline: str = "") -> Pattern:
        """Return the pattern of a form; `outline` is the same expression where another form of it tells more."""
        return Pattern(
            joined_lines(outline or template),
            lambda known: self._filled(template, known),
            self.pieces,
            lambda: content(self._made_of, content_of_lists()),
        )

    def _part(self, template: str) -> Part:
        """Return one part of a form, as whole words; each of its alternatives is one, which tells more of what it needs."""
        outline = "|".join(rf"(?<!\w){one}(?!\w)" for one in alternatives(self._opened(template)))
        return Part(f"(?:{outline})", self.pattern(rf"(?<!\w)(?:{template})(?!\w)", f"(?:{outline})"))

    def _opened(self, template: str) -> str:
        """Return `template` with the patterns of the file that are alternatives in it written out."""
        written = (
            f"(?:{self._opened(joined_lines(self._file.patterns[one[1:-1]]))})"
            if one[1:-1] in self._file.patterns
            else one
            for one in alternatives(template)
        )
        return "|".join(written)

    def _expression(self, template: str) -> Expression | None:
        """Return what excuses a form, if anything does."""
        return Expression(lambda known: self._filled(template, known)) if template else None

    def _filled(self, template: str, known: Words) -> str:
        """Return the expression that `template` stands for, as far as it can match where every word is `known`."""
        found = opened(joined_lines(template), known, lambda name: self.meaning(name, known))
        return NEVER if found is None else found

    def _meaning(self, name: str, known: Words) -> str | None:
        """Return what a name stands for, likewise: a pattern or words of the file, or a word list; None for nothing."""
        if name in self._file.patterns:
            template = joined_lines(self._file.patterns[name])
            return opened(template, known, lambda inner: self.meaning(inner, known))
        if name in self._file.words:
            words = "|".join(map(phrase_pattern, self._file.words[name]))
            return opened(words, known, lambda inner: self.meaning(inner, known))
        return word_list(name).alternatives(known)

    def _pieces(self, name: str) -> Strings:
        if name in self._file.patterns:
            return pieces(joined_lines(self._file.patterns[name]), self.pieces)
        if name in self._file.words:
            return Strings().union(*map(phrase_pieces, self._file.words[name]))
        return word_list(name).pieces


def _folder(lang: str) -> resources.abc.Traversable:
    package = resources.files("pubkit")
    return package.joinpath("claims", "forms") if lang == "en" else package.joinpath("language", lang, "claims")


def forms(identifier: str, lang: str = "en") -> Forms | None:
    """Return the forms in the file `identifier`.yaml of a language (its first subtag); None if it has none.

    Raises:
        msgspec.ValidationError: a file does not have the structure in this module's docstring.
    """
    return _all_forms(lang).get(identifier)


@functools.lru_cache(maxsize=64)
def _all_forms(lang: str) -> Mapping[str, Forms]:
    """Return the forms of every file of a language by id; together, so that they share one pass through a text."""
    folder = _folder(lang)
    files = [file for file in folder.iterdir() if file.name.endswith(".yaml")] if folder.is_dir() else []
    read = {file.name.removesuffix(".yaml"): file.read_bytes() for file in files}
    return {name: Forms(msgspec.convert(parsed(data), FormFile), content(data)) for name, data in read.items()}


def found_by(identifier: str, text: str, lang: str = "en") -> Hit | None:
    """Return the place of the first claim of the kind `identifier` in the folded `text`, if any."""
    return _answer(identifier, text, lang).hit


def form_found_by(identifier: str, text: str, lang: str = "en") -> tuple[Form, Hit] | None:
    """Return the first form of the kind `identifier` that matches the folded `text`, with its place."""
    answer = _answer(identifier, text, lang)
    ready = forms(identifier, lang) if answer.hit else None
    return (ready.form(answer.form), answer.hit) if ready and answer.hit else None


@remembered
def _answer(identifier: str, text: str, lang: str) -> Answer:
    return answered(f"forms {lang} {identifier}", (text,), lambda: _searched(identifier, text, lang))


def _searched(identifier: str, text: str, lang: str) -> Answer:
    ready = forms(identifier, lang)
    found = ready.first(text) if ready else None
    return Answer(found[1], found[0].id) if found else Answer()


def prepare(sentences: Sequence[str]) -> None:
    """Make ready to search `sentences`, once there is one whose answer is not known from an earlier run."""
    expect(lambda: _expected(sentences))


def _expected(sentences: Sequence[str]) -> Sequence[str]:
    """Return what will be searched; all forms are read first, so that they share one pass through the text."""
    _all_forms("en")
    return [part for sentence in sentences for _, part in parts(sentence)]


def form_ids(lang: str = "en") -> Sequence[str]:
    """Return the ids of all files of forms of a language, sorted."""
    return sorted(_all_forms(lang))
