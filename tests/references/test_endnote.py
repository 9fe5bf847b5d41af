"""EndNote's XML and its tagged format give the works that they describe, with the place of each."""

from __future__ import annotations

import pytest
from tests.references.builder import bibliography_of, findings_of

from pubkit.errors import InputRefused
from pubkit.references.item import Date, Item, Name
from pubkit.references.own_word import own_notices


def styled(text: str) -> str:
    return f'<style face="normal" font="default" size="100%">{text}</style>'


def record(*, kind: str = "Journal Article", number: int = 17, **parts: str) -> str:
    """One record as EndNote writes it, on one line; `parts` add or replace elements, "" takes one out."""
    names = {
        "contributors": f"<authors><author>{styled('Quist, Ola A.')}</author>"
        f"<author>{styled('World Health Organization,')}</author></authors>",
        "titles": f"<title>{styled('Liver injury by ')}{italic('Mitragyna')}{styled(' use')}</title>"
        f"<secondary-title>{styled('J Clin Phyt')}</secondary-title>",
        "pages": styled("438-40"),
        "volume": styled("14"),
        "number": styled("3"),
        "dates": f"<year>{styled('2018')}</year><pub-dates><date>{styled('May 17')}</date></pub-dates>",
        "isbn": styled("0378-5955 (Electronic)&#xD;2434-561X (Linking)"),
        "accession-num": styled("30881061"),
        "electronic-resource-num": styled("10.1000/x"),
        "urls": f"<related-urls><url>{styled('https://example.org/x')}</url></related-urls>"
        "<pdf-urls><url>internal-pdf://1/a.pdf</url></pdf-urls>",
        "custom2": styled("PMC6411314"),
        "remote-database-provider": styled("NLM"),
    }
    names.update({name.replace("_", "-"): text for name, text in parts.items()})
    body = "".join(f"<{name}>{text}</{name}>" for name, text in names.items() if text)
    return (
        '<record><database name="a.enl" path="C:\\a.enl">a.enl</database><source-app name="EndNote" version="20.0">'
        f'EndNote</source-app><rec-number>1</rec-number><ref-type name="{kind}">{number}</ref-type>{body}</record>'
    )


def italic(text: str) -> str:
    return f'<style face="italic" font="default" size="100%">{text}</style>'


def xml(*records: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8" ?><xml><records>{"".join(records)}</records></xml>'


def only(text: str, name: str = "refs.xml") -> Item:
    bibliography = bibliography_of(text, name)
    assert bibliography.findings == ()
    return next(iter(bibliography)).item


ARTICLE = Item(
    id="quist2018",
    type="article-journal",
    title="Liver injury by <i>Mitragyna</i> use",
    author=(Name("Quist", "Ola A."), Name(literal="World Health Organization")),
    container_title="J Clin Phyt",
    volume="14",
    issue="3",
    page="438-40",
    doi="10.1000/x",
    url="https://example.org/x",
    issn="0378-5955",
    issued=Date(((2018, 5, 17),)),
    pmid="30881061",
    pmcid="PMC6411314",
)


def test_an_article_in_xml_is_read_whole() -> None:
    assert only(xml(record())) == ARTICLE


def test_each_record_of_one_long_line_has_its_own_place() -> None:
    first, second = record(), record(contributors="<authors><author>Moss, E.</author></authors>")
    entries = list(bibliography_of(xml(first, second), "refs.xml"))
    start = len('<?xml version="1.0" encoding="UTF-8" ?><xml><records>')
    assert [str(entry.location) for entry in entries] == [
        f"refs.xml:1:{start + 1}",
        f"refs.xml:1:{start + 1 + len(first)}",
    ]
    assert entries[1].at("DOI") == entries[1].location


def test_fields_on_lines_of_their_own_have_these() -> None:
    (entry,) = bibliography_of(xml(record()).replace("><", ">\n<"), "refs.xml")
    assert entry.at("DOI").line > entry.at("title").line > entry.location.line


def test_a_chapter_and_a_book_have_titles_where_endnote_keeps_them() -> None:
    titles = "<title>Leaves</title><secondary-title>Handbook</secondary-title><tertiary-title>Series</tertiary-title>"
    editors = "<authors><author>Li, A.</author></authors><secondary-authors><author>Ng, B.</author></secondary-authors>"
    parts = {"titles": titles, "contributors": editors, "edition": "2nd", "isbn": "978-0-306-40615-7"}
    chapter = only(xml(record(kind="Book Section", number=5, **parts)))
    assert (chapter.container_title, chapter.collection_title) == ("Handbook", "Series")
    assert (chapter.editor, chapter.page, chapter.isbn) == ((Name("Ng", "B."),), "438-40", "978-0-306-40615-7")
    book = only(xml(record(kind="Edited Book", number=28, **parts)))
    assert (book.container_title, book.collection_title, book.edition) == ("", "Handbook", "2nd")
    assert (book.author, book.editor) == ((), (Name("Li", "A."),))


def test_a_face_of_the_whole_title_is_decoration() -> None:
    assert only(xml(record(titles=f"<title>{italic('Leaves')}</title>"))).title == "Leaves"


def test_a_retraction_in_the_notes_is_known() -> None:
    bibliography = bibliography_of(xml(record(notes=styled("Retracted. See the journal's notice."))), "refs.xml")
    assert [str(notice.kind) for notice in own_notices(next(iter(bibliography)))] == ["retraction"]


def test_an_accession_number_of_another_database_is_no_pubmed_number() -> None:
    assert only(xml(record(remote_database_provider="", accession_num="WOS:0007"))).pmid == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><xml><records><record><titles><title>&a;</title></titles></record></records></xml>',
         "document type"),
        ('<!DOCTYPE xml SYSTEM "https://evil.example/x.dtd"><xml><records/></xml>', "document type"),
    ],
)  # fmt: skip
def test_xml_with_a_document_type_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputRefused, match=words):
        bibliography_of(text, "refs.xml")


