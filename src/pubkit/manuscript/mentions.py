"""Print the mentions of numbered figures, tables, sections and equations: "Figure 1", "Figures 1–3", "Tables 1 and 2".

A mention contains the word in the language of the text, so the author's own ("Figure @fig:a", "Figs. @fig:a") is removed.
Several mentions of one kind in one pair of brackets share a word in the plural, and so do mentions that the author's own
word or a dash joins ("Figures @fig:a and @fig:b", "@fig:a–@fig:c").
"""

from __future__ import annotations

import copy
import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.language.labels import Labels, labels_for
from pubkit.language.recognition import words_for
from pubkit.manuscript.crossref import Label, is_label
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Citation,
    CitationMode,
    Cite,
    Header,
    Inline,
    Link,
    SoftBreak,
    Space,
    Span,
    Str,
    Strong,
    Target,
    every,
    inline_lists,
    plain_text,
)

__all__ = ["resolve"]

#: Kinds of what has no number: a box, which is mentioned by its title, and what is not known.
_NOT_NUMBERED = frozenset({"box", ""})
_DASH = expression(r"[-–—]{1,2}")
#: The number of a mention: that of its chapter, if it has one, and its own.
_INTEGER = expression(r"\(?((?:\w+\.)*)(\d+)\)?")


def resolve(blocks: Sequence[Block], labels: Mapping[str, Label], lang: str = "en") -> None:
    """Turn every mention of a label below `blocks` into a link, in place: "Figure 1", or "1" for [-@fig:a].

    A link to a label or heading that has no words takes those of its target.
    """
    printer = _Printer(labels, labels_for(lang), lang)
    for cite in every(Cite, blocks):
        printer.write_out_dash_in(cite)
    mentioning = [siblings for siblings in inline_lists(blocks) if any(map(printer.is_mention, siblings))]
    for siblings in reversed(mentioning):  # inner lists first: a suffix may mention another label
        printer.print_in(siblings)
    _name_bare_links(blocks, labels)


def _name_bare_links(blocks: Sequence[Block], labels: Mapping[str, Label]) -> None:
    """Give links without words, such as MyST's `{ref}` and `[](#label)`, the words of their target."""
    bare = [link for link in every(Link, blocks) if not link.content and link.target.url.startswith("#")]
    headings = {header.attr.identifier: header for header in every(Header, blocks)} if bare else {}
    for link in bare:
        name = link.target.url[1:]
        if name in headings:
            words = headings[name].content
            link.content = copy.deepcopy(words[2:] if _is_number(words[:1]) else words)
        elif name in labels:
            link.content = [Str(labels[name].text)]


def _is_number(inlines: Sequence[Inline]) -> bool:
    return any(isinstance(one, Span) and one.attr.classes == ["section-number"] for one in inlines)


@functools.cache
def _own_words(lang: str) -> Mapping[str, re.Pattern[str]]:
    """Return what authors write before a mention, by kind: the word in singular and plural, and its abbreviations."""
    mentions = words_for(lang).mentions
    return {kind: re.compile(rf"(?<!\w)(?:{named})$", re.IGNORECASE) for kind, named in mentions.items()}


