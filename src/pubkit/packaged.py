"""The YAML data that the package contains, read with the fastest safe loader available."""

from __future__ import annotations

from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

__all__ = ["parsed"]


def parsed(data: bytes) -> Any:
    """Return the contents of the YAML text `data` as plain Python data; raises yaml.YAMLError."""
    return yaml.load(data, Loader=_Loader)
