"""`python -m dockopt` is the command `dockopt`."""

from dockopt.cli import program

program()
