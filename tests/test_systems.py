"""What people see on a machine that is new, that lacks something, or that pubkit does not run on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pubkit.boundary import system

from .conftest import Publish

PROJECT = Path(__file__).parents[1]
PUBKIT = [sys.executable, "-m", "pubkit"]
APT = "libpango-1.0-0 libpangoft2-1.0-0"


def hidden(folder: Path, *files: str) -> dict[str, str]:
    """The environment of a process in which the loader finds something broken in the place of these libraries."""
    folder.mkdir(exist_ok=True)
    for name in files:
        (folder / name).write_text("This is no library.\n")
    return os.environ | {"LD_LIBRARY_PATH": str(folder), "DYLD_LIBRARY_PATH": str(folder)}


@pytest.fixture
def without_pango(tmp_path: Path) -> dict[str, str]:
    return hidden(tmp_path / "hidden", system.libraries()["pango"])


def run(environment: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*PUBKIT, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def programs(folder: Path, **scripts: str) -> str:
    """A folder for PATH with these programs, each a line of shell, and nothing else."""
    folder.mkdir()
    for name, line in scripts.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)
    return str(folder)


def test_without_pango_one_line_names_it_the_command_and_what_works(
    publication: Publish, tmp_path: Path, without_pango: dict[str, str]
) -> None:
    done = run(without_pango, "build", publication(), "--out", tmp_path / "dist")
    assert done.returncode == 4, done.stdout + done.stderr
    (line,) = done.stdout.splitlines()
    assert system.libraries()["pango"] in line
    assert system.command(system.PANGO) in line
    assert "--only html,epub" in line
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "dist").exists()


def test_without_pango_everything_but_the_pdf_is_made(
    publication: Publish, tmp_path: Path, without_pango: dict[str, str]
) -> None:
    out = tmp_path / "dist"
    done = run(without_pango, "build", publication(), "--out", out, "--only", "html,epub,docx,jats,txt")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.suffix for path in out.glob("sleep-*")} == {".html", ".epub", ".docx", ".xml", ".txt"}
    assert "pango" not in json.loads((out / "manifest.json").read_text())["tools"]
    assert run(without_pango, "check", publication()).returncode == 0


def test_without_pango_the_doctor_says_the_same(without_pango: dict[str, str]) -> None:
    done = run(without_pango, "doctor")
    assert done.returncode == 4
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("pango ")]
    assert "MISSING" in line
    assert system.command(system.PANGO) in line
    assert "--only html,epub" in line


@pytest.mark.parametrize(
    ("present", "line"),
    [
        ("apt_get", f"sudo apt-get update && sudo apt-get install {APT}"),
        ("dnf", "sudo dnf install pango"),
        ("apk", "sudo apk add pango"),
        ("brew", "brew install pango"),
        ("pacman", ""),
    ],
)
def test_the_command_is_the_one_of_this_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, present: str, line: str
) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", **{present: "exit 0"}))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert system.command(system.PANGO) == line
    assert (line or "your system's package manager") in system.advice("Pango", system.PANGO)


def test_root_needs_no_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", dnf="exit 0", sudo="exit 1"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert system.command(system.PANGO) == "dnf install pango"
    (step,) = system.installation(system.PANGO)
    assert "sudo" not in " ".join(step)
    assert step[-1] == "pango"


@pytest.mark.parametrize(("answer", "may"), [(0, True), (1, False)])
def test_a_user_installs_with_a_sudo_that_asks_for_nothing_and_not_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: int, may: bool
) -> None:
    log = tmp_path / "log"
    script = f'[ "$1" = -n ] || exit 9; printf "%s %s\\n" "$@" >> {log}; exit {answer}'
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", apt_get="exit 0", sudo=script))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    steps = system.installation(system.PANGO)
    assert bool(steps) is may
    assert log.read_text() == "-n true\n"
    if may:
        update, install = (" ".join(step) for step in steps)
        assert "apt-get update" in update
        assert install.endswith(APT)
        assert "DEBIAN_FRONTEND=noninteractive" in install


def test_a_user_without_sudo_installs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", apt_get="exit 0"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert system.installation(system.PANGO) == []


#: A Python as Windows has it, as far as pubkit gets to see it; what Windows has too is imported before.
WINDOWS = """
import ctypes, os, platform, shutil, subprocess, sys, tempfile
sys.platform = "win32"
del os.geteuid
for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
"""


def on_windows(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", WINDOWS + code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [["build"], ["doctor"], ["--version"], []])
def test_windows_is_refused_in_one_sentence_that_says_what_works(arguments: list[str]) -> None:
    done = on_windows(f"from pubkit.__main__ import main\nsys.argv[1:] = {arguments}\nsys.exit(main())")
    assert done.returncode == 4
    assert done.stderr == system.UNSUPPORTED + "\n"
    assert "Windows" in done.stderr
    assert "container" in done.stderr
    assert done.stdout == ""


def test_the_library_on_windows_says_the_same() -> None:
    done = on_windows("import pubkit\ntry:\n    pubkit.build\nexcept ImportError as error:\n    print(error)")
    assert done.stdout == system.UNSUPPORTED + "\n", done.stderr


def test_on_windows_nothing_of_the_system_is_touched() -> None:
    done = on_windows(
        "from pubkit.boundary import system\nprint(system.installation(system.PANGO), system.command(system.PANGO))"
    )
    assert done.stdout == "[] \n", done.stderr


def commands_of(text: str) -> list[str]:
    """The lines of the first console block of a page."""
    return text.partition("```console\n")[2].partition("```")[0].splitlines()


def test_ci_begins_with_the_two_lines_of_the_readme() -> None:
    lines = commands_of((PROJECT / "README.md").read_text())
    assert lines == ["python -m pip install nox && nox -s build", "nox -s tests"]
    script = [line for line in (PROJECT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    start = script.index(lines[0])
    assert script[start : start + 2] == lines
    assert not re.search(r"\b(apt-get|dnf|pip)\b", "\n".join(script[:start]))


def installed(text: str) -> set[str]:
    """What the `apt-get install` of a file installs."""
    joined = re.sub(r"\\\n", " ", text)
    (found,) = re.findall(r"apt-get install ([^&|`\n]*)", joined)
    return {word for word in found.split() if not word.startswith("-")}


def test_the_container_installs_what_the_table_names() -> None:
    faces_and_pango = {*system.PANGO["apt-get"], *system.FACES["apt-get"]}
    assert installed((PROJECT / "Containerfile").read_text()) == faces_and_pango | {"git"}


def test_the_development_container_is_the_same_system() -> None:
    settings = json.loads((PROJECT / ".devcontainer" / "devcontainer.json").read_text())
    build = settings["build"]
    file = PROJECT / ".devcontainer" / build["dockerfile"]
    assert re.search(rf"^FROM \S+ AS {build['target']}$", file.read_text(), re.MULTILINE)
    assert settings["postCreateCommand"] in commands_of((PROJECT / "README.md").read_text())[0]


def test_the_container_has_the_files_that_the_package_is_made_of() -> None:
    import tomllib

    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    project, wheel = settings["project"], settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {project["readme"], *project["license-files"], *wheel["force-include"], "pyproject.toml", "src"}
    copied = re.findall(r"^COPY (.*) \S+$", (PROJECT / "Containerfile").read_text(), re.MULTILINE)
    assert {name for line in copied for name in line.split()} == needed


@pytest.mark.parametrize("path", ["README.md", "docs/systems.md"])
def test_whatever_names_pango_names_it_as_the_table_does(path: str) -> None:
    text = (PROJECT / path).read_text()
    named = re.findall(r"apt-get install (?:-y )?(libpango[^`&|\n]*)", text)
    assert {tuple(line.split()) for line in named} == {system.PANGO["apt-get"]}
    assert "harfbuzz-subset" not in text


def test_the_page_on_systems_has_the_command_of_each_package_manager() -> None:
    text = (PROJECT / "docs" / "systems.md").read_text()
    for line in ("dnf install", "apk add", "brew install"):
        name = line.partition(" ")[0]
        assert f"{line} {' '.join(system.PANGO[name])}`" in text
    assert f"apt-get install {' '.join(system.FACES['apt-get'])}`" in text
