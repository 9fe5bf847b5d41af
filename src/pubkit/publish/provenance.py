"""Records of a release that other programs read: how it was made, and from what software.

`provenance.json` is an in-toto Statement (v1) with a SLSA Provenance predicate (v1): the published files, everything that
went in, and the tools, by sha256 or version. `sbom.cdx.json` is a CycloneDX 1.6 bill of materials of the installation that
made them; it also names what no Python package lists: pandoc, Pango and HarfBuzz, and the fonts by their content. Both
say only what manifest.json says, and the same release gives the same bytes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pubkit.boundary import distribution
from pubkit.errors import PubkitError

__all__ = ["PROVENANCE", "SBOM", "records"]

PROVENANCE, SBOM = "provenance.json", "sbom.cdx.json"
_BUILD_TYPE = "urn:pubkit:release:1"
_PYTHON = "python"


def records(said: Mapping[str, Any]) -> dict[str, bytes]:
    """Return both records, by file name, for a release whose manifest says `said`."""
    return {PROVENANCE: _written(_statement(said)), SBOM: _written(_bill(said))}


def _written(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _statement(said: Mapping[str, Any]) -> dict[str, Any]:
    subjects = [{"name": one["path"], "digest": {"sha256": one["sha256"]}} for one in said["artifacts"]]
    materials = [{"uri": f"file:{quote(one['path'])}", "digest": {"sha256": one["sha256"]}} for one in said["inputs"]]
    definition = {
        "buildType": _BUILD_TYPE,
        "externalParameters": {"publication": said["publication"], "options": said["options"]},
        "internalParameters": {
            "tools": said["tools"],
            "confinement": said["confinement"],
            "evidence": said["evidence"],
        },
        "resolvedDependencies": materials,
    }
    run = {
        "builder": {"id": "urn:pubkit", "version": {"pubkit": said["tools"].get("pubkit", "")}},
        "metadata": {"invocationId": f"sha256:{said['edition_sha256']}"},
        "byproducts": [{"name": "findings", "annotations": said["findings"]}],
    }
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {"buildDefinition": definition, "runDetails": run},
    }


def _bill(said: Mapping[str, Any]) -> dict[str, Any]:
    packages = _packages()
    about = said["publication"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, f"pubkit:{said['edition_sha256']}").urn,
        "metadata": {
            "timestamp": f"{about['date']}T00:00:00Z",
            "component": {"type": "data", "name": about["title"], "version": about["version"]},
        },
        "components": [_component(name, version, packages) for name, version in sorted(said["tools"].items())],
    }


def _packages() -> frozenset[str]:
    """Return the names of the Python packages among the tools; empty if pubkit is not installed as one."""
    try:
        return frozenset({one.name for one in distribution.required()})
    except PubkitError:
        return frozenset()


def _component(name: str, version: str, packages: frozenset[str]) -> dict[str, str]:
    if name.endswith(" faces"):
        return {"type": "data", "name": name, "version": version}
    kind = "pypi" if name in packages else "generic"
    address = f"pkg:{kind}/{quote(name.lower())}@{quote(version)}"
    application = name in {_PYTHON, "pandoc", distribution.MODULE}
    return {"type": "application" if application else "library", "name": name, "version": version, "purl": address}
