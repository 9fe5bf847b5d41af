"""REF1: what the registries say about the cited works, according to the lock file; see `pubkit.references.verdicts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Location, Severity
from pubkit.references.model import Verdict, VerdictStatus
from pubkit.references.registries.lock import FILE_NAME
from pubkit.references.verdicts import Judgement
from pubkit.rules.base import Example, Rule, Submission

__all__ = ["Judged", "VouchedFor", "cited_verdicts", "place", "reasons"]

_INVENTED = (
    "Ansari, arXiv:2602.05930: 4 % of invented references carried a valid DOI of another work, 27 % wrong fields"
)
_ICMJE = "ICMJE Recommendations IV.A.3.g: authors verify references against the original documents"
_UPDATE = "Run `pubkit refs update` and commit references.lock.json."
#: More keys than this with one reason are reported as one finding.
_LISTED = 10
#: Kinds of work that registries often do not have: an editor checks them instead.
_OUTSIDE_REGISTRIES = frozenset(
    {
        "webpage", "post", "post-weblog", "report", "legislation", "legal_case", "bill", "regulation", "treaty", "software",
        "dataset", "article-newspaper", "article-magazine", "interview", "personal_communication", "patent", "standard",
        "speech", "broadcast", "motion_picture", "map", "pamphlet", "document", "manuscript", "thesis", "hearing",
    }
)  # fmt: skip

_BIB = """@article{okafor2020, author = {Okafor, Ada}, title = {Sleep and shift work in hospital nurses},
  journal = {J Sleep Res}, year = {2020}, volume = {29}, pages = {1--9}, doi = {10.1000/sleep.2020.1}}"""
_TEXT = "Night shifts shorten sleep [@okafor2020]."


def cited_verdicts(submission: Submission, *statuses: VerdictStatus) -> Iterator[Verdict]:
    """Yield the verdicts with one of `statuses` on the cited works, in the order of their first citation."""
    keys = dict.fromkeys(citation.key for citation in submission.manuscript.citations)
    for key in keys:
        verdict = submission.verdicts.get(key)
        if verdict is not None and verdict.status in statuses:
            yield verdict


def place(submission: Submission, key: str, fields: Collection[str] = ()) -> Location | None:
    """Return where to correct the reference `key`: the first of `fields`, its entry, or its first citation."""
    entry = submission.bibliography.entries.get(key)
    if entry is not None:
        return entry.at(next((name for name in fields if name in entry.field_lines), ""))
    return next((citation.location for citation in submission.manuscript.citations if citation.key == key), None)


def reasons(verdict: Verdict) -> str:
    """Return the evidence behind a verdict, safe to print; empty if there is none."""
    return printable("; ".join(verdict.evidence), 600)


class Judged(Rule):
    """A rule about every cited work with one verdict."""

    status: VerdictStatus
    says: str
    fields: tuple[str, ...] = ()

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for each cited work with this rule's verdict."""
        for verdict in cited_verdicts(submission, *VerdictStatus):
            if not verdict.says(self.status):
                continue
            message = self.words(verdict, submission)
            location = place(submission, verdict.key, self.fields)
            severity = self.severity_of(verdict.key, submission)
            yield self.at(location, message, context=verdict.key, severity=severity)

    def words(self, verdict: Verdict, _submission: Submission) -> str:
        """Return the message about the work, with the evidence."""
        evidence = reasons(verdict)
        return f"{printable(verdict.key)}: {self.says}" + (f" {evidence}." if evidence else "")

    def severity_of(self, _key: str, _submission: Submission) -> Severity:
        """Return the severity of the verdict on this entry, by default the rule's."""
        return self.severity


class BadIdentifier(Judged):
    """Every identifier is known to the authority that issues it."""

    id = "REF101"
    severity = Severity.ERROR
    source = "DOI Handbook: doi.org resolves every registered DOI; NLM: PubMed has a record for every PMID"
    remedy = "Copy the DOI or PMID from the publisher's page. If there is none, the work may not exist: do not cite it."
    status = VerdictStatus.BAD_ID
    says = "there is no such identifier."
    fields = ("doi", "pmid", "pmcid")
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "BAD_ID"})]
    good = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]