class _Printer(Struct):
    """Prints mentions; `terms` has the words for what is mentioned, `lang` is the language of the author's own."""

    labels: Mapping[str, Label]
    terms: Labels
    lang: str

    def is_mention(self, node: Inline) -> bool:
        """Return whether `node` mentions a label, defined or not."""
        return isinstance(node, Cite) and any(self._is_label(one) for one in node.citations)

    def _is_label(self, one: Citation) -> bool:
        return is_label(one.key) or one.key in self.labels

    def print_in(self, siblings: list[Inline]) -> None:
        """Print every mention among `siblings`, in place."""
        self._write_out_dashes(siblings)
        worded = self._drop_own_words(siblings)
        rest = self._joined(siblings, worded)
        siblings[:] = [
            new
            for node in siblings
            for new in (self._printed(node, rest.get(id(node))) if self.is_mention(node) else (node,))
        ]
        _unbracket(siblings)

    def write_out_dash_in(self, cite: Cite) -> None:
        """Put the dash of "[@fig:a-@fig:c]" back, which pandoc has taken for the mark of a number alone."""
        for one in cite.citations if self.is_mention(cite) else ():
            match one.suffix:
                case [Cite(citations=[last]) as second, *_] if _is_bare(last) and self.is_mention(second):
                    one.suffix.insert(0, Str("–"))

    def _write_out_dashes(self, siblings: list[Inline]) -> None:
        """Put the dash of "@fig:a-@fig:c" back, which pandoc has taken for the mark of a number alone."""
        for index in range(len(siblings) - 1, 0, -1):
            match siblings[index - 1 : index + 1]:
                case [Cite() as first, Cite(citations=[last]) as second] if self.is_mention(first):
                    if _is_bare(last) and self.is_mention(second):
                        last.mode = CitationMode()
                        siblings.insert(index, Str("–"))

    def _drop_own_words(self, siblings: list[Inline]) -> set[int]:
        """Remove "Figure" before a mention that will read "Figure 1"; return the ids of these mentions."""
        worded = set()
        for cite in [node for node in siblings if isinstance(node, Cite) and self.is_mention(node)]:
            index = next(at for at, node in enumerate(siblings) if node is cite)
            first = next(one for one in cite.citations if self._is_label(one))
            takes_word = first.key in self.labels and not first.prefix and not _is_bare(first)
            if index and takes_word and self._drop_word(siblings, index, self.labels[first.key].kind):
                worded.add(id(cite))
        return worded

    def _drop_word(self, siblings: list[Inline], index: int, kind: str) -> bool:
        at = index - 1
        blank = isinstance(siblings[at], Space | SoftBreak)
        at -= blank
        word = siblings[at]
        if at < 0 or not isinstance(word, Str) or (not blank and not word.text.endswith("\u00a0")):
            return False
        own = _own_words(self.lang).get(kind)
        found = own.search(word.text.rstrip("\u00a0")) if own else None
        if found:
            before = word.text[: found.start()]
            siblings[at:index] = [Str(before)] if before else []
        return found is not None

    def _joined(self, siblings: Sequence[Inline], worded: set[int]) -> dict[int, bool]:
        """Return the mentions that one word in the plural serves: True for the first, which has it, False for the rest."""
        found: dict[int, bool] = {}
        last: Cite | None = None
        for cite, between in self._chain(siblings):
            if last is not None and self._continues(last, cite, between, worded, found):
                found.setdefault(id(last), True)
                found[id(cite)] = False
            last = cite
        return found

    def _chain(self, siblings: Sequence[Inline]) -> Iterator[tuple[Cite, str]]:
        """Yield every simple mention, and the text between it and the one before."""
        between = ""
        for node in siblings:
            if isinstance(node, Cite) and self._is_simple(node.citations):
                yield node, between
                between = ""
            else:
                between += " " if isinstance(node, Space | SoftBreak) else plain_text(node) or "\ufffc"

    def _is_simple(self, mentions: Sequence[Citation]) -> bool:
        """Return whether all `mentions` are of labels of one kind, without words around them."""
        kinds = {self.labels[one.key].kind if one.key in self.labels else "" for one in mentions}
        plain = not any(one.prefix or one.suffix or _is_bare(one) for one in mentions)
        return plain and len(kinds) == 1 and not kinds & _NOT_NUMBERED

    def _continues(self, last: Cite, cite: Cite, between: str, worded: set[int], found: Mapping[int, bool]) -> bool:
        """Return whether `cite` goes on with the list or range that `last` is part of."""
        same = self.labels[last.citations[0].key].kind == self.labels[cite.citations[0].key].kind
        if not same or id(cite) in worded:
            return False
        if _DASH.fullmatch(between.strip()):
            return True
        has_word = id(last) in worded or id(last) in found
        return has_word and between.strip().lower() in words_for(self.lang).joins

    def _printed(self, node: Inline, with_word: bool | None) -> Iterator[Inline]:
        """Yield what is printed for a mention; `with_word` is False where the word of an earlier one serves it too."""
        cite = node if isinstance(node, Cite) else Cite(([], []))
        mentions = [one for one in cite.citations if self._is_label(one)]
        works = [one for one in cite.citations if not self._is_label(one)]
        if with_word is not None:
            yield from self._several(mentions, self.terms.several if with_word else _number_alone)
        else:
            yield from self._groups(mentions)
        if works:
            yield Space()
            yield Cite((works, [Str("[" + "; ".join(f"@{one.key}" for one in works) + "]")]))

    def _groups(self, mentions: Sequence[Citation]) -> Iterator[Inline]:
        """Yield the mentions of one pair of brackets, those of one kind that follow each other together."""
        parts = [
            list(self._several(group, self._naming(group))) if self._is_alike(group) else list(self._alone(group[0]))
            for group in self._alike(mentions)
        ]
        yield from self._listed(parts)

    def _alike(self, mentions: Sequence[Citation]) -> Iterator[list[Citation]]:
        group: list[Citation] = []
        for one in mentions:
            if group and not self._is_alike([*group, one]):
                yield group
                group = []
            group.append(one)
        if group:
            yield group

    def _is_alike(self, mentions: Sequence[Citation]) -> bool:
        bare = {_is_bare(one) for one in mentions}
        kinds = {self.labels[one.key].kind for one in mentions if one.key in self.labels}
        known = all(one.key in self.labels and not one.prefix and not one.suffix for one in mentions)
        return known and len(bare) == len(kinds) == 1 and not kinds & _NOT_NUMBERED

    def _naming(self, mentions: Sequence[Citation]) -> Callable[[str, str], str]:
        """Return the function that makes the words of the first of `mentions` of its kind and number."""
        if _is_bare(mentions[0]):
            return _number_alone
        return self.terms.several if len(mentions) > 1 else self.terms.numbered

    def _several(self, mentions: Sequence[Citation], naming: Callable[[str, str], str]) -> Iterator[Inline]:
        """Yield the numbers of `mentions`, which are of one kind, in ranges; `naming` makes the words of the first."""
        kind = self.labels[mentions[0].key].kind
        named = {self.labels[one.key].number: one.key for one in mentions}
        runs = list(_runs(sorted(named.items(), key=_order)))
        if naming is not _number_alone:
            runs = [[(number.strip("()"), key) for number, key in run] for run in runs]
        parts = [[self._link(key, number) for number, key in run] for run in runs]
        first, key = runs[0][0]
        parts[0][0] = self._link(key, naming(kind, first))
        yield from self._listed([_with_dash(links) for links in parts])

    def _listed(self, parts: Sequence[Sequence[Inline]]) -> Iterator[Inline]:
        """Yield `parts` as a list in words: "a, b and c"."""
        for index, part in enumerate(parts):
            if index and index == len(parts) - 1:
                yield from (Space(), Str(self.terms["and"]), Space())
            elif index:
                yield from (Str(","), Space())
            yield from part

    def _alone(self, mention: Citation) -> Iterator[Inline]:
        if mention.prefix:
            yield from (*mention.prefix, Space())
        if named := self.labels.get(mention.key):
            yield self._link(mention.key, named.number if _is_bare(mention) else named.text)
        else:
            yield Strong([Str("[?]")])
        if mention.suffix and mention.mode.t == "AuthorInText":
            yield Space()
        yield from mention.suffix

    @staticmethod
    def _link(key: str, text: str) -> Link:
        return Link((Attr(classes=["cross-reference"]), [Str(text)], Target(f"#{key}")))


