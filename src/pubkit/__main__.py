"""The program: run by `pubkit`, and by `python -m pubkit`, which also puts the current folder on the module path."""

import os
import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line; an interrupt ends it in one line even while its modules are still being imported.

    So does a lack of memory.
    """
    from pubkit.boundary import starvation

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
    except Exception as error:
        if not starvation.is_starved(error):
            raise
        starvation.say()
        os._exit(starvation.EXIT_CODE)


if __name__ == "__main__":
    sys.exit(main())
