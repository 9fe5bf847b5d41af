"""What `pubkit init` writes: nothing that is there is touched, it builds as it is, and it cannot be released as it is."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from tests.conftest import Publish
from tests.references.registry import Registry

import pubkit
from pubkit.boundary import distribution
from pubkit.cli.main import main
from pubkit.findings import Severity
from pubkit.project import templates

ROOT = Path(__file__).parents[1]
COMPLETE = {
    "README.md",
    ".gitignore",
    "noxfile.py",
    "manuscript/pubkit.yaml",
    "manuscript/01-introduction.md",
    "manuscript/references.bib",
    "manuscript/pubkit.schema.json",
    ".github/workflows/build.yml",
    ".github/workflows/release.yml",
    ".github/workflows/references.yml",
}


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def laid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A new publication."""
    folder = tmp_path / "new"
    assert main(["init", str(folder)]) == 0
    capsys.readouterr()
    return folder


# ----------------------------------------------------------------------------------------------- what is there, and what not


def test_a_fresh_clone_gets_what_it_lacks_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    own = {"README.md": "# Mine\n", "LICENSE": "Mine.\n", ".gitignore": "*.pyc\ndist/\n"}
    for name, text in own.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["init", "."]) == 0
    shown = capsys.readouterr().out
    present = {name: text for name, text in files(tmp_path).items() if not name.startswith(".git/")}
    assert set(present) == COMPLETE | set(own)
    assert own.items() <= present.items()
    assert "left  README.md: already exists\n" in shown
    assert "left  .gitignore: already exists; add to it: /*-refused.html /draft/ /.nox/" in shown
    assert shown.endswith("\nNow: nox -s build\n")
    assert main(["build", "manuscript", "--only", "html", "-q"]) == 0


def test_a_manuscript_that_is_there_gets_tasks_and_no_second_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manuscript").mkdir()
    (tmp_path / "manuscript" / "pubkit.yaml").write_text("title: Mine\n")
    assert main(["init", str(tmp_path)]) == 0
    not_written = {"01-introduction.md", "references.bib", "pubkit.schema.json"}
    assert set(files(tmp_path)) == COMPLETE - {f"manuscript/{name}" for name in not_written}
    assert "01-introduction.md: not written" in capsys.readouterr().out


def test_a_text_that_is_there_gets_no_chapter_of_placeholders(tmp_path: Path) -> None:
    (tmp_path / "manuscript").mkdir()
    (tmp_path / "manuscript" / "01-sleep.md").write_text("# Sleep\n\nA text on sleep.\n")
    assert main(["init", str(tmp_path)]) == 0
    assert set(files(tmp_path)) == COMPLETE - {"manuscript/01-introduction.md"} | {"manuscript/01-sleep.md"}
    assert pubkit.check(tmp_path / "manuscript").counts["error"] == 0


def test_beside_tasks_of_another_program_no_workflow_is_written_that_calls_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "noxfile.py").write_text("import nox\n")
    assert main(["init", str(tmp_path)]) == 0
    assert set(files(tmp_path)) == {name for name in COMPLETE if not name.startswith(".github")}
    shown = capsys.readouterr().out
    assert "build.yml: not written" in shown
    assert shown.endswith("&& pubkit build\n")


def test_inside_a_repository_no_workflow_is_written_where_none_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "leaflets" / "asthma"
    assert main(["init", str(folder)]) == 0
    assert not (folder / ".github").exists()
    assert f"top folder of a repository only, which is {tmp_path}" in capsys.readouterr().out
    assert main(["init", str(tmp_path)]) == 0
    assert (tmp_path / ".github").exists()