def _unbracket(siblings: list[Inline]) -> None:
    """Take the brackets off the number of an equation that the author has put into brackets, in place: "(-@eq:a)"."""
    for before, link, after in zip(siblings, siblings[1:], siblings[2:], strict=False):
        match before, link, after:
            case Str(opening), Link(content=[Str(number) as shown]), Str(closing):
                if opening.endswith("(") and closing.startswith(")") and _IN_BRACKETS.fullmatch(number):
                    shown.text = number[1:-1]


_IN_BRACKETS = re.compile(r"\([\w.]+\)")


def _is_bare(mention: Citation) -> bool:
    """Return whether a mention asks for the number alone: [-@fig:a]."""
    return mention.mode.t == "SuppressAuthor"


def _number_alone(kind: str, number: str) -> str:
    del kind
    return number


def _order(named: tuple[str, str]) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", named[0])))


def _runs(named: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Yield the numbers with their keys, three or more that follow each other as the first and the last of them."""
    for _, group in itertools.groupby(enumerate(named), key=lambda pair: _place(*pair)):
        run = [one for _, one in group]
        if len(run) > 2:
            yield [run[0], run[-1]]
        else:
            yield from ([one] for one in run)


def _place(index: int, named: tuple[str, str]) -> object:
    """Return what consecutive numbers of one chapter have in common, and no two others."""
    found = _INTEGER.fullmatch(named[0])
    return (found[1], int(found[2]) - index) if found else named[0]


def _with_dash(links: Sequence[Link]) -> list[Inline]:
    """Return a number, or a range of two."""
    return list(links) if len(links) == 1 else [links[0], Str("–"), links[1]]