class WrongWork(Judged):
    """Every identifier belongs to the work that its entry describes."""

    id = "REF102"
    severity = Severity.ERROR
    source = _INVENTED
    remedy = (
        "Find out which work is meant, and correct the identifier or the entry (`pubkit refs show KEY` shows both)."
    )
    status = VerdictStatus.WRONG_WORK
    says = "the identifier belongs to another work."
    fields = ("doi", "pmid", "isbn")
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "WRONG_WORK"})]
    good = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]


class Mismatch(Judged):
    """Every entry agrees with the registry's record of the work."""

    id = "REF103"
    severity = Severity.ERROR
    source = _INVENTED
    remedy = (
        "Compare the two with `pubkit refs show KEY` and correct the entry; if the registry is wrong, "
        "waive this finding."
    )
    status = VerdictStatus.MISMATCH
    says = "the entry differs from the registry's record."
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "MISMATCH"})]
    good = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]


class VersionDrift(Judged):
    """Every entry describes the version of the work that its identifier names."""

    id = "REF104"
    severity = Severity.WARNING
    source = (
        "NISO RP-8-2008, Journal Article Versions: a preprint and the version of record are two versions of one article"
    )
    remedy = (
        "Cite one version: take title, authors, year and identifier all from the preprint, or all from the article."
    )
    status = VerdictStatus.VERSION_DRIFT
    says = "the entry mixes two versions of the work."
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "VERSION_DRIFT"})]
    good = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]


class Unconfirmed(Judged):
    """A registry confirms every cited article, chapter and preprint, or a named person has seen the original.

    In a release this is an error, except for works that registries need not have, such as reports and web pages.
    """

    id = "REF105"
    severity = Severity.WARNING
    source = f"{_ICMJE}; {_INVENTED}"
    remedy = (
        "Add its DOI or PMID if it has one. If it has none, find the original, and write in pubkit.yaml who saw it: "
        "seen: {KEY: {who: NAME, on: DATE, how: where it was found}}. If it cannot be found, do not cite it."
    )
    status = VerdictStatus.UNCONFIRMED
    says = "no registry has this work."
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "UNCONFIRMED"})]
    good = [
        Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"}),
    ]

    def severity_of(self, key: str, submission: Submission) -> Severity:
        """Return an error in a release; a note if a person saw the original or registries need not have the work."""
        entry = submission.bibliography.entries.get(key)
        outside = entry is not None and entry.item.type in _OUTSIDE_REGISTRIES
        if outside or key in submission.publication.seen:
            return Severity.NOTE
        return Severity.ERROR if submission.release else self.severity

    def words(self, verdict: Verdict, submission: Submission) -> str:
        """Return the message about the work, which names who has seen its original."""
        seen = submission.publication.seen.get(verdict.key)
        if seen is None:
            return super().words(verdict, submission)
        return (
            f"{printable(verdict.key)}: no registry confirms it; {printable(seen.who)} saw the original on {seen.on}: "
            f"{printable(seen.how, 200)}"
        )


