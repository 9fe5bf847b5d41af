"""Signatures as `ssh-keygen -Y` makes and checks them (OpenSSH 8.2): no network, and the keys that people have anyway.

A list of trusted signers is a file of lines `alex@example.org ssh-ed25519 AAAA...`, as ssh-keygen(1) describes under
ALLOWED SIGNERS; it must come from whoever trusts them, never from the publication.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pubkit.boundary import child
from pubkit.boundary.child import Ended, Limits
from pubkit.boundary.files import printable
from pubkit.errors import EnvironmentFault, UsageError

__all__ = ["SIGNERS_VARIABLE", "SUFFIX", "named_signers", "sign", "signer"]

#: Names the file of the signers that are trusted.
SIGNERS_VARIABLE = "PUBKIT_SIGNERS"
#: What is added to the name of a file for that of its signature.
SUFFIX = ".sig"
#: Signatures of pubkit are good for nothing else: ssh-keygen checks this word.
_NAMESPACE = "pubkit"
_LIMITS = Limits(60, output=1 << 20)


def named_signers(option: str | None = None) -> Path | None:
    """Return the file of trusted signers that `option` or PUBKIT_SIGNERS names, or None if there is neither.

    Raises:
        UsageError: there is no such file.
    """
    named = option or os.environ.get(SIGNERS_VARIABLE, "")
    if not named:
        return None
    path = Path(named)
    if not path.is_file():
        message = f"There is no file of signers {printable(named)}."
        raise UsageError(message, remedy=f"Correct --signers or {SIGNERS_VARIABLE}.")
    return path.absolute()


def sign(data: bytes, key: Path) -> bytes:
    """Return the signature of `data` by the private key `key`, or by the agent's key of which `key` is the public half.

    Raises:
        UsageError: there is no such file.
        EnvironmentFault: ssh-keygen is missing, or cannot use the key.
    """
    if not key.is_file():
        raise UsageError(f"There is no key file {printable(str(key))}.", remedy="Correct --key.")
    agent = {name: os.environ[name] for name in ("SSH_AUTH_SOCK",) if name in os.environ}
    ended = _run(["-Y", "sign", "-f", str(key.absolute()), "-n", _NAMESPACE], data, agent)
    if ended.code or not ended.output.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        message = f"The key {printable(str(key))} could not be used: {_said(ended)}"
        raise EnvironmentFault(message, remedy="Name a private key, or the public half of a key that ssh-agent has.")
    return ended.output


def signer(data: bytes, signature: bytes, signers: Path) -> str:
    """Return the name in the file `signers` of whoever has signed `data`; "" if it is nobody there.

    Raises:
        EnvironmentFault: ssh-keygen is missing.
    """
    with tempfile.TemporaryDirectory(prefix="pubkit-") as folder:
        file = Path(folder, "signature")
        file.write_bytes(signature)
        asked = ["-s", str(file), "-f", str(signers)]
        found = _run(["-Y", "find-principals", *asked], b"")
        names = found.output.decode("utf-8", "replace").splitlines() if not found.code else []
        for name in names:
            if not _run(["-Y", "verify", "-I", name, "-n", _NAMESPACE, *asked], data).code:
                return name
    return ""


def _run(arguments: list[str], data: bytes, more: dict[str, str] | None = None) -> Ended:
    try:
        with tempfile.TemporaryDirectory(prefix="pubkit-") as home:
            return child.run(["ssh-keygen", *arguments], data, _LIMITS, child.bare(home) | (more or {}))
    except OSError as error:
        remedy = "Install OpenSSH's client (on Debian: sudo apt-get install openssh-client)."
        raise EnvironmentFault(f"ssh-keygen could not be started: {error.strerror}.", remedy=remedy) from error
    except child.Overrun as limit:
        message = f"ssh-keygen needed more than {limit}."
        raise EnvironmentFault(message, remedy="Use a key without a password, or ssh-agent.") from None


def _said(ended: Ended) -> str:
    return printable(ended.errors.decode("utf-8", "replace").strip().replace("\n", " "), 200)
