"""pubkit.yaml and front matter: every mistake with its line, nothing unsafe read."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

import pubkit
from pubkit.errors import ConfigurationError, InputRefused, PubkitError, UsageError
from pubkit.project import loading
from pubkit.project.metadata import Author

from .conftest import Publish

FRONT = '---\ntitle: A title\nversion: "1"\ndates: {published: 2026-01-05}\n---\n\nSome text.\n'


def places(error: PubkitError) -> list[tuple[int, str]]:
    return [(finding.location.line if finding.location else 0, finding.message) for finding in error.findings]


def test_every_mistake_is_shown_at_once_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pubkit.yaml").write_text(
        "titel: x\nversion: 1.10\ndates:\n  published: 2026-13-01\nauthors:\n  - nme: A\noutputs: [html, doc]\n"
    )
    (tmp_path / "01-text.md").write_text("# A\n\nText.\n")
    found = loading.load(tmp_path).findings
    assert sorted(one.location.line for one in found if one.location) == [1, 1, 4, 6, 6, 7]
    assert {one.message.split("`")[1] for one in found} >= {"titel", "title", "nme", "name"}
    assert any("Did you mean `title`?" in one.remedy for one in found)


def test_typographic_quotation_marks_are_named(tmp_path: Path) -> None:
    (tmp_path / "pubkit.yaml").write_text("title: x\nversion: “1.0”\ndates:\n  published: 2026-01-01\n", "utf-8")
    (tmp_path / "01-text.md").write_text("# A\n\nText.\n")
    assert [one.remedy for one in loading.load(tmp_path).findings] == [
        'Write it in straight quotation marks: version: "1.0".'
    ]


def test_a_mistake_in_the_metadata_keeps_no_rule_from_being_asked(publication: Publish) -> None:
    root = publication("# A\n\nA text that cites nothing [@nobody2020].\n", topics=["Mental Health"], csl="vancuver")
    rules = {one.rule for one in pubkit.check(root).findings}
    assert {"SRC013", "CIT020", "CIT001"} <= rules
    with pytest.raises(pubkit.Blocked):
        pubkit.build(root, root.parent / "dist", only=["txt"])


@pytest.mark.parametrize(
    ("name", "value"), [("published", "11/22/2025"), ("next_review", "2027-13-45"), ("last_reviewed", "soon")]
)
def test_a_date_that_cannot_be_read_is_one_mistake(publication: Publish, name: str, value: str) -> None:
    dates = {"published": "2025-11-22", "last_reviewed": "2025-12-01", "next_review": "2027-01-01", name: value}
    found = pubkit.check(publication("# A\n\nA text.\n", dates=dates)).findings
    assert [one.rule for one in found if one.rule in {"SRC013", "EDI005", "EDI006", "EDI007"}] == ["SRC013"]


@pytest.mark.parametrize(
    ("beside", "published"),
    [
        ({"last_reviewed": "2021-03-04", "evidence_search": "2021-03-01"}, "2026-11-22"),
        ({"updated": "2022-02-03", "last_reviewed": "2021-03-04"}, "2022-02-03"),
    ],
)
def test_no_date_of_something_else_stands_in_for_that_of_publication(
    publication: Publish, beside: dict[str, str], published: str
) -> None:
    project = loading.load(publication("# A\n\nA text.\n", dates={"published": "spring", **beside}))
    assert project.publication.dates.published.isoformat() == published


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("author: Jane Doe and John Roe", {"authors": [Author("Jane Doe"), Author("John Roe")]}),
        ("authors: [Jane Doe]", {"authors": [Author("Jane Doe")]}),
        (
            "author: [{name: Jane Doe, affiliation: [1, 2], conflicts: None declared.}]\ninstitute: [Here, There]",
            {"authors": [Author("Jane Doe", affiliation=["Here", "There"], conflicts="None declared.")]},
        ),
        ("license: CC BY 4.0\ntoc: true\ngeometry: margin=1in", {"licence": "CC BY 4.0"}),
        ("keywords: sleep, leaves", {"keywords": ["sleep", "leaves"]}),
        ("csl: https://www.zotero.org/styles/apa", {"csl": "apa"}),
        (
            "abstract: {Background: Leaves grow., Methods.: We counted.}",
            {"abstract": "**Background.** Leaves grow.\n\n**Methods.** We counted."},
        ),
        ("subtitle: 1984\ncontact: +4915123456789", {"subtitle": "1984", "contact": "+4915123456789"}),
        ("identifier: 007\nlang: no", {"identifier": "007", "lang": "no"}),
    ],
)
def test_metadata_in_the_words_of_pandoc_is_read(tmp_path: Path, lines: str, said: dict[str, object]) -> None:
    (tmp_path / "pubkit.yaml").write_text(f"title: A\nversion: 2\ndate: 3 May 2026\n{lines}\n")
    (tmp_path / "01-text.md").write_text("# A\n\nText.\n")
    project = loading.load(tmp_path)
    assert {name: getattr(project.publication, name) for name in said} == said
    assert (project.publication.version, project.publication.dates.published) == ("2", dt.date(2026, 5, 3))
    assert project.findings == ()


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("topics: [Mental Health]", "Write mental-health."),
        ("slug: Sleep Guide", "Write sleep-guide."),
        ("substances: kratom", "Write it as a list: substances: [kratom]."),
        (
            "\u00a0slug: sleep",
            "There is a no-break space beside it, which only looks like a space: delete it, and indent with spaces.",
        ),
    ],
)
def test_what_is_written_in_another_form_is_shown_in_the_right_one(tmp_path: Path, line: str, remedy: str) -> None:
    (tmp_path / "pubkit.yaml").write_text(f'title: A\nversion: "1"\ndates: {{published: 2026-01-05}}\n{line}\n')
    (tmp_path / "01-text.md").write_text("# A\n\nText.\n")
    assert [finding.remedy for finding in loading.load(tmp_path).findings] == [remedy]


def test_a_version_keeps_its_zeros(publication: Publish) -> None:
    root = publication()
    text = (root / "pubkit.yaml").read_text().replace("version: 1.0.0", "version: 1.10")
    (root / "pubkit.yaml").write_text(text)
    assert loading.load(root).publication.version == "1.10"


def test_a_tab_in_the_front_matter_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: A\n\tversion: 1\n---\ntext\n")
    with pytest.raises(ConfigurationError) as caught:
        loading.load(path)
    assert places(caught.value) == [(3, "There is a tab where YAML needs spaces.")]


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("subtitle: Sleep: a guide", (2, 16), "A value contains a colon followed by a space"),
        ("keywords: [a, b", (2, 11), "This bracket is not closed."),
        ("keywords: [a b: c: d]", (2, 18), "A comma or closing bracket"),
        ('subtitle: "open', (2, 11), "This quotation mark is not closed."),
        ('subtitle: "open\nlang: en\nslug: "sleep"', (2, 11), "This quotation mark is not closed on its line."),
        ('subtitle: "Sleep" and more', (2, 19), "There is text after the end of the value."),
        ("subtitle: 'it's'", (2, 15), "There is text after the end of the value."),
        ("  version: 1", (2, 10), "A value contains a colon followed by a space"),
        ("authors:\n- name: A\n  credentials: MD\n   conflicts: None", (5, 13), "or a line is indented too far"),
        ("- an item", (2, 1), "There is a list item where a key is expected."),
        ("subtitle\nlang: en", (2, 1), "There is no colon after this key."),
        ("subtitle: @home", (2, 11), "A value begins with a character that YAML reserves."),
        ('subtitle: "a\\q"', (2, 14), "A backslash inside double quotation marks starts an escape sequence."),
    ],
)
def test_broken_yaml_is_explained_at_its_place(tmp_path: Path, line: str, place: tuple[int, int], words: str) -> None:
    (tmp_path / "pubkit.yaml").write_text(f"title: A\n{line}\n")
    with pytest.raises(ConfigurationError) as caught:
        loading.load(tmp_path)
    finding = caught.value.findings[0]
    assert words in finding.message and finding.remedy
    assert finding.location and (finding.location.line, finding.location.column) == place
    assert "<" not in finding.message


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("a: &x [1]\nb: *x\n", "aliases"),
        ("title: !!python/object/apply:os.system [ls]\n", "tag"),
        ("title: A\ntitle: B\n", "given twice"),
        ("title: " + "[" * 40 + "]" * 40 + "\n", "nested too deeply"),
        ('"a\\udfff": x\n', r"This key contains the character U\+DFFF"),
    ],
)
def test_unsafe_yaml_is_refused(tmp_path: Path, front: str, words: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\n{front}---\ntext\n")
    with pytest.raises(InputRefused, match=words) as caught:
        loading.load(path)
    assert all(finding.location and finding.location.line >= 2 for finding in caught.value.findings)


def test_a_number_that_is_no_character_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text('---\ntitle: "\\UFFFFFFFF"\n---\ntext\n')
    with pytest.raises(ConfigurationError, match="cannot be read as YAML"):
        loading.load(path)


def test_a_folder_without_configuration_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"has no pubkit\.yaml") as caught:
        loading.load(tmp_path)
    assert "pubkit init" in caught.value.remedy


def test_the_folder_above_a_manuscript_is_shown_the_way_to_it(publication: Publish) -> None:
    root = publication(folder="manuscript")
    with pytest.raises(UsageError) as caught:
        loading.load(root.parent)
    assert f"Did you mean {root}?" in caught.value.remedy


def test_a_chapter_that_cannot_be_read_is_named_at_its_own_place(publication: Publish) -> None:
    root = publication(files={"02-long.md": b"a " * 1_100_000})
    with pytest.raises(InputRefused) as caught:
        loading.load(root)
    assert [str(one.location) for one in caught.value.findings] == ["02-long.md"]


def test_nothing_at_the_path_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No path is given"):
        loading.load("")
    with pytest.raises(UsageError, match="nothing at"):
        loading.load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["book.rst", "book.html", "book.tex", "book.org"])
def test_only_markdown_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FRONT)
    with pytest.raises(InputRefused, match="not a Markdown file"):
        loading.load(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("---\ntitle: A\n", "is not closed"),
    ],
)
def test_a_single_file_needs_its_front_matter(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.md").write_text(text)
    with pytest.raises(PubkitError, match=words):
        loading.load(tmp_path / "a.md")


def test_the_lines_of_a_single_file_stay_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(FRONT)
    chapter = loading.load(tmp_path / "a.md").chapters[0]
    assert chapter.text.split("\n")[6] == "Some text."


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(tmp_path: Path, ends: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf" + FRONT.replace("\n", ends).encode())
    assert loading.load(path).chapters[0].text.split("\n")[6] == "Some text."


def test_chapters_are_read_in_the_order_of_their_numbers(publication: Publish) -> None:
    root = publication(files={"10-last.md": b"Z", "02-middle.md": b"M", "notes.md": b"not a chapter"})
    assert [chapter.path for chapter in loading.load(root).chapters] == ["01-text.md", "02-middle.md", "10-last.md"]


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (("2.md", "10.md", "1.md"), ["1.md", "2.md", "10.md"]),
        (("01.md", "2 Risks.md", "100_end.md"), ["01.md", "2 Risks.md", "100_end.md"]),
        (("leaflet.md", "README.md"), ["leaflet.md"]),
    ],
)
def test_chapters_go_by_their_numbers_or_there_is_one(
    publication: Publish, names: tuple[str, ...], read: list[str]
) -> None:
    root = publication(files=dict.fromkeys(names, b"A"))
    (root / "01-text.md").unlink()
    assert [chapter.path for chapter in loading.load(root).chapters] == read


def test_several_texts_of_which_nothing_states_the_order_are_named(publication: Publish) -> None:
    root = publication(files={"risks.md": b"A", "dose.md": b"B", "2026-report.md": b"C"})
    (root / "01-text.md").unlink()
    with pytest.raises(ConfigurationError, match=r"in which order .* 2026-report\.md, dose\.md, risks\.md\."):
        loading.load(root)


def test_a_chapter_its_configuration_or_the_only_text_stand_for_the_publication(
    publication: Publish, tmp_path: Path
) -> None:
    root = publication(files={"02-more.md": b"# More\n"})
    for name in ("", "01-text.md", "pubkit.yaml"):
        assert len(loading.load(root / name).chapters) == 2
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "sleep.md").write_text('---\ntitle: Sleep\nversion: "1"\ndates: {published: 2026-01-05}\n---\n\nText.\n')
    assert (
        loading.load(alone).publication.dates.published == loading.load(alone / "sleep.md").publication.dates.published
    )
    (alone / "pubkit.yml").write_text("title: Sleep\n")
    with pytest.raises(ConfigurationError, match=r"pubkit\.yml is not read"):
        loading.load(alone)


def test_a_listed_chapter_that_is_missing_is_named_with_the_nearest(publication: Publish) -> None:
    root = publication(chapters=["01-txet.md"])
    with pytest.raises(ConfigurationError, match="does not exist") as caught:
        loading.load(root)
    assert "01-text.md" in caught.value.remedy


@pytest.mark.parametrize("name", ["../secret.md", "/etc/secret.md", "https://example.org/a.md", "a\\b.md"])
def test_no_chapter_leaves_the_folder(publication: Publish, name: str) -> None:
    with pytest.raises(InputRefused):
        loading.load(publication(chapters=[name]))


def test_a_chapter_that_is_a_link_is_refused(publication: Publish, tmp_path: Path) -> None:
    root = publication()
    (tmp_path / "secret.md").write_text("secret")
    (root / "02-link.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(InputRefused, match="symbolic link"):
        loading.load(root)


def test_a_chapter_that_is_a_pipe_is_refused_at_once(publication: Publish) -> None:
    root = publication()
    os.mkfifo(root / "02-pipe.md")
    with pytest.raises(InputRefused, match="not a regular file"):
        loading.load(root)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"ok\n\xff\n", (2, 1)),
        ("ok\nca\u202efé".encode(), (2, 3)),
        (b"a\0b", (1, 2)),
        ("an \u2067open\n\nisolate\u2069".encode(), (1, 4)),
        ("an end\u2069 of none".encode(), (1, 7)),
        ("\U0001f3f4\U000e0062\U000e0075\U000e0079\U000e007f no flag".encode(), (1, 2)),
        (b"a\n" + b"x" * 100_001, (2, 100_000)),
    ],
)
def test_bytes_that_no_reader_sees_are_refused_with_their_place(
    publication: Publish, data: bytes, place: tuple[int, int]
) -> None:
    with pytest.raises(InputRefused) as caught:
        loading.load(publication(files={"02-more.md": data}))
    location = caught.value.findings[0].location
    assert location is not None
    assert (location.line, location.column) == place


def test_closed_isolates_and_the_flag_of_a_country_are_text(publication: Publish) -> None:
    scotland = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    text = f"In \u2067\u05e9\u05dc\u05d5\u05dd \u2066two\u2069 \u05e2\u05d5\u05dc\u05dd\u2069 and {scotland}."
    loaded = loading.load(publication(files={"02-more.md": text.encode()}, title=f"On {scotland} \u2068sleep\u2069"))
    assert loaded.chapters[1].text == text


def test_a_line_of_a_megabyte_is_one_clear_refusal(publication: Publish) -> None:
    with pytest.raises(InputRefused, match="1,000,000 characters"):
        loading.load(publication(files={"02-more.md": b"x" * 1_000_000}))


def test_the_moment_is_that_of_source_date_epoch_and_else_of_the_front_matter(
    publication: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = loading.load(publication())
    assert loaded.moment == dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert loaded.moment == dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        _ = loaded.moment


@pytest.mark.parametrize(
    ("title", "slug"), [("Ärger & Schlaf!", "arger-schlaf"), ("日本", "publication"), ("a" * 90, "a" * 60)]
)
def test_a_slug_is_plain_ascii(title: str, slug: str) -> None:
    assert loading.slug_of(title) == slug


@pytest.mark.parametrize("again", ["01-text.md", "./01-text.md", "part/..//01-text.md"])
def test_a_chapter_listed_twice_is_refused_with_its_line(publication: Publish, again: str) -> None:
    with pytest.raises(ConfigurationError, match="listed twice") as caught:
        loading.load(publication(chapters=["01-text.md", again]))
    assert caught.value.findings[0].location is not None


def test_a_negative_source_date_epoch_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "-5")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        loading.today()


def test_chapters_may_be_numbered_with_a_full_stop(publication: Publish) -> None:
    root = publication(files={"02.results.md": b"# Two\n", "03_methods.md": b"# Three\n"})
    assert [one.path for one in loading.load(root).chapters] == ["01-text.md", "02.results.md", "03_methods.md"]
