"""A registry on this machine, for the tests that ask one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .registry import Registry


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as server:
        yield server
