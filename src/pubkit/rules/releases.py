"""REL: earlier releases: a version number is never used for different content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pubkit.editorial.ledger import Released
from pubkit.findings import Finding, Severity
from pubkit.rules.base import Rule, Submission

__all__ = ["VersionReleasedBefore"]

_SOURCE = "Semantic Versioning 2.0.0, rule 3: what was released under a version is never changed"


class VersionReleasedBefore(Rule):
    """A version number is never used for different content.

    pubkit compares the sources before anything is rendered, and the finished files afterwards. In a release, a difference
    is an error. The finished files change with the sources, but also with a picture, a style sheet, the bibliography, the
    day on which the references were checked (the imprint prints it), SOURCE_DATE_EPOCH, or a tool.
    """

    id = "REL010"
    severity = Severity.WARNING
    source = _SOURCE
    remedy = "Give the text a new number under `version:`, or restore what was released."
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare the sources with those of the release of the same version."""
        version = submission.publication.version
        for one in submission.ledger.of(version):
            if one.source_sha256 != submission.source_sha256:
                message = f"Version {version} was already released on {one.date} from different sources."
                severity = Severity.ERROR if submission.release else None
                yield self.at(submission.place("version"), message, severity=severity)
                return

    def other_bytes(
        self, submission: Submission, files: Mapping[str, str], tools: Mapping[str, str]
    ) -> Iterator[Finding]:
        """Compare the finished `files` (name to sha256), made by `tools`, with what was released under this version."""
        version = submission.publication.version
        for one in submission.ledger.of(version):
            if names := one.differing(files):
                message = (
                    f"Version {version} was released on {one.date} with different files: {', '.join(names)}. "
                    f"{_why(one, tools)}"
                )
                yield self.at(submission.place("version"), message, severity=Severity.ERROR)
                return


def _why(one: Released, tools: Mapping[str, str]) -> str:
    """Return what may have changed the files, as far as it is known."""
    others = [f"{name} {before}, now {tools[name]}" for name, before in sorted(one.tools.items())
              if tools.get(name, before) != before]  # fmt: skip
    if others:
        return f"The sources are the same; the tools differ: {'; '.join(others)}."
    return (
        "The chapters and pubkit.yaml are the same, so a picture, a style sheet, the bibliography, references.lock.json or "
        "SOURCE_DATE_EPOCH has changed."
    )
