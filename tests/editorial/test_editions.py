"""What has changed for readers: two publications compared, and a text with the edition that was released last."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree
from tests.conftest import UNREVIEWED, Publish

from pubkit.boundary.tags import tagged
from pubkit.cli.main import main
from pubkit.errors import EnvironmentFault, InputRefused
from pubkit.render.elements import text_of

OLD = """# Naps

Naps somewhat reduce chronic pain in adults [@roe2020]. Naps may prevent migraine [@roe2020].

A trial found that tea reduces fever [@poe2021]. Sleep lowers blood pressure [@roe2020; @poe2021].
"""
NEW = """# Naps

Naps greatly reduce chronic pain in adults [@roe2020]. Naps prevent migraine [@roe2020].

Kratom | relieves <b>pain</b> in most people @someone #1. Sleep lowers blood pressure [@moe2022; @roe2020].

If you think of suicide, call somebody.
"""
ENTRY = "@article{%s, title={On naps %s}, author={Roe, Ann}, journal={J Test}, year={2020}, volume={1}}\n"
WORKS = "".join(ENTRY % (key, number) for number, key in enumerate(("roe2020", "poe2021", "moe2022")))


def test_what_changes_for_readers_is_a_comment_on_a_pull_request(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication(NEW, bibliography=WORKS)
    base = tmp_path / "base"
    base.mkdir()
    for path in root.iterdir():
        if path.is_file():
            (base / path.name).write_bytes(path.read_bytes())
    (base / "01-text.md").write_text(OLD, "utf-8")
    assert main(["diff", str(base), str(root), "--format", "markdown"]) == 0
    parts = {head.partition("**")[0]: body for head, body in split(capsys.readouterr().out)}
    assert "~~Naps somewhat reduce" in parts["Claims made stronger"]
    assert "~~Naps may prevent migraine" in parts["Claims made stronger"]
    assert "tea reduces fever" in parts["Claims removed"]
    assert "+`moe2022`, −`poe2021`" in parts["Claims with other sources"]
    unsourced = parts["⚠ Claims without a source"]
    assert "Kratom \\| relieves" in unsourced
    assert "@someone" not in unsourced
    assert "#1" not in unsourced
    assert "`moe2022` On naps 2 (2020): UNCHECKED" in parts["References added"]
    assert "`poe2021`" in parts["References removed"]
    assert "`crisis`" in parts["Disclaimers added"]

    assert main(["diff", str(root), str(root), "--format", "markdown"]) == 0
    told = capsys.readouterr().out
    assert "### What changes for readers: both are version 1.0.0" in told
    assert "Nothing: no claim, reference or disclaimer differs, and no other words do." in told
    assert main(["diff", str(base), str(root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["claims"]["schema"] == "pubkit-claim-diff/1"
    assert main(["diff", str(base), str(root), "--format", "html"]) == 0
    page = html(capsys.readouterr().out)
    sides = [(text_of(pair[0]), text_of(pair[1])) for pair in page.iterfind(".//div[@class='pair']")]
    assert ("", "If you think of suicide, call somebody.") in sides
    assert [one.text for one in page.iterfind(".//div[@class='pair']//del")][:2] == ["somewhat", "may"]
    assert page.find(".//b[.='pain']") is None
    assert not page.findall(".//script")


TABLE = """# Naps

| Medicine | Dose |
|----------|-----:|
| Aspirin  | 300 mg |
| Codeine  | 30 mg |

::: warning
Our number is 999.
:::

