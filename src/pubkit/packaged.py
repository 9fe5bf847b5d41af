"""The YAML data that travels with the package, read with the fastest safe loader there is."""

from __future__ import annotations

from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

__all__ = ["parsed"]


def parsed(data: bytes) -> Any:
    """Return what the YAML text `data` holds, as plain Python data; raises yaml.YAMLError."""
    return yaml.load(data, Loader=_Loader)
