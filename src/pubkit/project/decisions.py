"""What a reviewer may decide."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["DECISIONS", "Decision"]

Decision = Literal["approved", "approved-with-changes", "rejected"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
