"""`python -m dockopt` is the command `dockopt`."""

import sys

from dockopt.cli import main

sys.exit(main())
