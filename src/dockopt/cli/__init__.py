"""The command line: options are read here and handed on; nothing is decided. One module a command."""

import sys
from collections.abc import Sequence

INTERRUPTED = 130


def program() -> None:
    """The program `dockopt`. The system takes back at once what Python would take apart for half a second."""
    import os

    status = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        status = status or 1
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `dockopt` and give its exit status."""
    import gc

    gc.set_threshold(100_000, 50, 100)  # the default collects some hundred times while modules load: 15 ms for nothing
    try:
        if (sys.argv[1:] if arguments is None else [*arguments]) == ["--version"]:
            return _version()
        from dockopt.cli.program import run

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _version() -> int:
    """What scripts ask most often, without loading the reader of options."""
    from dockopt import __version__

    try:
        print(f"dockopt {__version__}", flush=True)  # noqa: T201
    except OSError:
        return 1
    return 0