def test_a_complete_publication_is_refused_and_left_as_it_is(laid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(laid)
    assert main(["init", str(laid)]) == 2
    assert "already contains a complete publication" in capsys.readouterr().err
    assert files(laid) == before


def test_no_publication_begins_inside_another(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    root = publication()
    before = sorted(root.rglob("*"))
    assert main(["init", str(root)]) == 2
    assert "is a publication already, so nothing was written" in capsys.readouterr().err
    assert sorted(root.rglob("*")) == before


def test_a_new_publication_does_not_begin_beside_texts_that_can_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("my text.md", "Leaflet.docx", "CHANGELOG.md"):
        (tmp_path / name).write_text("Words.\n")
    assert main(["init", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "(my text.md)" in said
    assert f"pubkit init --from {tmp_path}" in said
    assert not (tmp_path / "manuscript").exists()
    (tmp_path / "my text.md").unlink()
    assert main(["init", str(tmp_path)]) == 0
    assert f"pubkit init NAME --from {tmp_path}/Leaflet.docx" in capsys.readouterr().out


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "README.md").symlink_to(tmp_path / "elsewhere.md")
    assert main(["init", str(tmp_path / "new")]) == 0
    assert not (tmp_path / "elsewhere.md").exists()


@pytest.mark.parametrize("name", ["two words", "it's", "$HOME", "a;b", "ärzte"])
def test_what_is_printed_can_be_typed_whatever_the_folder_is_called(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", name]) == 0
    command = capsys.readouterr().out.rpartition("\nNow: ")[2].strip()
    enter, _, build = command.rpartition(" && ")
    assert build == "nox -s build"
    done = subprocess.run(["sh", "-c", f"{enter} && pwd"], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == tmp_path / name


# ---------------------------------------------------------------------------------------------------------- what it claims


def test_a_new_publication_claims_no_search_and_no_review(laid: Path, tmp_path: Path) -> None:
    release = pubkit.build(laid / "manuscript", out=tmp_path / "dist", only=["html"])
    asked = {finding.rule for finding in release.report.findings if finding.severity is Severity.WARNING}
    assert {"EDI006", "EDI007", "DIS014"} <= asked
    page = release.folder / "first-publication-0.1.0.html"
    text = " ".join(re.sub(r"<[^>]+>", " ", page.read_text().partition("<body")[2]).split())
    assert "last searched on" not in text
    assert "last reviewed on" not in text
    assert "Last reviewed" not in text
    assert "The date of the last search of the research literature is not recorded." in text


def test_every_placeholder_is_a_warning_in_a_build_and_an_error_in_a_release(laid: Path, tmp_path: Path) -> None:
    def left(report: pubkit.Report, severity: Severity) -> list[str]:
        found = [finding for finding in report.findings if finding.rule == "EDI040"]
        assert {finding.severity for finding in found} == {severity}
        assert all(finding.location and finding.location.line for finding in found)
        return [" ".join(finding.context.split()) for finding in found]

    marked = templates.placeholders("pubkit.yaml") | templates.placeholders("chapter.md")
    assert set(left(pubkit.check(laid / "manuscript"), Severity.WARNING)) == marked
    with pytest.raises(pubkit.Blocked) as refused:
        pubkit.release(laid / "manuscript", out=tmp_path / "dist")
    assert set(left(refused.value.report, Severity.ERROR)) == marked


def test_what_is_replaced_is_no_placeholder_any_more(laid: Path) -> None:
    configuration = laid / "manuscript" / "pubkit.yaml"
    chapter = laid / "manuscript" / "01-introduction.md"
    text = configuration.read_text()
    for number, words in enumerate(sorted(templates.placeholders("pubkit.yaml"), key=len, reverse=True)):
        if words.startswith("Two or three"):
            text = re.sub(r"abstract: >-\n(?:  .*\n)+", "abstract: What is known of sleep.\n", text)
        text = text.replace(f"  # {words}", "").replace(words, f"own-words-{number}")
    configuration.write_text(text)
    chapter.write_text("# Sleep\n\nA guideline says what a systematic review should report [@page2021].\n")
    assert "EDI040" not in {finding.rule for finding in pubkit.check(laid / "manuscript").findings}


def test_the_first_look_at_the_registries_confirms_every_reference(
    laid: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(laid / "data"))
    with Registry() as registry:
        registry.hold(PRISMA)
        options = ["--registries", registry.base, "--only-references"]
        assert main(["refs", "update", str(laid / "manuscript"), *options]) == 0
    capsys.readouterr()
    report = pubkit.check(laid / "manuscript")
    assert [(verdict.key, verdict.status.value) for verdict in report.verdicts] == [("page2021", "OK")]


#: What Crossref says of the one work that the template cites, in its form.
PRISMA: dict[str, Any] = {
    "DOI": "10.1136/bmj.n71",
    "type": "journal-article",
    "title": ["The PRISMA 2020 statement: an updated guideline for reporting systematic reviews"],
    "author": [
        {"given": given, "family": family}
        for given, family in (
            ("Matthew J", "Page"),
            ("Joanne E", "McKenzie"),
            ("Patrick M", "Bossuyt"),
            ("Isabelle", "Boutron"),
            ("Tammy C", "Hoffmann"),
            ("Cynthia D", "Mulrow"),
            ("Larissa", "Shamseer"),
        )
    ],
    "container-title": ["BMJ"],
    "issued": {"date-parts": [[2021, 3, 29]]},
    "volume": "372",
    "page": "n71",
}


# ------------------------------------------------------------------------------------------------------- what it installs


def installed_as(folder: Path, direct_url: dict[str, Any] | None) -> None:
    """Write the metadata of an installed pubkit-health 2.0 into `folder`."""
    metadata = folder / "pubkit_health-2.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: pubkit-health\nVersion: 2.0\n")
    if direct_url is not None:
        (metadata / "direct_url.json").write_text(json.dumps(direct_url))


REPOSITORY = "https://git.example.org/pubkit.git"
COMMIT = "b6ad3f9b9f0a7c4c1f6f5f0c2f1f8f6f2a9c4d55"


@pytest.mark.parametrize(
    ("direct_url", "requirement", "path"),
    [
        (None, "pubkit-health==2.0", ""),
        (
            {"url": REPOSITORY, "vcs_info": {"vcs": "git", "commit_id": COMMIT, "requested_revision": "main"}},
            f"pubkit-health @ git+{REPOSITORY}@{COMMIT}",
            "",
        ),
        (
            {"url": REPOSITORY, "vcs_info": {"vcs": "git", "commit_id": COMMIT}, "subdirectory": "tool"},
            f"pubkit-health @ git+{REPOSITORY}@{COMMIT}#subdirectory=tool",
            "",
        ),
        (
            {"url": "file:///home/ada/my%20pubkit", "dir_info": {"editable": True}},
            "pubkit-health @ file:///home/ada/my%20pubkit",
            "/home/ada/my pubkit",
        ),
        (
            {"url": "file:///a/pubkit_health-2.0-py3-none-any.whl", "archive_info": {"hashes": {"sha256": "ab12"}}},
            "pubkit-health @ file:///a/pubkit_health-2.0-py3-none-any.whl#sha256=ab12",
            "/a/pubkit_health-2.0-py3-none-any.whl",
        ),
        (
            {"url": "https://example.org/pubkit_health-2.0.tar.gz", "archive_info": {"hash": "sha256=ab12"}},
            "pubkit-health @ https://example.org/pubkit_health-2.0.tar.gz#sha256=ab12",
            "",
        ),
        (
            {"url": "file:///a/pubkit_health-2.0.tar.gz", "archive_info": {}},
            "pubkit-health @ file:///a/pubkit_health-2.0.tar.gz",
            "/a/pubkit_health-2.0.tar.gz",
        ),
    ],
)
def test_what_is_installed_is_the_very_pubkit_that_wrote_it(
    direct_url: dict[str, Any] | None, requirement: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    installed_as(site, direct_url)
    monkeypatch.syspath_prepend(site)
    assert distribution.requirement() == distribution.Requirement(requirement, path)
    assert main(["init", str(tmp_path / "new")]) == 0
    assert assigned(tmp_path / "new" / "noxfile.py", "PUBKIT") == requirement
    for workflow in (tmp_path / "new" / ".github" / "workflows").iterdir():
        assert ("NOT READY" in workflow.read_text()) == bool(path)


def assigned(program: Path, name: str) -> object:
    """The value that `program` gives to the constant `name`."""
    for statement in ast.parse(program.read_text()).body:
        if isinstance(statement, ast.Assign) and [ast.unparse(target) for target in statement.targets] == [name]:
            return ast.literal_eval(statement.value)
    raise AssertionError(name)


def test_the_doctor_names_another_distribution_that_owns_the_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    metadata = tmp_path / "pubkit-0.3.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: pubkit\nVersion: 0.3.0\n")
    (metadata / "RECORD").write_text("pubkit/__init__.py,,\n")
    (tmp_path / "pubkit").mkdir()
    (tmp_path / "pubkit" / "__init__.py").touch()
    assert main(["doctor"]) == 0
    capsys.readouterr()
    monkeypatch.syspath_prepend(tmp_path)
    assert main(["doctor"]) == 4
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("module pubkit")]
    assert "another distribution, pubkit 0.3.0" in line
    assert "python -m pip uninstall pubkit, then" in line
    assert "pubkit-health" in line


#: A requirement or a command that would fetch the other project's `pubkit` from a package index.
BARE_NAME = re.compile(
    r"""(?:\bpip3?\ install|\bpipx\ (?:install|run)|\buvx|\buv\ (?:add|tool\ \w+|pip\ install))
        \s+(?:-\S+\s+)*["']?pubkit(?![-\w])
      | (?<![-\w/])pubkit\s*(?:[=~<>!]=|@\s*(?:git|file|https?)|\[)""",
    re.VERBOSE,
)


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_nothing_installs_the_name_that_belongs_to_another_project() -> None:
    for path in tracked_files():
        if path == Path(__file__) or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        assert not (found := BARE_NAME.search(text)), f"{path}: {found[0] if found else ''}"


@pytest.mark.parametrize(
    "text", ["pip install pubkit", "uvx pubkit build", "pipx run 'pubkit'", 'P = "pubkit==0.1.0"', "pubkit[tests]"]
)
def test_the_search_for_the_bare_name_finds_it(text: str) -> None:
    assert BARE_NAME.search(text)
    assert not BARE_NAME.search(text.replace("pubkit", "pubkit-health"))


# ------------------------------------------------------------------------------------------------------------- workflows


def workflows(folder: Path) -> dict[str, Any]:
    return {path.stem: yaml.load(path.read_text(), yaml.BaseLoader) for path in sorted(folder.glob("*.yml"))}


def test_no_job_that_runs_code_of_the_repository_may_write(laid: Path) -> None:
    made = workflows(laid / ".github" / "workflows")
    assert set(made) == {"build", "release", "references"}
    for name, workflow in made.items():
        assert workflow["permissions"] == {}
        for job in workflow["jobs"].values():
            runs_code = any(re.search(r"(?m)^nox ", step.get("run", "")) for step in job["steps"])
            writes = "write" in job["permissions"].values()
            assert not (runs_code and writes), name


def test_the_workflows_build_release_refresh_and_report(laid: Path) -> None:
    made = workflows(laid / ".github" / "workflows")
    assert set(made["build"]["on"]) == {"push", "pull_request"}
    assert made["release"]["on"] == {"push": {"tags": ["v*"]}}
    assert "schedule" in made["references"]["on"]
    sessions = set(re.findall(r"nox -s (\w+)", json.dumps(made)))
    assert sessions == {"check", "build", "release", "refs", "pubkit"}
    program = (laid / "noxfile.py").read_text()
    assert all(f"@nox.session\ndef {session}(" in program for session in sessions)
    assert any("upload-sarif" in step.get("uses", "") for step in made["build"]["jobs"]["alerts"]["steps"])
    assert "gh pr create" in json.dumps(made["references"])


def test_actions_are_pinned_as_those_of_the_project(laid: Path) -> None:
    def actions(folder: Path) -> set[str]:
        return {action for path in folder.glob("*.yml") for action in re.findall(r"uses: (\S+)", path.read_text())}

    own, made = actions(ROOT / ".github" / "workflows"), actions(laid / ".github" / "workflows")
    shared = {action.partition("@")[0] for action in own} & {action.partition("@")[0] for action in made}
    assert {action for action in made if action.partition("@")[0] in shared} <= own
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in own | made)


def test_a_release_looks_the_references_up_first_and_keeps_what_was_said_and_made(laid: Path) -> None:
    steps = workflows(laid / ".github" / "workflows")["release"]["jobs"]["build"]["steps"]
    commands = [step["run"] for step in steps if step.get("run", "").startswith("nox ")]
    assert commands == ["nox -s refs -- --all", "nox -s release -- --format github", "nox -s pubkit -- verify dist"]
    [kept] = [step["with"]["path"] for step in steps if step.get("with", {}).get("name") == "record"]
    assert kept.split() == ["manuscript/references.lock.json", "manuscript/releases.json", "manuscript/editions/"]


@pytest.mark.parametrize(
    ("written", "agrees"),
    [('version: "1.2.0"', True), ("version: 1.2.0", True), ("version: '1.2.0'", True), ('version: "1.2.01"', False)],
)
def test_a_tag_that_names_another_version_releases_nothing(
    written: str, agrees: bool, laid: Path, tmp_path: Path
) -> None:
    steps = workflows(laid / ".github" / "workflows")["release"]["jobs"]["build"]["steps"]
    (command,) = [step["run"] for step in steps if "GITHUB_REF_NAME" in step.get("run", "")]
    configuration = laid / "manuscript" / "pubkit.yaml"
    configuration.write_text(configuration.read_text().replace('version: "0.1.0"', written))
    environment = {**os.environ, "GITHUB_REF_NAME": "v1.2.0"}
    done = subprocess.run(["bash", "-ec", command], cwd=laid, env=environment, check=False)
    assert (done.returncode == 0) is agrees


# ------------------------------------------------------------------------------------------------- from the wheel to dist/


@pytest.mark.slow
def test_what_init_tells_its_user_to_type_builds_and_the_second_time_installs_nothing(tmp_path: Path) -> None:
    wheel = built_wheel(tmp_path / "wheel")
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(borrowed_libraries(tmp_path / "libraries"))}
    environment = {**os.environ, **offline, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    program = installed(wheel, tmp_path / "environment", environment)
    name = 'my "first" book, $1'
    shown = subprocess.run([program, "init", name], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    command = shown.rpartition("\nNow: ")[2].strip()
    folder = tmp_path / name
    assert command == f"cd '{name}' && nox -s build"
    assert re.fullmatch(
        rf"pubkit-health @ file://\S+/{re.escape(wheel.name)}#sha256=[0-9a-f]{{64}}",
        str(assigned(folder / "noxfile.py", "PUBKIT")),
    )
    first, second = (
        subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        for _ in range(2)
    )
    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr + second.stderr
    assert "-m virtualenv" in first.stderr
    assert "-m pip install" in first.stderr
    assert "virtualenv" not in second.stderr
    assert "pip" not in second.stderr
    assert {path.suffix for path in (folder / "dist").glob("first-publication-*")} == {".html", ".epub", ".pdf"}
    wrong = subprocess.run(
        ["sh", "-c", f"{command} -- --only mobi"], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert wrong.returncode == 2
    changed = (folder / "noxfile.py").read_text().replace("pubkit-health @ file://", "pubkit-health @ file:///nowhere")
    (folder / "noxfile.py").write_text(changed)
    gone = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert gone.returncode != 0
    assert "No such file or directory: '/nowhere" in gone.stdout + gone.stderr


def built_wheel(folder: Path) -> Path:
    """The wheel of this source tree."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("pubkit_health-*.whl")
    return wheel


def borrowed_libraries(folder: Path) -> Path:
    """A wheel for each library that pubkit requires, which lends the one installed here: no test fetches anything."""
    folder.mkdir()
    sites = "".join(f"{path}\n" for path in sys.path if path.endswith("site-packages"))
    for text in importlib.metadata.requires("pubkit-health") or ():
        requirement = Requirement(text)
        if not requirement.marker or requirement.marker.evaluate({"extra": ""}):
            name, version = requirement.name.replace("-", "_"), importlib.metadata.version(requirement.name)
            write_wheel(folder / f"{name}-{version}-py3-none-any.whl", {f"{name}_borrowed.pth": sites})
    return folder


def write_wheel(path: Path, contents: dict[str, str]) -> None:
    """A pure wheel of these files; its name tells name and version."""
    name, version = path.name.split("-")[:2]
    metadata = f"{name}-{version}.dist-info"
    contents |= {
        f"{metadata}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{metadata}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents[f"{metadata}/RECORD"] = "".join(f"{file},,\n" for file in (*contents, f"{metadata}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in contents.items():
            archive.writestr(file, text)


def installed(wheel: Path, folder: Path, environment: dict[str, str]) -> Path:
    """The program `pubkit`, installed from `wheel` in a new environment."""
    for command in (
        ["-m", "virtualenv", "--quiet", str(folder)],
        ["-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet", str(wheel)],
    ):
        done = subprocess.run([sys.executable, *command], check=False, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
    return folder / "bin" / "pubkit"
