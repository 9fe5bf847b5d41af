"""What people and CI see: one clear answer and the right exit code, whatever is wrong."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pubkit import catalogue
from pubkit.cli.main import main
from pubkit.report.explain import explained

from .conftest import TEXT, Publish

PUBKIT = [sys.executable, "-m", "pubkit"]


def run(
    *arguments: str | Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    command = [*PUBKIT, *map(str, arguments)]
    surroundings = {**os.environ, **(environment or {})}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=surroundings, preexec_fn=before, check=False
    )


def test_a_sound_manuscript_is_ready(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(publication())]) == 0
    shown = capsys.readouterr()
    assert "Ready to build" in shown.out
    assert "  read " in shown.err


def test_a_misspelt_key_is_named_with_its_place_and_the_nearest(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(publication(TEXT.replace("@page2021", "@pgae2021")))]) == 1
    shown = capsys.readouterr().out
    assert "3:" in shown
    assert "CIT001" in shown
    assert "page2021" in shown


def test_a_refused_build_leaves_the_last_set_untouched(publication: Publish, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    root = publication()
    assert main(["build", str(root), "--out", str(out), "--only", "html", "-q"]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (root / "01-text.md").write_text("A claim [@nobody].\n")
    assert main(["build", str(root), "--out", str(out), "--only", "html", "-q"]) == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_draft_is_made_although_findings_block_and_says_so(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication("# A\n\nA claim [@nobody].\n")
    assert main(["build", str(root), "--draft", "--out", str(tmp_path / "draft"), "--only", "html"]) == 0
    shown = capsys.readouterr().out
    assert "Draft made" in shown
    assert "cannot be released" in shown
    (page,) = (tmp_path / "draft").glob("*-draft.html")
    assert "Draft" in page.read_text()


def test_a_draft_goes_on_without_what_is_unsafe_and_a_build_is_blocked(publication: Publish, tmp_path: Path) -> None:
    root = publication("Text <script>alert(1)</script>.\n")
    assert main(["build", str(root), "--draft", "--out", str(tmp_path / "draft"), "--only", "html"]) == 0
    assert b"alert(1)" not in (tmp_path / "draft" / "sleep-1.0.0-draft.html").read_bytes()
    assert main(["build", str(root), "--out", str(tmp_path / "dist")]) == 1
    assert not (tmp_path / "dist").exists()


def test_input_that_cannot_be_looked_at_safely_is_refused_in_drafts_too(publication: Publish, tmp_path: Path) -> None:
    root = publication(">" * 400 + " deep\n")
    assert main(["build", str(root), "--draft", "--out", str(tmp_path / "draft")]) == 3


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "gitlab"])
def test_every_form_carries_the_same_verdict(
    publication: Publish, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(publication("A claim [@nobody].\n")), "--format", form]) == 1
    shown = capsys.readouterr()
    assert "CIT001" in shown.out
    assert form == "text" or shown.err == ""


def test_the_report_is_json_even_when_nothing_could_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "nowhere"), "--format", "json"]) == 2
    data = json.loads(capsys.readouterr().out)
    assert "nothing at" in data["summary"]["stopped_by"]
    assert data["summary"]["exit_code"] == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "nowhere"], 2),
        (["build", "nowhere"], 2),
        (["verify", "nowhere"], 2),
        (["explain", "CIT999"], 2),
    ],
)
def test_a_wrong_argument_is_a_usage_error(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["help"], 0, "The release gate for health publishing."),
        (["help", "check"], 0, "usage: pubkit check"),
        (["helpp"], 2, "Did you mean `pubkit help`?"),
        (["buidl"], 2, "Did you mean `pubkit build`?"),
        (["new"], 2, "Did you mean `pubkit init`?"),
        (["text.md"], 2, "Did you mean `pubkit check text.md`?"),
        (["frobnicate\x1b"], 2, "there is no command frobnicate"),
        (["refs", "udpate"], 2, "there is no udpate. Did you mean update?"),
        (["check", "--slect=CLM"], 2, "there is no option --slect. Did you mean --select?"),
        (["review", "sign", "Ana", "--claims-juged"], 2, "Did you mean --claims-judged?"),
        (["check", "--format", "sariff"], 2, "there is no sariff. Did you mean sarif?"),
        (["build", "--format", "pdf"], 2, "Did you mean --only pdf?"),
        (["check", "one", "two\x1b"], 2, "there is no place for two"),
        (["check", "-\x1b"], 2, "there is no option -"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_is_meant(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    shown = capsys.readouterr()
    assert caught.value.code == code
    assert words in shown.out + shown.err
    assert "\x1b" not in shown.err


def test_an_unknown_format_is_named_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["build", "--only", "docm"])
    assert caught.value.code == 2
    assert "docm is not one of html" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_ends_before_any_work(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", str(publication()), "--out", "/sys/kernel/dist"]) == 4
    shown = capsys.readouterr()
    assert "could not be written" in shown.out
    assert "read" not in shown.err


def test_the_set_verifies_until_a_byte_changes(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "dist"
    assert main(["build", str(publication()), "--out", str(out), "--only", "html", "-q"]) == 0
    assert main(["verify", str(out)]) == 0
    assert "complete and unchanged" in capsys.readouterr().out
    (page,) = out.glob("sleep-*.html")
    page.write_bytes(page.read_bytes().replace(b"Sleep", b"Sheep", 1))
    assert main(["verify", str(out)]) == 1
    assert "REL003" in capsys.readouterr().out
    assert (
        subprocess.run(
            ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=False, capture_output=True
        ).returncode
        == 1
    )


def test_a_new_publication_builds_as_it_stands(tmp_path: Path) -> None:
    assert run("init", "new", cwd=tmp_path).returncode == 0
    done = run("build", "manuscript", "--only", "html", cwd=tmp_path / "new")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "new" / "dist" / "first-publication-0.1.0.html").exists()
    again = run("init", "new", cwd=tmp_path)
    assert again.returncode == 2
    assert "already contains a complete publication" in again.stderr


def test_the_schema_describes_what_the_loader_accepts(capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema
    import yaml

    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    shipped = yaml.load((Path(__file__).parents[1] / "manuscript" / "pubkit.yaml").read_text(), Loader=yaml.BaseLoader)
    assert set(shipped) <= set(schema["$defs"]["Publication"]["properties"])


def test_every_rule_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    rules = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert set(rules) == set(catalogue.entries())
    assert all(explained(rule, catalogue.entries()).startswith(rule) for rule in rules)
    for rule in {rule[:3]: rule for rule in rules}.values():  # one of each family
        assert main(["explain", rule.lower()]) == 0
        assert capsys.readouterr().out == explained(rule, catalogue.entries())
    assert main(["help", "CLM011"]) == 0
    assert capsys.readouterr().out == explained("CLM011", catalogue.entries())


def test_the_doctor_names_every_tool_that_the_installed_metadata_ask_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    shown = {line.split()[0] for line in capsys.readouterr().out.splitlines()}
    asked = [Requirement(text) for text in importlib.metadata.requires("pubkit-health") or ()]
    direct = {canonicalize_name(one.name) for one in asked if not one.marker or one.marker.evaluate({"extra": ""})}
    through_others = {"pydyf", "fonttools", "brotli", "zopfli", "httpcore", "certifi"}
    assert direct | through_others | {"python", "pubkit", "pandoc", "pango", "fontpkg_ibm_plex_mono"} <= shown
    assert not {"pytest", "epubcheck", "mypy"} & shown


def test_help_and_version_are_there() -> None:
    assert "check a manuscript, make its files, prove them" in run("--help").stdout
    assert run("--version").stdout.startswith("pubkit ")


def test_a_module_planted_beside_the_manuscript_is_not_run(publication: Publish, tmp_path: Path) -> None:
    root = publication()
    (root / "yaml.py").write_text(f"open({str(tmp_path / 'PWNED')!r}, 'w').close()\n")
    command = Path(sys.executable).parent / "pubkit"
    done = subprocess.run([command, "check", "."], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "PWNED").exists()


def test_a_file_that_no_validator_has_checked_is_not_proved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html lang='en'><title>Naps</title><p>Naps.</p></html>", "utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(["proof", "page.html"]) == 4
    printed = capsys.readouterr()
    assert "not checked" in printed.out
    assert "No validator has checked page.html." in printed.err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_findings_are_printed_where_not_every_sign_can_be(publication: Publish, encoding: str) -> None:
    root = publication("# Naps\n\nStudies show that naps cure “fatigue”.\n", bibliography=None)
    environment = {"PYTHONIOENCODING": encoding}
    done = run("check", root, "-q", environment=environment)
    assert done.returncode == 1
    assert 'A statement about evidence has no source: "Studies show".' in done.stdout
    assert "-> Add the key" in done.stdout
    report = json.loads(run("check", root, "--format", "json", environment=environment).stdout)
    assert any("“Studies show”" in finding["message"] for finding in report["findings"])
    page = run("check", root, "--format", "junit", environment=environment).stdout
    assert "&#8220;Studies show&#8221;" in page


def test_a_full_disk_behind_standard_output_is_an_environment_fault(publication: Publish) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PUBKIT, "check", str(publication())], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 4
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_a_full_folder_for_temporary_files_is_an_environment_fault(publication: Publish, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", folder], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        done = run("build", "--only", "pdf", "-q", cwd=publication(), environment={"TMPDIR": str(folder)})
    finally:
        subprocess.run(["umount", folder], check=True)
    assert done.returncode == 4
    assert "No space left on device" in done.stdout + done.stderr
    assert "TMPDIR" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("limit", "value", "named"),
    [
        (resource.RLIMIT_CPU, 2, "set outside"),
        (resource.RLIMIT_AS, 50 << 20, "There is too little memory"),
        (resource.RLIMIT_AS, 200 << 20, "more than 200 MB of memory, a limit that was set outside pubkit"),
        (resource.RLIMIT_NOFILE, 6, "ulimit -n"),
        (resource.RLIMIT_FSIZE, 1 << 29, ""),
    ],
)
def test_a_limit_that_is_set_outside_is_named_or_does_no_harm(
    publication: Publish, limit: int, value: int, named: str
) -> None:
    many = "".join(f"In {year}, 7 of 10 people slept {year} hours.\n\n" for year in range(30_000))
    root = publication(many if limit == resource.RLIMIT_CPU else TEXT)
    done = run("check", cwd=root, before=lambda: resource.setrlimit(limit, (value, value)))
    assert done.returncode == (4 if named else 0), done.stdout + done.stderr
    assert named in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_without_a_file_to_open_ends_in_a_line(publication: Publish) -> None:
    program = (
        "import os, sys\nfrom pubkit.cli.main import main\n"
        "try:\n    while os.dup(0):\n        pass\nexcept OSError:\n    pass\n"
        "sys.exit(main(['check', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, publication()], check=False, capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert "Too many open files" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_date_at_an_end_of_the_calendar_is_a_date(
    publication: Publish, day: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = publication(dates={"published": day})
    assert main(["check", str(root)]) in {0, 1}
    capsys.readouterr()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "253402300799")
    assert main(["check", str(root), "-q"]) == 2
    assert "SOURCE_DATE_EPOCH" in capsys.readouterr().out


def test_inside_a_publication_no_path_is_needed(publication: Publish) -> None:
    done = run("check", cwd=publication())
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_unknown_citation_style_is_found_beside_all_else(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(publication("A claim [@nobody].\n", csl="vancuver"))]) == 1
    shown = capsys.readouterr().out
    assert "CIT020" in shown
    assert "vancouver" in shown
    assert "CIT001" in shown


_CSL = """<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">
<info><title>A</title><id>a</id></info>{}<citation><layout><text macro="m0"/></layout></citation>
<bibliography><layout><text macro="m0"/></layout></bibliography></style>"""


def _call(number: int) -> str:
    return f'<text macro="m{number}"/>'


@pytest.mark.parametrize(
    ("style", "said"),
    [
        (
            _CSL.format('\n<macro name="m0"><text macro="m1"/></macro>\n<macro name="m1"><text macro="m0"/></macro>'),
            "itself",
        ),
        (
            _CSL.format("\n".join(f'<macro name="m{n}">{_call(n + 1) * 2}</macro>' for n in range(40))),
            "stands for more than 20,000,000 elements",
        ),
        (_CSL.format("\u00e9").encode("utf-16"), "is not in UTF-8"),
    ],
    ids=["recursive", "doubling", "UTF-16"],
)
def test_a_citation_style_that_cannot_end_is_named_before_pandoc_reads_it(
    publication: Publish, style: str | bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication("A claim [@nobody].\n", csl="./s.csl")
    (root / "s.csl").write_bytes(style if isinstance(style, bytes) else style.encode())
    assert main(["check", str(root), "-q"]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert re.search(rf"CIT020 .*{said}", shown), shown


def test_a_file_beside_the_set_is_named_by_verify(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "dist"
    assert main(["build", str(publication()), "--out", str(out), "--only", "html", "-q"]) == 0
    (out / "evil.html").write_text("x")
    assert main(["verify", str(out)]) == 1
    assert "evil.html is not one of the published files" in capsys.readouterr().out


def test_formats_may_be_named_in_capitals_and_the_folder_in_any_way(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out\x1b[31m"
    assert main(["build", str(publication()), "--draft", "--out", str(out), "--only", "HTML", "-q"]) == 0
    assert [path.name for path in out.glob("sleep-*")] == ["sleep-1.0.0-draft.html"]
    said = capsys.readouterr().out
    assert "out\\u001b[31m/sleep-1.0.0-draft.html" in said
    assert "\x1b" not in said
