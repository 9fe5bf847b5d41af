"""The library, as a program uses it that has no folder: a text in memory, files as bytes, and what the commands do."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from tests.conftest import BIBLIOGRAPHY, METADATA, TEXT, UNREVIEWED, Publish
from tests.references.registry import Registry
from tests.test_scaffold import PRISMA

import pubkit
from pubkit.functions import report_as

PAGES = ("README.md", "docs/api.md")
FILES = {"references.bib": BIBLIOGRAPHY}
SAID = {**METADATA, "bibliography": "references.bib"}


def test_a_text_in_memory_is_checked_with_rules_and_styles_of_its_own_and_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = {"id": "HSE001", "kind": "existence", "words": ["snooze"], "message": "Say nap", "severity": "warning"}
    text = pubkit.Text(
        f"{TEXT}\nA snooze is short. It has no side effects.\n",
        metadata=SAID,
        files={
            **FILES,
            "rules/house.yaml": yaml.safe_dump({"rules": [rule]}),
            "styles/web.extra.css": b"h2 {color: #17566b}",
        },
        name="leaflet.md",
    )
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    report = pubkit.check(text)
    places = {one.rule: (one.location.file, one.location.line) for one in report.findings if one.location}
    assert places["HSE001"] == places["CLM011"] == ("leaflet.md", 5)
    with pytest.raises(pubkit.Blocked) as blocked:
        pubkit.build_files(text, ["txt"])
    assert blocked.value.report.counts["error"]
    with pytest.raises(pubkit.InputRefused) as refused:
        pubkit.check(
            pubkit.Text(TEXT, metadata=SAID, files={**FILES, "styles/web.extra.css": "h2 { position: fixed }"})
        )
    assert [str(one.location) for one in refused.value.findings] == ["styles/web.extra.css:1:6"]
    assert list(folder.iterdir()) == []
    assert "::error file=docs/leaflet.md,line=5,col=" in report_as(report, "github", "docs")
    assert json.loads(report_as(report, "json"))["summary"]["exit_code"] == 1


def test_the_files_of_a_build_are_bytes_and_those_of_a_folder_are_the_same(
    publication: Publish, tmp_path: Path
) -> None:
    made = pubkit.build_files(pubkit.Text(TEXT, metadata=SAID, files=FILES, name="01-text.md"), ["txt"])
    built = pubkit.build(publication(TEXT, chapters=["01-text.md"]), tmp_path / "dist", only=["txt"])
    assert made.files["sleep-1.0.0.txt"] == (built.folder / "sleep-1.0.0.txt").read_bytes()
    assert set(made.files) == {path.name for path in built.folder.iterdir()}
    assert made.report.counts == built.report.counts


@pytest.mark.parametrize("name", ["../text.md", "/etc/text.md", "a/../../b.md", "", "a\\b.md"])
def test_a_file_that_leaves_the_publication_is_refused(name: str) -> None:
    with pytest.raises(pubkit.UsageError, match="is not a path inside a publication"):
        pubkit.check(pubkit.Text(TEXT, metadata=SAID, files={name: b""}))


def test_wrong_arguments_are_named_with_what_to_write(publication: Publish) -> None:
    # As a program without types gives them.
    calls: tuple[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any], str], ...] = (
        (pubkit.build_files, (pubkit.Text(TEXT, metadata=SAID), "html"), {}, "The formats are a list, not 'html'"),
        (pubkit.sign_review, (publication(), "Ada"), {"decision": "maybe"}, "There is no decision maybe"),
        (pubkit.check, (pubkit.Text(TEXT, metadata=SAID, files={"a.bib": cast(Any, 3)}),), {}, "a.bib is neither text"),
        (pubkit.check, (pubkit.Text(TEXT, metadata=cast(Any, "title")),), {}, "have another type"),
        (pubkit.check, (pubkit.Text(TEXT, metadata=SAID),), {"on_stage": "read"}, "on_stage cannot be called"),
        (pubkit.check, (None,), {}, "A NoneType was given as the path of a publication"),
        (pubkit.load, (b"manuscript",), {}, "A bytes was given as the path of a publication"),
        (pubkit.check, (publication(),), {"cache": 3}, "the path of the cache"),
        (pubkit.build, (publication(), None), {}, "the path of the output folder"),
        (report_as, (pubkit.check(pubkit.Text(TEXT, metadata=SAID)), "pdf"), {}, "There is no form pdf"),
        (pubkit.diff, (pubkit.Text(TEXT), pubkit.Text(TEXT)), {}, "A Text was given as the path of an edition"),
    )
    for function, given, options, said in calls:
        with pytest.raises(pubkit.UsageError, match=said):
            function(*given, **options)


@pytest.mark.parametrize("last", ["txt", "publish"])
def test_an_observer_that_raises_ends_the_build_and_leaves_the_folder_as_it_was(
    publication: Publish, tmp_path: Path, last: str
) -> None:
    out = tmp_path / "dist"
    root = publication()
    pubkit.build(root, out, only=["txt"])
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (root / "01-text.md").write_text(f"{TEXT}\nMore.\n", "utf-8")

    def stop(stage: str, seconds: float) -> None:
        if stage == last:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        pubkit.build(root, out, only=["txt"], on_stage=stop)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


class Following:
    """An observer that is told how far each stage has come, and ends the work at one place."""

    def __init__(self, end: tuple[str, int] = ("", 0)) -> None:
        self.seen: list[tuple[str, int, int]] = []
        self.end = end

    def __call__(self, stage: str, seconds: float) -> None:
        self.seen.append((stage, -1, -1))

    def progress(self, stage: str, done: int, of: int) -> None:
        self.seen.append((stage, done, of))
        if (stage, done) == self.end:
            raise InterruptedError


def test_a_program_follows_a_stage_and_ends_the_work_in_the_middle_of_it(publication: Publish, tmp_path: Path) -> None:
    root = publication(TEXT, files={"02-more.md": b"# More\n\nA nap is short.\n"})
    following = Following()
    pubkit.check(root, on_stage=following)
    assert [one for one in following.seen if one[0] == "read"] == [
        ("read", 0, 0), ("read", 1, 2), ("read", 2, 2), ("read", -1, -1),
    ]  # fmt: skip
    rules = [one for one in following.seen if one[0] == "check"]
    assert rules[0] == ("check", 0, 0)
    assert rules[-2] == ("check", len(rules) - 2, len(rules) - 2)
    for end in (("read", 1), ("check", 5)):
        following = Following(end)
        with pytest.raises(InterruptedError):
            pubkit.build(root, tmp_path / "out", only=["txt"], on_stage=following)
        assert (following.seen[-1][:2]) == end
        assert not (tmp_path / "out").exists()


def test_a_program_looks_references_up_signs_releases_verifies_and_compares(
    publication: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    root = publication(reviewers=[{"name": "Ben Sample", "credentials": "RN", "conflicts": "None declared."}])
    seen: list[str] = []
    with Registry() as registry:
        registry.hold(PRISMA)
        result = pubkit.update_references(
            root, contact="a@example.org", registries=registry.base, on_reference=lambda done, of, key: seen.append(key)
        )
    assert result.fault is None
    assert result.asked == ("page2021",)
    assert "page2021" in seen
    with pytest.raises(pubkit.UsageError, match="not listed under `reviewers:`"):
        pubkit.sign_review(root, "Nobody")
    assert pubkit.sign_review(root, "Ben Sample", scope="wording").reviewer == "Ben Sample"
    assert "wording" in (root / "pubkit.yaml").read_text("utf-8")
    first, second = tmp_path / "first", tmp_path / "second"
    pubkit.build(root, first, only=["txt"])
    (root / "01-text.md").write_text(f"{TEXT}\nIt lowers anxiety by 12% [@page2021].\n", "utf-8")
    pubkit.build(root, second, only=["txt"])
    assert [change.kind.value for change in pubkit.diff(first, second).changes] == ["added"]
    assert [change.kind.value for change in pubkit.diff(str(first), str(root)).changes] == ["added"]
    assert pubkit.verify(second).exit_code == 0
    (second / "report.json").write_text("{}", "utf-8")
    assert pubkit.verify(second).exit_code == 1
    with pytest.raises(pubkit.UsageError, match="There is no folder"):
        pubkit.verify(tmp_path / "nowhere")


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_run(page: str, publication: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[1] / page).read_text("utf-8")
    examples = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert examples
    monkeypatch.chdir(publication(folder="manuscript", unreviewed=UNREVIEWED, outputs=["html"]).parent)
    names: dict[str, object] = {}
    for example in examples:
        exec(compile(example.replace('"pdf"', '"txt"'), page, "exec"), names)
    if "page" in names:
        assert b"PRISMA" in names["page"]  # type: ignore[operator]


def test_the_library_says_its_version() -> None:
    assert pubkit.__version__ == metadata.version("pubkit-health")
