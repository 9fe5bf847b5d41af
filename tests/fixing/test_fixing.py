"""check --fix: the exact corrections of a publication with many faults, and all that it must leave alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pubkit.cli.main import main
from pubkit.fixing.run import fixed, write
from pubkit.report.model import View

#: Lines of a text as their author wrote them, and as they are corrected; one tuple a kind of fault.
LINES = (
    ("The key [@krugel2016] lacks an e, [@Kruegel2016] is in capitals, [@ kruegel2016] has a space.",
     "The key [@kruegel2016] lacks an e, [@kruegel2016] is in capitals, [@kruegel2016] has a space."),
    ("These [@roe2020, @kruegel2016] and [[@roe2020]] and [@@roe2020] and (roe2020) are cited 𝕏 [@kreugel2016].",
     "These [@roe2020; @kruegel2016] and [@roe2020] and [@roe2020] and [@roe2020] are cited 𝕏 [@kruegel2016]."),
    ("A key of another year [@roe2021] is another work, and so is [@smyth2020].",
     "A key of another year [@roe2021] is another work, and so is [@smyth2020]."),
    ("The genes CYP2C19*2 and CYP2C19*3, ~5 mg/~10 mg, and 10^6–10^7 cells; it costs $5/visit or 20$ a month.",
     r"The genes CYP2C19\*2 and CYP2C19\*3, \~5 mg/\~10 mg, and 10^6^–10^7^ cells; it costs \$5/visit or 20\$ a month."),
    ("About 10^6 cells, CO~2, Ca^2+ and 24 kg/m^2, see Fig.~2 and [the page] (https://example.org/a).",
     r"About 10^6^ cells, CO~2~, Ca^2+^ and 24 kg/m^2^, see Fig.\ 2 and [the page](https://example.org/a)."),
    ("She is 5'10\" tall, and rests --> sleeps. It is at https://example.org/a--b for now.",
     "She is 5′10″ tall, and rests → sleeps. It is at <https://example.org/a--b> for now."),
    ("See [the leaflet](https://example.org/l?utm_source=x&id=1) and [that](https://example.org/m?utm_source=x&aff=3).",
     "See [the leaflet](https://example.org/l?id=1) and [that](https://example.org/m?utm_source=x&aff=3)."),
    ("#\u00a0Rest", "# Rest"),
    ("Signs are:\n- tired\n- thirsty", "Signs are:\n\n- tired\n- thirsty"),
    (("> 65 years of age, or x^2^ and `10^6` and CYP2C19\\*2 and 5\\~6",) * 2),
    ("![](beds.png) Kratom cures sleep.", "![](beds.png) Kratom cures sleep."),
)  # fmt: skip
BIBLIOGRAPHY = (
    "@article{{kruegel2016, author={{Kruegel, Andrew}}, title={{A}}, journal={{J}}, year={{2016}}, doi = {{{doi}}}}}\n"
    "@article{{roe2020, author={{{author}}}, title={{B}}, journal={{J}}, year={{2020}}}}\n"
    "@article{{smith2020, author={{Smith, Ann}}, title={{C}}, journal={{J}}, year={{2020}}}}\n"
)
METADATA = (
    'title: Rest\nversion: "1"\ndates: {{published: 2026-01-05}}\nbibliography: refs.bib\nlang: en\ntopics: [{topic}]\n'
)


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    """A publication as an editor on Windows saves it, with a byte order mark and CRLF."""
    folder = tmp_path / "text"
    folder.mkdir()

    def save(name: str, text: str) -> None:
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    save("01-text.md", "\n\n".join(written for written, _ in LINES) + "\n")
    save("refs.bib", BIBLIOGRAPHY.format(doi="10.1021/jacs.6b00360.", author="World Health Organization"))
    save("pubkit.yaml", METADATA.format(topic="Sleep Apnea"))
    (folder / "beds.png").write_bytes(b"")
    return folder


def test_what_has_one_right_answer_is_corrected_and_nothing_else(
    publication: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in publication.iterdir()}
    monkeypatch.chdir(publication.parent)
    assert main(["check", "--diff", publication.name]) == 1
    shown = capsys.readouterr().out
    assert f"+++ {publication.name}/01-text.md" in shown  # as `patch -p0` looks for it
    assert {path.name: path.read_bytes() for path in publication.iterdir()} == before
    assert main(["check", "--fix", str(publication)]) == 2
    assert "Nobody can be asked" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in publication.iterdir()} == before

    assert main(["check", "--fix", "--yes", "--format", "json", str(publication)]) == 1
    report = json.loads(capsys.readouterr().out)
    lines = (publication / "01-text.md").read_bytes().decode("utf-8-sig").split("\r\n\r\n")
    expected = "\n\n".join(right for _, right in LINES).replace("\n", "\r\n").split("\r\n\r\n")
    assert [line.rstrip("\r\n") for line in lines] == expected
    right = BIBLIOGRAPHY.format(doi="10.1021/jacs.6b00360", author="{World Health Organization}")
    assert (publication / "refs.bib").read_bytes() == b"\xef\xbb\xbf" + right.replace("\n", "\r\n").encode()
    assert b"topics: [sleep-apnea]\r\n" in (publication / "pubkit.yaml").read_bytes()
    offered = [one for one in report["findings"] if one.get("fix", {}).get("certain")]
    assert offered == []
    # The key of another work is at most a suggestion: one letter of a long name differs, or the year of the only such name.
    undefined = {one["message"].split()[6].rstrip(".") for one in report["findings"] if one["rule"] == "CIT001"}
    assert undefined == {"roe2021", "smyth2020"}

    once = {path.name: path.read_bytes() for path in publication.iterdir()}
    assert fixed(publication).after == {}
    suggested = fixed(publication, suggested=True).after
    assert b"\\> 65 years" in suggested["01-text.md"]
    assert b"A key of another year [@roe2020]" in suggested["01-text.md"]
    assert {path.name: path.read_bytes() for path in publication.iterdir()} == once


def test_what_is_waived_hidden_or_changed_meanwhile_is_left_alone(
    publication: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configuration = publication / "pubkit.yaml"
    waiver = "waivers:\n- {rule: SRC078, where: project, reason: They are meant., who: Ann, expires: 2027-01-01}\n"
    configuration.write_text(METADATA.format(topic="sleep-apnea") + waiver, "utf-8")
    made = fixed(publication, view=View(ignore=("SRC121",)))
    text = made.after["01-text.md"].decode()
    assert "CYP2C19*2 and" in text
    assert "5'10\"" in text
    assert "[@kruegel2016] lacks" in text
    (publication / "01-text.md").write_text("Other words.\n", "utf-8")
    with pytest.raises(Exception, match="has been changed while"):
        write(made)
    assert (publication / "01-text.md").read_text("utf-8") == "Other words.\n"
    (publication / "01-text.md").unlink()
    with pytest.raises(Exception, match="has been changed while"):
        write(made)
    assert main(["check", "--yes", str(publication)]) == 2
    assert "--yes belongs to --fix" in capsys.readouterr().out


def test_a_text_that_is_refused_is_corrected_as_far_as_it_can_be(
    tmp_path: Path,
) -> None:
    (tmp_path / "01-text.md").write_bytes(b"# Rest\n\nA word\x07 and [@roe2020, @poe2021].\n")
    bibliography = "@book{roe2020, title={A}}\n@book{poe2021, title={B}}\n"
    (tmp_path / "refs.bib").write_text(bibliography, "utf-8")
    (tmp_path / "pubkit.yaml").write_text(METADATA.format(topic="sleep").replace("topics: [sleep]\n", ""), "utf-8")
    outside = tmp_path.parent / "outside.md"
    outside.write_text("Genes CYP2C19*2 and CYP2C19*3.\n", "utf-8")
    (tmp_path / "02-more.md").symlink_to(outside)
    assert main(["check", "--fix", "--yes", "-q", str(tmp_path)]) == 3
    (tmp_path / "02-more.md").unlink()
    assert main(["check", "--fix", "--yes", "-q", str(tmp_path)]) == 1
    assert (tmp_path / "01-text.md").read_bytes() == b"# Rest\n\nA word and [@roe2020; @poe2021].\n"
    assert outside.read_text("utf-8") == "Genes CYP2C19*2 and CYP2C19*3.\n"
