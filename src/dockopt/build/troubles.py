"""An engine's own troubles, told from a build or a command that merely failed: a full disk, an engine that stopped.

The wordings are those of Docker 26 to 28, BuildKit, podman 4 and buildah 1.28.
"""

import re

from dockopt.errors import BuildError

END = 8000
FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
AWAY = re.compile(
    r"^(?:docker: |error: |time=\S+ level=(?:error|fatal) msg=)?\W?"
    r"(?:cannot connect to (?:the docker daemon|podman)|error during connect|unable to connect to podman|"
    r"error waiting for container: unexpected eof|unexpected eof\s*\Z|"
    r"(?:failed to build: )?failed to (?:solve|receive status): (?:rpc error: code = )?unavailable)",
    re.IGNORECASE | re.MULTILINE,
)


def demand_engine(name: str, log: str) -> None:
    """Read the end of what a failed call printed.

    Raises:
        BuildError: the disk is full, or the engine stopped answering.
    """
    end = log[-END:]
    if AWAY.search(end):
        raise BuildError(f"{name} does not answer; start it and run again")
    if FULL.search(end):
        raise BuildError(f"the disk of {name} is full; make room (for example `{name} system prune`) and run again")