@pytest.mark.parametrize(
    "text", ["<xml><records><record>", "<PubmedArticleSet/>", "no markup", "<a>" * 300 + "</a>" * 300, "<xml>&a;</xml>"]
)
def test_what_is_not_endnote_xml_is_named(text: str) -> None:
    try:
        bibliography = bibliography_of(text, "refs.xml")
    except InputRefused as refused:
        assert refused.findings
    else:
        assert [finding.rule for finding in bibliography.findings] == ["CIT006"]


TAGGED = """%0 Journal Article
%A Quist, Ola A.
%A World Health Organization,
%D 2018
%T Liver injury by <i>Mitragyna</i> use
%J J Clin Phyt
%V 14
%N 3
%P 438-40
%8 May 17
%@ 0378-5955
%M 30881061
%2 PMC6411314
%R 10.1000/x
%U https://example.org/x
%W NLM
%X An abstract

in two paragraphs.

%0 Conference Proceedings
%T Leaves
%A Shen, Z.
%Y Das, Anna
%S Proceedings of the Meeting on Leaves
%D 2025
%8 November
%F shen-2025-leaves
%P 677-693
"""


def test_tagged_records_are_read_like_those_in_xml() -> None:
    article, paper = (entry.item for entry in bibliography_of(TAGGED, "refs.enw"))
    assert article == ARTICLE
    assert (paper.id, paper.type, paper.page) == ("shen-2025-leaves", "paper-conference", "677-693")
    assert (paper.container_title, paper.editor) == ("Proceedings of the Meeting on Leaves", (Name("Das", "Anna"),))
    assert paper.issued == Date(((2025, 11),))


def test_tagged_records_have_the_line_of_each_field() -> None:
    article, paper = bibliography_of(TAGGED, "refs.enw")
    assert (article.location.line, article.at("DOI").line, paper.location.line) == (1, 14, 21)


def test_a_label_that_two_records_share_is_no_key() -> None:
    text = "".join(f"%0 Book\n%A Li, A.\n%D 20{n}\n%T Leaves {n}\n%F lab1\n\n" for n in (10, 11))
    assert bibliography_of(text, "refs.enw").keys() == ("li2010", "li2011")


def test_a_line_before_the_first_record_is_named() -> None:
    (finding,) = bibliography_of("Exported today\n%0 Book\n%T Leaves\n", "refs.enw").findings
    assert (finding.rule, str(finding.location)) == ("CIT006", "refs.enw:1:1")


def test_et_al_at_the_end_of_a_list_is_how_exports_shorten_it() -> None:
    text = "%0 Journal Article\n%A Li, A.\n%A et al.,\n%T Leaves and roots\n%J BMJ\n%D 2020\n%R 10.1000/y\n"
    bibliography = bibliography_of(text, "refs.enw")
    assert next(iter(bibliography)).item.author == (Name("Li", "A."), Name(literal="others"))
    assert findings_of(bibliography, None, "REF031") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("refs.enw", "%0 Journal Article\n%A Li, A.\n%T Leaves\n%J BMJ\n%D in press\n"),
        ("refs.ris", "TY  - JOUR\nAU  - Li, A.\nTI  - Leaves\nJO  - BMJ\nPY  - in press\nER  - \n"),
    ],
)
def test_a_date_in_words_is_kept(name: str, text: str) -> None:
    assert next(iter(bibliography_of(text, name))).item.issued == Date(literal="in press")