Keep the leaflet.
"""


def test_a_dose_in_a_table_and_a_number_in_a_box_are_told_though_no_claim_differs(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication(TABLE, bibliography=None)
    base = tmp_path / "base"
    shutil.copytree(root, base)
    changed = TABLE.replace("30 mg", "60 mg", 1).replace("999", "111").replace("the leaflet", "this leaflet")
    (root / "01-text.md").write_text(changed, "utf-8")
    assert main(["diff", str(base), str(root), "--format", "markdown"]) == 0
    parts = {head.partition("**")[0]: body for head, body in split(capsys.readouterr().out)}
    listed = parts["⚠ Other figures in the text"]
    assert "- ~~30 mg~~<br>60 mg, after “Codeine”" in listed
    assert "~~Our number is 999.~~<br>Our number is 111." in listed
    assert "Aspirin" not in listed
    assert "1 other passage differs" in listed
    assert main(["diff", str(base), str(root)]) == 0
    assert "figures in the text, after “Codeine”\n  - 30 mg\n  + 60 mg\n" in capsys.readouterr().out

    sets = [tmp_path / name for name in ("before", "after")]
    for folder, out in zip((base, root), sets, strict=True):
        assert main(["build", str(folder), "--draft", "--only", "txt", "--out", str(out), "-q"]) == 0
    capsys.readouterr()
    assert main(["diff", *map(str, sets), "--format", "markdown"]) == 0
    assert "Other words were not compared" in capsys.readouterr().out


def html(written: str) -> etree._Element:
    return etree.fromstring(written.encode(), etree.HTMLParser(encoding="utf-8"))


def split(written: str) -> list[tuple[str, str]]:
    """Return the head and the body of each part of a comment."""
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in written.split("\n**")[1:]]


def test_a_text_is_compared_with_the_edition_that_was_released_last(
    publication: Publish, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = publication("# Naps\n\nThis text says what sleep is.\n", bibliography=None, unreviewed=UNREVIEWED)
    assert main(["diff", str(root)]) == 2
    assert "No edition of" in capsys.readouterr().err
    assert main(["release", str(root), "--out", str(root.parent / "dist"), "--only", "txt", "-q"]) == 0
    kept = root / "editions/1.0.0.json"
    assert json.loads(kept.read_text("utf-8"))["disclaimers"]["general"]
    (root / "link.md").symlink_to("01-text.md")
    for step in (
        ["init", "-q"],
        ["add", "01-text.md", "link.md", "pubkit.yaml"],
        ["commit", "-qm", "One"],
        ["tag", "v0.9"],
    ):
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *step], cwd=root, check=True)
    (root / "01-text.md").write_text("# Naps\n\nNaps prevent migraine.\n", "utf-8")
    capsys.readouterr()
    assert main(["diff", str(root)]) == 0
    written = capsys.readouterr().out
    assert "added (01-text.md:3)\n  + Naps prevent migraine." in written
    assert "without source (01-text.md:3)" in written
    assert main(["diff", "1.0.0", str(root), "--format", "html"]) == 0
    assert "This text says what sleep is." in text_of(html(capsys.readouterr().out))
    assert main(["diff", str(root.parent / "dist"), str(root), "--format", "html"]) == 0
    assert "the text of version 1.0.0 was not kept" in capsys.readouterr().out
    assert "Both are version 1.0.0: 2 claims changed, 0 did not" in written
    assert main(["diff", "1.0.0", str(root)]) == 0
    assert capsys.readouterr().out == written
    for tag in ("v0.9", "0.9"):
        assert main(["diff", tag, str(root)]) == 0
        assert capsys.readouterr().out == written
    _runs_nothing(root)
    monkeypatch.chdir(root)
    assert main(["diff", "1.0.0", "v0.9"]) == 0
    assert "0 claims changed" in capsys.readouterr().out
    assert main(["diff", "1.0.1", str(root)]) == 2
    told = capsys.readouterr().err
    assert "There is no edition 1.0.1: no version that was kept, no git tag" in told
    assert "1.0.0. Name one of them" in told
    kept.write_text("{", "utf-8")
    assert main(["diff", str(root)]) == 2
    assert "editions/1.0.0.json is not JSON" in capsys.readouterr().err


@pytest.mark.parametrize("base", ["earlier", "new"])
def test_the_action_shows_findings_though_there_is_nothing_to_compare_with(
    publication: Publish, tmp_path: Path, base: str
) -> None:
    action = yaml.safe_load((Path(__file__).parents[2] / "action.yml").read_text("utf-8"))
    [step] = [one for one in action["runs"]["steps"] if one.get("id") == "changes"]
    program = tmp_path / "pubkit" / "bin" / "pubkit"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pubkit "$@"\n', "utf-8")
    program.chmod(0o755)
    root = publication()
    before = str(root) if base == "earlier" else str(tmp_path / "nowhere")
    names = {name: str(tmp_path / name.lower()) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        env={**os.environ, **names, "RUNNER_TEMP": str(tmp_path), "BASE": before, "TEXT": str(root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert ("::warning::What has changed" in done.stdout) == (base == "new")
    assert Path(names["GITHUB_OUTPUT"]).exists() == (base == "earlier")


def _runs_nothing(root: Path) -> None:
    """A repository's own settings run no program, and a folder that looks like a bare repository is none."""
    ran = root.parent / "ran"
    (root / ".git/info/attributes").write_text("*.md filter=own\n", "utf-8")
    subprocess.run(["git", "config", "filter.own.smudge", f"touch '{ran}'; cat"], cwd=root, check=True)
    bare = root.parent / "bare"
    shutil.copytree(root / ".git", bare)
    subprocess.run(["git", "config", "core.bare", "true"], cwd=bare, check=True)
    assert (tagged(root, "0.9") or {}).keys() == {"01-text.md", "pubkit.yaml"}
    assert tagged(bare, "0.9") is None
    assert not ran.exists()
    endless, pipe = root / ".git/refs/tags/endless", root / ".git/objects/info/alternates"
    endless.symlink_to("/dev/zero")
    with pytest.raises(InputRefused, match="endless in the repository is a pipe or a device"):
        tagged(root, "0.9")
    endless.unlink()
    os.mkfifo(pipe)
    with pytest.raises(InputRefused, match="alternates in the repository is a pipe"):
        tagged(root, "0.9")
    pipe.unlink()
    # The path of a socket may have about a hundred letters.
    with socket.socket(socket.AF_UNIX) as watcher, contextlib.chdir(root / ".git"):
        watcher.bind("fsmonitor--daemon.ipc")
    assert tagged(root, "0.9")
    _refuses_trees_in_trees(root)
    (root / ".git/info/attributes").unlink()


def _refuses_trees_in_trees(root: Path) -> None:
    """A few objects can list files without end."""

    def made(*arguments: str, **more: Any) -> str:
        done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True, **more)
        return str(done.stdout).strip()

    held = f"100644 blob {made('hash-object', '-w', '01-text.md')}"
    for _ in range(5):
        tree = made("mktree", input="".join(f"{held}\t{name}\n" for name in "abcdefghij"))
        held = f"040000 tree {tree}"
    made("tag", "many", tree)
    with pytest.raises(EnvironmentFault, match="git needs more than"):
        tagged(root, "many")
    made("tag", "-d", "many")
