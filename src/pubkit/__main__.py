"""`python -m pubkit`; prefer the `pubkit` command, which does not put the current folder on the module path."""

import sys

from pubkit.cli import main

sys.exit(main())
