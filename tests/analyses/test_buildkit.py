"""What shows that BuildKit builds a file."""

import pytest

from dockopt.analyses.buildkit import denies_mounts, shows_buildkit
from dockopt.model.dockerfile import Dockerfile


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("FROM debian:12\nCOPY app /app\nRUN app\n", ""),
        ("# syntax=docker/dockerfile:1\nFROM debian:12\n", "the file asks for a frontend of BuildKit's"),
        ("FROM debian:12\nRUN --mount=type=secret,id=x app\n", "another RUN has a mount"),
        ("FROM debian:12\nRUN <<EOF\napp\nEOF\n", "the file has here-documents"),
        ("FROM debian:12\nCOPY --link app /app\n", "COPY has --link"),
        ("FROM debian:12\nADD --chmod=755 app /app\n", "ADD has --chmod"),
        ("FROM debian:12\nCOPY --chown=app app /app\n", ""),
        ("# syntax=docker/dockerfile:1.1\nFROM debian:12\nCOPY --chmod=755 app /app\n", ""),
    ],
)
def test_sign(text: str, sign: str) -> None:
    assert shows_buildkit(Dockerfile.parse(text)) == sign


@pytest.mark.parametrize("version", ["1.0", "1.0.2", "1.1-experimental"])
def test_an_old_frontend_has_no_mounts(version: str) -> None:
    assert denies_mounts(Dockerfile.parse(f"# syntax=docker/dockerfile:{version}\nFROM debian:12\n"))


@pytest.mark.parametrize("version", ["1", "1.2", "1.10", "1.19-labs", "latest"])
def test_a_later_frontend_has_them(version: str) -> None:
    assert not denies_mounts(Dockerfile.parse(f"# syntax=docker.io/docker/dockerfile:{version}\nFROM debian:12\n"))