class SeenStatement(Rule):
    """Every statement that an original was seen is about a reference that needs it, and is not dated in the future."""

    id = "REF113"
    severity = Severity.WARNING
    source = _ICMJE
    remedy = "Remove the statement, or correct its key or its day."
    bad = [
        Example(
            _TEXT,
            _BIB,
            metadata={"seen": {"okafor2020": {"who": "Ada Example", "on": "2026-01-05", "how": "In the library."}}},
        )
    ]
    good = [
        Example(
            _TEXT,
            _BIB,
            metadata={"seen": {"okafor2020": {"who": "Ada Example", "on": "2026-01-05", "how": "In the library."}}},
            verdicts={"okafor2020": "UNCONFIRMED"},
        )
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for each statement that has no effect, or that cannot be true yet."""
        for key, seen in submission.publication.seen.items():
            verdict, place = submission.verdicts.get(key), submission.place("seen", key)
            if seen.on > submission.today:
                message = (
                    f"The original of {printable(key)} is said to have been seen on {seen.on}, which is in the future."
                )
                yield self.at(place, message, context=key, severity=Severity.ERROR)
            elif verdict is None:
                yield self.at(place, f"The text cites no {printable(key)}.", context=key)
            elif verdict.status is VerdictStatus.OK:
                yield self.at(place, f"{printable(key)} is confirmed by a registry.", context=key)


class Incomplete(Judged):
    """Every entry has the details that its registry has and a reader needs."""

    id = "REF106"
    severity = Severity.NOTE
    source = "NLM, Citing Medicine: author, title, source and year are the parts without which a work is hard to find"
    remedy = "Add what is missing; `pubkit refs show KEY` prints the registry's record."
    status = VerdictStatus.INCOMPLETE
    says = "the entry is incomplete."
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "INCOMPLETE"})]
    good = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]


class Disputed(Judged):
    """All sources agree about the work."""

    id = "REF107"
    severity = Severity.WARNING
    source = "Crossref: some publishers deposit a retraction in both directions, on the notice and on the work"
    remedy = "Check the publisher's page of the work and decide; `pubkit refs show KEY` prints what each source says."
    status = VerdictStatus.DISPUTED
    says = "the sources contradict each other."
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "DISPUTED"})]
    good = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]


class Unchecked(Rule):
    """Every reference has been compared with a registry's record since it was last changed.

    In a release this is an error.
    """

    id = "REF110"
    severity = Severity.WARNING
    source = _ICMJE
    remedy = _UPDATE
    waivable = False
    bad = [Example(_TEXT, _BIB, verdicts={"okafor2020": "UNCHECKED"})]
    good = [Example(_TEXT, _BIB, verdicts={"okafor2020": "OK"})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for each unchecked reference, or one for many that share a reason."""
        severity = Severity.ERROR if submission.release else self.severity
        verdicts = submission.verdicts
        unchecked = verdicts.unchecked if isinstance(verdicts, Judgement) else frozenset()
        alike: dict[str, list[Verdict]] = defaultdict(list)
        for verdict in cited_verdicts(submission, *VerdictStatus):
            if verdict.key in unchecked or not verdict.checked:
                alike[reasons(verdict) if not verdict.checked else "not compared with a registry"].append(verdict)
        for reason, group in alike.items():
            why = f": {reason}" if reason else ""
            if len(group) > _LISTED:
                shown = ", ".join(printable(verdict.key) for verdict in group[:3])
                message = f"{len(group)} references are not checked{why}. The first: {shown}."
                yield self.at(place(submission, group[0].key), message, context=reason, severity=severity)
                continue
            for verdict in group:
                message = f"{printable(verdict.key)} is not checked{why}."
                yield self.at(place(submission, verdict.key), message, context=verdict.key, severity=severity)


class VouchedFor(Rule):
    """The registries' answers in references.lock.json come from a person or a workflow that is trusted.

    Whoever can change the lock can write answers that no registry has given. The lock is signed with `pubkit refs sign`,
    and judged if PUBKIT_SIGNERS names the file of the signers that are trusted. `pubkit refs update --all`, run before a
    release, gets every answer anew instead.
    """

    id = "REF170"
    severity = Severity.NOTE
    source = "pubkit's threat model: what lies beside a manuscript is as untrusted as the manuscript (docs/security.md)"
    remedy = "Run `pubkit refs update --all` before a release, or have the lock signed (docs/release.md)."
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield an error for a lock that no trusted signer vouches for, and a note if a release has asked for none."""
        vouched, where = submission.vouched, submission.place("bibliography")
        if vouched and vouched.fault:
            message = f"{FILE_NAME} is not vouched for: {vouched.fault}."
            remedy = "Have it signed by one of them: `pubkit refs sign --key KEY`."
            yield self.at(where, message, context="signature", remedy=remedy, severity=Severity.ERROR)
        elif submission.release and vouched is None and any(one.checked for one in submission.verdicts.values()):
            message = (
                f"What the registries say is taken from {FILE_NAME}, which came with the manuscript and which nobody "
                "vouches for; no registry was asked again."
            )
            yield self.at(where, message, context="lock")


class Outdated(Rule):
    """The registries' records of the references are recent enough.

    In a release this is an error.
    """

    id = "REF112"
    severity = Severity.WARNING
    source = (
        "Crossref and PubMed change records after they appear: works are corrected, retracted and published elsewhere"
    )
    remedy = _UPDATE
    waivable = False

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for each cited work whose record in the lock file is older than `snapshot_max_age` days."""
        severity = Severity.ERROR if submission.release else self.severity
        most = submission.publication.snapshot_max_age
        for verdict in cited_verdicts(submission, *VerdictStatus):
            days = (submission.today - verdict.retrieved).days if verdict.retrieved else 0
            if days > most:
                message = (
                    f"{printable(verdict.key)}: its record in references.lock.json is from {verdict.retrieved}, {days} days "
                    f"old; {most} are allowed (snapshot_max_age)."
                )
                yield self.at(place(submission, verdict.key), message, context=verdict.key, severity=severity)
