"""The command line: options are read here and handed on; nothing is decided. One module a command."""

from collections.abc import Sequence

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `dockopt` and give its exit status."""
    try:
        from dockopt.cli.program import run

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
