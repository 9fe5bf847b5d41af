"""What citeproc prints: authors in sentences, and editors whose style gives them no names."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from pubkit.boundary import pandoc
from pubkit.manuscript.tree import Cite, Div, Emph, Note, Para, SmallCaps, Subscript, decode, every, plain_text
from pubkit.references.bibliography import styles
from pubkit.references.bibliography.citeproc import listed, printed
from pubkit.references.item import Date, Item, Name
from pubkit.store.kept import Kept

WORKS = {
    item.id: item
    for item in (
        Item(
            id="page2021",
            type="article-journal",
            title="What reports should say",
            author=(Name("Page", "Matthew"), Name("McKenzie", "Joanne"), Name("Bossuyt", "Patrick")),
            container_title="J Test",
            issued=Date(((2021,),)),
        ),
        Item(
            id="berg2011",
            type="article-journal",
            title="Two authors",
            author=(Name("Berg", "Ann", non_dropping_particle="van der"), Name("Kim", "Bo")),
            container_title="J Test",
            issued=Date(((2011,),)),
        ),
        Item(
            id="agency",
            type="report",
            title="A report",
            author=(Name(literal="European Medicines Agency"),),
            issued=Date(((2020,),)),
        ),
        Item(id="unsigned", type="report", title="An <i>unsigned</i> report", issued=Date(((2019,),))),
        Item(
            id="edited",
            type="book",
            title="Leaves",
            editor=(Name("Roe", "Ann"), Name("Poe", "Bo")),
            publisher="Test Press",
            issued=Date(((2009,),)),
        ),
        Item(
            id="chapter",
            type="chapter",
            title="One leaf",
            author=(Name("Doe", "Jo"),),
            editor=(Name("Roe", "Ann"), Name("Poe", "Bo")),
            container_title="Leaves",
            publisher="Test Press",
            issued=Date(((2009,),)),
            page="1-3",
        ),
    )
}


def lines(text: str, style: str, lang: str = "en-US") -> list[str]:
    """The paragraphs of `text`, then its reference list, as `style` prints them."""
    tree = decode(pandoc.parse(text))
    done = printed(tree, WORKS, {}, styles.load(style, Path()), lang).tree.blocks
    entries = [one for one in every(Div, done) if "csl-entry" in one.attr.classes]
    return [plain_text(one) for one in (*(block for block in done if isinstance(block, Para)), *entries)]


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("american-medical-association", "As Page et al1 wrote."),
        ("nlm-citation-sequence", "As Page et al (1) wrote."),
        ("ieee", "As Page et al. [1] wrote."),
        ("apa", "As Page et al. (2021) wrote."),
        ("oscola", "As Matthew Page, Joanne McKenzie and Patrick Bossuyt wrote."),
        ("etri-journal", "As Page et al. [1] wrote."),
    ],
)
def test_an_author_in_a_sentence_is_named_in_every_kind_of_style(style: str, said: str) -> None:
    assert lines("As @page2021 wrote.", style)[0] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@berg2011 say so.", "van der Berg and Kim1 say so."),
        ("As @agency says [@page2021].", "As European Medicines Agency1 says.2"),
        ("As @unsigned says.", "As “An unsigned report”1 says."),
        ("According to @page2021 [p. 3], so.", "According to Page et al,1(p3) so."),
        ("See @page2021’s list, or @edited.", "See Page et al’s1 list, or Roe and Poe.2"),
        ("Not named [-@page2021], nor here [@agency].", "Not named,1 nor here.2"),
    ],
)
def test_a_numeric_style_names_authors_as_a_sentence_needs_them(text: str, said: str) -> None:
    assert lines(text, "american-medical-association")[0] == said


def test_authors_are_named_in_the_language_of_the_text() -> None:
    assert lines("Wie @berg2011 schreiben.", "american-medical-association", "de")[0].startswith(
        "Wie van der Berg und Kim"
    )


def test_a_style_of_notes_names_a_work_again_and_puts_the_mark_after_a_possessive_ending() -> None:
    text = "As @page2021 wrote.\n\nSee @page2021’s list.\n"
    done = printed(decode(pandoc.parse(text)), WORKS, {}, styles.load("journal-of-value-inquiry", Path()), "en-US").tree
    assert plain_text(done.blocks[1]) == "See Page et al.’s list."
    assert len(list(every(Note, done.blocks[1]))) == 1


@pytest.mark.parametrize(
    ("style", "book", "chapter"),
    [
        ("american-medical-association", "Roe A, Poe B, eds. ", "In: Roe A, Poe B, eds. Leaves."),
        ("nlm-citation-sequence", "Roe A, Poe B, editors. ", "In: Roe A, Poe B, editors. Leaves."),
    ],
)
def test_editors_are_named_before_their_label(style: str, book: str, chapter: str) -> None:
    _, first, second = lines("Both [@edited; @chapter].", style)
    assert book in first
    assert chapter in second


@pytest.mark.parametrize(
    ("text", "said", "typed"),
    [
        ("So [@page2021, p. *33*b].", "p. 33b", {"33"}),
        ("So [@page2021, {[iv]{.smallcaps} 4*b*}].", "iv 4b", {"iv", "b"}),
        ("So [@page2021, H~2~O].", "H2O", {"2"}),
        ("So [@page2021, pp. 3-5 and *passim*].", "pp. 3–5 and passim", {"passim"}),
    ],
)
def test_words_after_a_key_keep_their_type(text: str, said: str, typed: set[str]) -> None:
    [done, *_] = printed(decode(pandoc.parse(text)), WORKS, {}, styles.load("apa", Path()), "en-US").tree.blocks
    assert plain_text(done).replace("\u00a0", " ") == f"So (Page et al., 2021, {said})."
    shown = [content for cite in every(Cite, done) for content in cite.content]
    assert {plain_text(one) for kind in (Emph, SmallCaps, Subscript) for one in every(kind, shown)} == typed


def test_works_that_the_text_does_not_cite_are_listed_after_those_that_it_does() -> None:
    style, same = styles.load("vancouver", Path()), {"same": "berg2011"}
    done = printed(
        decode(pandoc.parse("See [@agency].")), WORKS, same, style, "en", None, ["same", "page2021", "agency"]
    )
    assert [item.id for item in done.cited] == ["agency", "page2021", "berg2011"]
    alone = printed(decode(pandoc.parse("Text.")), WORKS, {}, style, "en", None, ["agency"])
    assert list(alone.references) == ["agency"]


def test_names_of_species_keep_their_small_letters_in_titles_with_capitals() -> None:
    title = "Leaves of Mitragyna speciosa and <i>E. coli</i> at pH 7, a Candida study"
    works = {"x": Item(id="x", type="book", title=title, publisher="P", issued=Date(((2009,),)))}
    tree = decode(pandoc.parse("A book [@x]."))
    done = printed(tree, works, {}, styles.load("american-medical-association", Path()), "en-US")
    assert "Leaves of Mitragyna speciosa and E. coli at pH 7, a Candida Study" in done.references["x"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("data.table: extension of `data.frame` on nhs.uk", "data.table: Extension of `data.frame` on nhs.uk"),
        ("giving 5 mg or 10 µg/kg of leaves", "Giving 5 mg or 10 µg/kg of Leaves"),
        ("the p53 gene, β-blockers and dl-amphetamine", "The p53 Gene, β-Blockers and dl-Amphetamine"),
        ('<span class="nocase">van</span> den Berg on 3 ml doses', "van Den Berg on 3 ml Doses"),
        ("a meta-analysis of 2 h naps", "A Meta-Analysis of 2 h Naps"),
    ],
)
def test_units_and_symbols_keep_their_small_letters_in_titles_with_capitals(title: str, shown: str) -> None:
    works = {"x": Item(id="x", type="book", title=title, publisher="P", issued=Date(((2009,),)))}
    done = printed(
        decode(pandoc.parse("[@x].")), works, {}, styles.load("american-medical-association", Path()), "en-US"
    )
    assert shown in done.references["x"]


def test_what_has_not_appeared_is_not_said_to_be_published_and_a_status_takes_the_place_of_a_date() -> None:
    article = Item(id="a", type="article-journal", title="Leaves", container_title="J Test")
    works = {
        "a": replace(article, issued=Date(literal="in press")),
        "b": replace(article, id="b", status="forthcoming"),
        "c": replace(article, id="c", status="in press", issued=Date(((2025,),)), doi="10.5555/c"),
        "d": replace(article, id="d", status="in press", issued=Date(((2025,),)), volume="3", page="1"),
    }
    tree = decode(pandoc.parse("Some [@a; @b; @c; @d]."))
    said = {style: printed(tree, works, {}, styles.load(style, Path()), "en-US").references for style in ("ama", "apa")}
    assert [text.rpartition("J Test. ")[2] for text in said["ama"].values()] == [
        "In press.",
        "Forthcoming.",
        "In press 2025. doi:10.5555/c",
        "2025;3:1.",
    ]
    assert "In press" in said["apa"]["d"]


def test_a_paragraph_of_very_many_citations_is_printed_without_moving_their_marks() -> None:
    style = styles.load("american-medical-association", Path())
    for number, beginning in ((2, "word,1 "), (1_001, "word1, ")):
        tree = decode(pandoc.parse("word [@page2021], " * number))
        (paragraph, *_) = every(Para, printed(tree, WORKS, {}, style, "en-US").tree.blocks)
        assert plain_text(paragraph).startswith(beginning)


@pytest.mark.parametrize("style", ["american-medical-association", "apa", "oscola", "ieee"])
def test_the_list_alone_is_that_of_the_whole_text(style: str) -> None:
    tree = decode(
        pandoc.parse(
            "As @berg2011 [p. 3] says,^[So does -@chapter.] sleep [see @agency; @page2021, chap. 2].\n\n"
            "| A |\n|---|\n| @edited |\n\nTable: Works of [@unsigned].\n\n![Sleep [@berg2011]](a.png)\n"
        )
    )
    csl = styles.load(style, Path())
    arguments = (WORKS, {"agency": "unsigned"}, csl, "en-US", None, ["agency"])
    whole, alone = printed(tree, *arguments), listed(tree, *arguments)
    assert alone.references == whole.references
    assert alone.cited == whole.cited


def test_the_list_is_asked_for_again_only_if_citations_have_changed(tmp_path: Path) -> None:
    csl, kept = styles.load("apa", Path()), Kept(tmp_path / "store")

    def answers(text: str) -> int:
        assert listed(decode(pandoc.parse(text)), WORKS, {}, csl, "en-US", kept).references
        return sum(1 for _ in (tmp_path / "store").iterdir())

    assert [answers(text) for text in ("Tea [@page2021].", "Milk [see @page2021, p. 3].", "Tea [@berg2011].")] == [
        1,
        1,
        2,
    ]
