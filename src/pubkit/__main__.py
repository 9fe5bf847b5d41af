"""The program: run by `pubkit`, and by `python -m pubkit`, which also puts the current folder on the module path."""

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line; an interrupt ends it in one line even while its modules are still being imported."""
    try:
        from pubkit.boundary import system

        if not system.supported():
            sys.stderr.write(f"{system.UNSUPPORTED}\n")
            return 4
        from pubkit.cli.main import main as run

        return run()
    except KeyboardInterrupt:
        sys.stderr.write("pubkit: interrupted.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
