"""From an unchecked reference to a release, over a real loopback registry: update, release, and what undoes it.

And from a clean clone, without a network and without retraction data: the committed lock is all that a release needs.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from msgspec import structs

from pubkit.cli.main import main
from pubkit.publish.manifest import sha256_of
from pubkit.publish.provenance import PROVENANCE, SBOM
from pubkit.references.registries import lock as locks
from pubkit.references.registries.lock import FILE_NAME, Lock, sealed
from pubkit.references.registries.snapshot import build, user_path

from .conftest import UNREVIEWED, Publish
from .references.registry import DOI, Registry, crossref_answer, crossref_work
from .references.test_snapshot import WORK, table

REPOSITORY = Path(__file__).parents[1]
ENTRY = f"""@article{{okafor2020,
  author = {{Okafor, Ada and Novák, Jan}},
  title = {{Sleep and shift work in hospital nurses: a cohort study}},
  journal = {{Journal of Invented Sleep Research}},
  year = {{2020}}, volume = {{29}}, number = {{2}}, pages = {{101--109}},
  doi = {{{DOI}}}
}}
"""
#: The exit code of a release, and rule and message of each error.
Released = Callable[[Path], tuple[int, list[tuple[str, str]]]]
TEXT = "# Nights\n\nA cohort study of hospital nurses looked at shift work and sleep [@okafor2020].\n"


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as server:
        server.hold(crossref_work())
        server.put("/retraction_watch/retraction_watch.csv", table([WORK]), "text/csv")
        for name in ("entrez", "medicus"):
            server.put(f"/journals/journal_abbreviations_{name}.csv", b'"Acta Sleepiana","Acta Slp"\n', "text/plain")
        yield server


@pytest.fixture
def nurses(publication: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publication that cites one invented work, with a snapshot of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return publication(TEXT, bibliography=ENTRY, unreviewed=UNREVIEWED)


def update(root: Path, registry: Registry) -> int:
    return main(["refs", "update", str(root), "--registries", registry.base, "--contact", "editor@example.org"])


def rules(out: str) -> set[str]:
    return {finding["rule"] for finding in json.loads(out)["findings"] if finding["severity"] == "error"}


def test_a_release_is_made_once_the_registries_have_confirmed_everything(
    nurses: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "dist"), "--only", "html"]
    assert main(["release", str(nurses), *out]) == 1
    assert update(nurses, registry) == 0
    asked = len(registry.requests)
    capsys.readouterr()
    assert main(["release", str(nurses), *out]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert (
        "References: 1 (1 confirmed). What the registries say is taken from references.lock.json, which came" in printed
    )
    statement, bill = (json.loads((tmp_path / "dist" / name).read_text("utf-8")) for name in (PROVENANCE, SBOM))
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    assert subjects == {path.name: sha256_of(path) for path in (tmp_path / "dist").glob("sleep-*.html")}
    dependencies = {one["uri"] for one in statement["predicate"]["buildDefinition"]["resolvedDependencies"]}
    assert {"file:pubkit.yaml", "file:01-text.md", f"file:{FILE_NAME}"} <= dependencies
    evidence = statement["predicate"]["buildDefinition"]["internalParameters"]["evidence"]
    assert (evidence["registries"], evidence["signed_by"], evidence["asked_again"]) == (FILE_NAME, None, False)
    named = {one["name"] for one in bill["components"]}
    assert {"pandoc", "pango", "harfbuzz", "font_source_serif_pro faces", "lxml"} <= named
    assert len(registry.requests) == asked
    assert main(["refs", "list", str(nurses)]) == 0
    assert "okafor2020  OK" in capsys.readouterr().out


def test_a_lock_that_is_kept_apart_outranks_the_one_that_came_with_the_manuscript(
    nurses: Path,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    release = ["release", str(nurses), "--out", str(tmp_path / "dist"), "--only", "txt", "--format", "json"]
    assert update(nurses, registry) == 0
    came, apart = nurses / FILE_NAME, tmp_path / "trusted.json"
    came.rename(apart)
    monkeypatch.setenv("PUBKIT_LOCK", str(apart))
    capsys.readouterr()
    assert main(release) == 0
    assert "REF170" not in {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    evidence = json.loads((tmp_path / "dist" / "manifest.json").read_text("utf-8"))["evidence"]
    assert evidence["kept_apart"] == sha256_of(apart)

    apart.rename(came)
    apart.write_text(json.dumps({**json.loads(came.read_text("utf-8")), "references": {}}), "utf-8")
    assert main(release) == 1
    assert "REF110" in rules(capsys.readouterr().out)
    monkeypatch.setenv("PUBKIT_LOCK", str(tmp_path / "none.json"))
    assert main(release) == 2
    assert "PUBKIT_LOCK: there is no file" in capsys.readouterr().out


def test_a_release_keeps_a_changed_file_aside_names_strangers_and_takes_nothing_over(
    nurses: Path,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def next_steps() -> str:
        capsys.readouterr()
        assert main([]) == 0
        return capsys.readouterr().out

    monkeypatch.chdir(nurses)
    assert "pubkit refs update " in next_steps()
    out = tmp_path / "dist"
    assert update(nurses, registry) == 0
    assert "pubkit diff" not in next_steps()
    assert main(["release", str(nurses), "--out", str(out), "--only", "html,txt"]) == 0
    told = next_steps()
    assert "pubkit refs update " not in told
    assert "since version 1.0.0 was released" in told
    assert "(1.0.0 is taken)" in told
    [page] = out.glob("sleep-*.html")
    page.write_bytes(page.read_bytes() + b"<!-- read -->")
    capsys.readouterr()
    assert main(["release", str(nurses), "--out", str(out), "--only", "html", "--format", "json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    said = {one["rule"]: one["message"] for one in findings if one["rule"].startswith("REL")}
    [aside] = out.glob("sleep-*.changed-*.html")
    assert aside.name in said["REL006"]
    assert aside.name in said["REL005"]
    assert "sleep-1.0.0.txt. A release contains only what the same run has made." in said["REL007"]
    assert not list(out.glob("sleep-*.txt"))
    assert main(["verify", str(out)]) == 1
    (out / "notes.txt").write_text("mine", "utf-8")
    (out / ".gitkeep").touch()
    capsys.readouterr()
    assert main(["build", str(nurses), "--out", str(out), "--only", "html", "--format", "json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    [strangers] = [one["message"] for one in findings if one["rule"] == "REL005"]
    assert strangers.endswith(f"has not made: notes.txt, {aside.name}.")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of two people, and a file that names one of them as trusted."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ada", "eve"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name), "-C", f"{name}@example.org"]
        subprocess.run(command, check=True, capture_output=True)
    (folder / "trusted").write_text(f"ada@example.org {(folder / 'ada.pub').read_text()}", "utf-8")
    return folder


needs_ssh_keygen = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not here")


@needs_ssh_keygen
def test_with_trusted_signers_only_a_lock_that_one_of_them_signed_counts(
    nurses: Path,
    keys: Path,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    release = ["release", str(nurses), "--out", str(tmp_path / "dist"), "--only", "txt", "-v"]
    assert update(nurses, registry) == 0
    assert main(release) == 0
    assert "no registry was asked again" in " ".join(capsys.readouterr().out.split())
    monkeypatch.setenv("PUBKIT_SIGNERS", str(keys / "trusted"))
    for signer, code, said in (("", 1, "is missing"), ("eve", 1, "nobody in trusted"), ("ada", 0, "Released")):
        if signer:
            assert main(["refs", "sign", str(nurses), "--key", str(keys / signer)]) == 0
        capsys.readouterr()
        assert main(release) == code
        assert said in " ".join(capsys.readouterr().out.split())
    lock = nurses / "references.lock.json"
    lock.write_text(lock.read_text("utf-8").replace('"checked"', ' "checked"', 1), "utf-8")
    assert main(release) == 1


@needs_ssh_keygen
def test_a_set_that_somebody_else_wrote_with_new_checksums_is_not_the_one_that_was_signed(
    nurses: Path, keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, trusted = tmp_path / "dist", ["--signers", str(keys / "trusted")]
    build = ["build", str(nurses), "--out", str(out), "--only", "txt", "-q"]
    assert main(build) == 0
    assert main(["verify", str(out), *trusted]) == 1
    os.mkfifo(tmp_path / "pipe")
    assert main(["sign", str(out), "--key", str(tmp_path / "pipe")]) == 2
    assert main(["sign", str(out), "--key", str(keys / "ada")]) == 0
    capsys.readouterr()
    assert main(["verify", str(out), *trusted]) == 0
    assert "signed by somebody who is trusted" in capsys.readouterr().out
    [text] = out.glob("*.txt")
    original = sha256_of(text)
    text.write_bytes(text.read_bytes().replace(b"sleep", b"sheep", 1))
    for name in ("manifest.json", "SHA256SUMS"):
        before = sha256_of(out / "manifest.json")
        (out / name).write_text((out / name).read_text("utf-8").replace(original, sha256_of(text)), "utf-8")
        sums = (out / "SHA256SUMS").read_text("utf-8")
        (out / "SHA256SUMS").write_text(sums.replace(before, sha256_of(out / "manifest.json")), "utf-8")
    assert main(["verify", str(out)]) == 0
    assert main(["verify", str(out), *trusted]) == 1
    assert main(["sign", str(out), "--key", str(keys / "eve")]) == 0
    assert main(["verify", str(out), *trusted]) == 1
    assert main(build) == 0
    assert not (out / "SHA256SUMS.sig").exists()


def test_an_entry_that_changed_since_is_unchecked_again(
    nurses: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert update(nurses, registry) == 0
    (nurses / "references.bib").write_text(ENTRY.replace("101--109", "101--110"), "utf-8")
    capsys.readouterr()
    assert main(["release", str(nurses), "--out", str(tmp_path / "dist"), "--format", "json"]) == 1
    assert "REF110" in rules(capsys.readouterr().out)


def test_a_retracted_work_is_refused_in_a_build_too(
    nurses: Path, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    notice = {
        "DOI": "10.1000/n",
        "type": "retraction",
        "source": "retraction-watch",
        "updated": {"date-parts": [[2022]]},
    }
    work = {**crossref_work(), "updated-by": [notice]}
    registry.put(f"/crossref/works/{DOI}", crossref_answer(work))
    assert update(nurses, registry) == 0
    capsys.readouterr()
    assert main(["check", str(nurses), "--format", "json"]) == 1
    assert "RET001" in rules(capsys.readouterr().out)


def test_a_registry_that_is_down_is_exit_4_and_never_a_pass(
    nurses: Path, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.put(f"/crossref/works/{DOI}", b"<html>Sign in</html>", "text/html")
    assert update(nurses, registry) == 4
    capsys.readouterr()
    assert main(["release", str(nurses), "--out", str(tmp_path / "dist"), "--format", "json"]) == 1
    assert "REF110" in rules(capsys.readouterr().out)


def test_a_work_cited_by_its_identifier_is_printed_from_the_lock(
    publication: Publish, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    text = TEXT.replace("@okafor2020", f"@doi:{DOI}") + "\nThe same study, cited twice [@okafor2020].\n"
    root = publication(text, bibliography=ENTRY)
    assert update(root, registry) == 0
    assert main(["build", str(root), "--out", str(tmp_path / "dist"), "--only", "txt", "-q"]) == 0
    (page,) = (tmp_path / "dist").glob("sleep-*.txt")
    assert page.read_text("utf-8").count("Journal of Invented Sleep Research") == 1


# ------------------------------------------------------------------------------------------------------- a clean clone

SECOND = "10.1000/sleep.2021.7"
TWO = ENTRY + ENTRY.replace("okafor2020", "okafor2021").replace(DOI, SECOND)
SIGNED = {"reviewers": [{"name": "Bo Reviewer", "credentials": "PharmD", "conflicts": "None declared."}]}
RETRACTED = {**WORK, "OriginalPaperDOI": SECOND, "OriginalPaperPubMedID": "0"}


@pytest.fixture
def origin(publication: Publish, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a publication that cites two works, whose references were checked and which was reviewed."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    registry.hold(crossref_work(SECOND))
    root = publication(TEXT.replace("@okafor2020", "@okafor2020; @okafor2021"), bibliography=TWO, **SIGNED)
    assert update(root, registry) == 0
    assert main(["review", "sign", "Bo Reviewer", str(root)]) == 0
    git("init", "--quiet", str(root))
    commit(root)
    return root


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=Ada Example", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def commit(root: Path) -> None:
    git("-C", str(root), "add", "--all")
    git("-C", str(root), "commit", "--quiet", "--allow-empty", "--message", "All that a release needs")


@functools.cache
def offline() -> tuple[str, ...]:
    """What runs a command without any network, where the system lets one do that."""
    command = ("unshare", "--map-root-user", "--net")
    can = (
        shutil.which("unshare") and subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0
    )
    return command if can else ()


def released_from_a_clone(
    root: Path, tmp_path: Path, *options: str, only: str = "txt"
) -> subprocess.CompletedProcess[str]:
    """`pubkit release` of a fresh clone of `root`, by somebody who has no data of pubkit and no network."""
    clone = cloned(root, tmp_path)
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PUBKIT")}
    command = [*offline(), sys.executable, "-m", "pubkit", "release", str(clone), *options]
    return subprocess.run(
        [*command, "--out", str(tmp_path / "there"), "--only", only],
        env={**environment, "XDG_DATA_HOME": str(tmp_path / "nothing"), "no_proxy": "*", "PUBKIT_CHROMIUM": "off"},
        capture_output=True,
        text=True,
        check=False,
    )


def cloned(root: Path, tmp_path: Path) -> Path:
    """A fresh clone of `root`."""
    clone = tmp_path / "clone"
    shutil.rmtree(clone, ignore_errors=True)
    git("clone", "--quiet", str(root), str(clone))
    return clone


@pytest.fixture
def released_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Released:
    """`pubkit release` of a fresh clone of a repository, by this process but without data of pubkit."""

    def release(root: Path) -> tuple[int, list[tuple[str, str]]]:
        command = ["release", str(cloned(root, tmp_path)), "--out", str(tmp_path / "there"), "--only", "txt"]
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing"))
            code = main([*command, "--format", "json"])
        found = json.loads(capsys.readouterr().out)["findings"]
        return code, [(finding["rule"], finding["message"]) for finding in found if finding["severity"] == "error"]

    return release


def relock(root: Path, change: Callable[[Lock], Lock]) -> None:
    """Commit the lock as `change` makes it."""
    locks.write(root, change(locks.read(root)))
    commit(root)


def test_a_clean_clone_without_network_and_data_gives_the_same_release(origin: Path, tmp_path: Path) -> None:
    assert main(["release", str(origin), "--out", str(tmp_path / "here"), "--only", "html,epub"]) == 0
    done = released_from_a_clone(origin, tmp_path, only="html,epub")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "nothing").exists()
    here, there = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("here", "there"))
    assert here == there
    said = json.loads(here["manifest.json"])
    assert said["retraction_data"] == "2026-11-22"
    assert FILE_NAME in {one["path"] for one in said["inputs"]}


def test_newer_data_of_ones_own_that_holds_nothing_new_changes_no_byte(
    origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795564800")
    build(user_path(), table([WORK, {**WORK, "OriginalPaperDOI": "10.1000/other"}]), date=dt.date(2026, 11, 25))
    assert main(["release", str(origin), "--out", str(tmp_path / "here"), "--only", "txt"]) == 0
    assert released_from_a_clone(origin, tmp_path).returncode == 0
    here, there = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("here", "there"))
    assert here == there


def test_a_lock_of_700_days_is_refused_naming_each_entry(
    origin: Path, tmp_path: Path, released_there: Released
) -> None:
    day = dt.date(2024, 12, 22)

    def aged(lock: Lock) -> Lock:
        return structs.replace(lock, references={key: _aged(one, day) for key, one in lock.references.items()})

    relock(origin, aged)
    code, errors = released_there(origin)
    assert code == 1
    old = [message for rule, message in errors if rule == "REF112"]
    assert [message.split(":")[0] for message in old] == ["okafor2020", "okafor2021"]
    assert all("2024-12-22, 700 days old" in message for message in old)
    (data,) = [message for rule, message in errors if rule == "RET004"]
    assert "okafor2020, okafor2021" in data
    assert main(["build", str(origin), "--out", str(tmp_path / "built"), "--only", "txt", "-q"]) == 0


def _aged(reference: locks.Reference, day: dt.date) -> locks.Reference:
    answers = tuple(structs.replace(answer, retrieved=day) for answer in reference.answers)
    assert reference.retractions is not None
    checked = structs.replace(reference.retractions, dated=day, looked_up=day)
    return sealed(structs.replace(reference, answers=answers, checked=day, retractions=checked))


def test_a_retraction_noted_in_the_lock_is_refused_without_any_data(
    origin: Path, registry: Registry, released_there: Released
) -> None:
    registry.put("/retraction_watch/retraction_watch.csv", table([WORK, RETRACTED]), "text/csv")
    assert update(origin, registry) == 0
    commit(origin)
    code, ((rule, message),) = released_there(origin)
    assert code == 1
    assert rule == "RET001"
    assert message.startswith("okafor2021 was retracted")


def test_a_lock_edited_by_hand_is_refused(origin: Path, registry: Registry, released_there: Released) -> None:
    registry.put("/retraction_watch/retraction_watch.csv", table([WORK, RETRACTED]), "text/csv")
    assert update(origin, registry) == 0
    text = (origin / FILE_NAME).read_text("utf-8").replace('"verdict": "RETRACTED"', '"verdict": "OK"')
    (origin / FILE_NAME).write_text(text.replace('"kind": "retraction"', '"kind": "correction"'), "utf-8")
    commit(origin)
    code, errors = released_there(origin)
    assert code == 1
    assert ("REF110", "okafor2021 is not checked: its record in the lock was changed by hand.") in errors


def test_a_lock_dated_in_the_future_is_refused(origin: Path, released_there: Released) -> None:
    future = dt.date(2999, 1, 1)
    relock(
        origin,
        lambda lock: structs.replace(
            lock, references={key: _aged(reference, future) for key, reference in lock.references.items()}
        ),
    )
    code, errors = released_there(origin)
    assert code == 1
    assert [rule for rule, _ in errors].count("REF110") == 2


def test_the_lock_of_an_older_pubkit_builds_and_is_brought_up_to_date(
    origin: Path,
    registry: Registry,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    released_there: Released,
) -> None:
    def older(lock: Lock) -> Lock:
        bare = {
            key: sealed(structs.replace(reference, checked=None, retractions=None))
            for key, reference in lock.references.items()
        }
        return Lock(schema=1, references=bare)

    relock(origin, older)
    assert main(["build", str(origin), "--out", str(tmp_path / "built"), "--only", "txt", "-v"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "okafor2020 is not checked: references.lock.json was written by an older version of pubkit" in said
    assert released_there(origin)[0] == 1
    assert main(["refs", "update", str(origin), "--only-retractions", "--registries", registry.base]) == 2
    assert update(origin, registry) == 0
    commit(origin)
    assert released_there(origin)[0] == 0


def test_variables_that_a_ci_leaves_empty_are_no_mistake(
    nurses: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBKIT_CONTACT", "")
    assert main(["refs", "update", str(nurses), "--registries", registry.base]) == 0


def test_what_a_release_refuses_as_too_old_is_asked_again(
    publication: Publish,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    root = publication(TEXT, bibliography=ENTRY, snapshot_max_age=7, **SIGNED)
    assert update(root, registry) == 0
    assert main(["review", "sign", "Bo Reviewer", str(root)]) == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795996800")
    release = ["release", str(root), "--out", str(tmp_path / "dist"), "--only", "txt", "--format", "json"]
    capsys.readouterr()
    assert main(release) == 1
    assert rules(capsys.readouterr().out) == {"REF112", "RET004"}
    assert update(root, registry) == 0
    assert main(release) == 0


def test_the_retraction_data_alone_can_be_brought_up_to_date(
    origin: Path, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.put("/retraction_watch/retraction_watch.csv", table([WORK, RETRACTED]), "text/csv")
    registry.requests.clear()
    assert main(["refs", "update", str(origin), "--only-retractions", "--registries", registry.base]) == 0
    assert {path.split("/")[1] for path in registry.paths()} == {"retraction_watch", "journals"}
    assert locks.read(origin).references["okafor2021"].verdict == "RETRACTED"
    capsys.readouterr()
    assert main(["refs", "list", str(origin)]) == 0
    assert "2 references. Retraction data of 2026-11-22." in capsys.readouterr().out


def test_when_everything_is_down_both_are_said_and_the_lock_stays(
    origin: Path, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (origin / FILE_NAME).read_bytes()
    registry.put("/retraction_watch/retraction_watch.csv", b"Sign in", "text/html")
    for doi in (DOI, SECOND):
        registry.put(f"/crossref/works/{doi}", b"<html>Sign in</html>", "text/html")
    command = ["refs", "update", str(origin), "--all", "--registries", registry.base]
    assert main(command) == 4
    said = capsys.readouterr().err
    assert "No new retraction data: Retraction Watch gave no answer" in said
    assert "The records of 2026-11-22 are kept for okafor2020, okafor2021." in said
    assert (origin / FILE_NAME).read_bytes() == before


def test_the_workflow_looks_the_references_up_before_it_releases() -> None:
    jobs = yaml.safe_load((REPOSITORY / ".github/workflows/release.yml").read_text("utf-8"))["jobs"]
    commands = [step.get("run", "") for step in jobs["build"]["steps"]]
    looked_up, released = (
        next(index for index, command in enumerate(commands) if command.startswith(f"nox -s {name}"))
        for name in ("refs", "release")
    )
    assert looked_up < released
    assert "exit 1" in commands[looked_up]
