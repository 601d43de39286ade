"""Why an image with a static Go program keeps its base."""

import pytest

from dockopt.analyses.slim.find import static_verdict
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

GO = {"go.mod": "module example.com/server\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n"}
BUILD = "FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server .\n"


def verdict(lines: str, base: str = "debian:12-slim", build: str = BUILD, **files: str) -> tuple[str, str]:
    """The new base and the reason, one of them empty; `files` are named with _ for a dot."""
    text = f"{build}FROM {base}\nCOPY --from=build /server /server\n{lines}\n"
    more = {name.replace("_", "."): content for name, content in files.items()}
    file = Dockerfile.parse(text, context=MemoryContext({**GO, **more}))
    found, reason = static_verdict(file, file.final)
    return (found.reference if found else "", reason)


@pytest.mark.parametrize(
    ("base", "reference"),
    [
        ("debian:12-slim", "gcr.io/distroless/static-debian12"),
        ("debian:trixie", "gcr.io/distroless/static-debian13"),
        ("alpine:3.20", "gcr.io/distroless/static-debian12"),
        ("ubuntu:24.04", "gcr.io/distroless/static-debian12"),
        ("busybox", ""),
        ("node:20-slim", ""),
        ("scratch", ""),
    ],
)
def test_the_base(base: str, reference: str) -> None:
    assert verdict('CMD ["/server"]', base) == (reference, "")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ('SHELL ["/bin/bash", "-c"]\nCMD ["/server"]', "SHELL needs a shell"),
        ('ENTRYPOINT ["/server"]\nCMD -v', "CMD is for a shell, which distroless has not"),
        ('USER app\nCMD ["/server"]', "distroless has no account app"),
        ('USER 1000:www-data\nCMD ["/server"]', "distroless has no account 1000:www-data"),
        ('HEALTHCHECK CMD ["curl", "x"]\nCMD ["/server"]', "the health check calls programs that distroless has not"),
        ('RUN mkdir /data\nCMD ["/server"]', "`RUN mkdir /data` needs a shell"),
        (
            'RUN apt-get update && apt-get install -y tzdata git\nCMD ["/server"]',
            "it installs git, which distroless has not",
        ),
        (
            'RUN apt-get update && apt-get upgrade -y\nCMD ["/server"]',
            "it installs newer packages, which distroless has not",
        ),
        (
            'COPY --chown=app main.go /\nCMD ["/server"]',
            "distroless has not the account that files are given to",
        ),
        (
            'COPY --from=busybox /bin/busybox /bin/\nCMD ["/server"]',
            "what is copied from busybox may need more than distroless has",
        ),
        (
            'COPY --from=build /usr/bin/git /bin/\nCMD ["/server"]',
            "git is copied from build, and may link libraries",
        ),
    ],
)
def test_what_needs_the_base(lines: str, reason: str) -> None:
    assert verdict(lines) == ("", reason)


@pytest.mark.parametrize(
    ("lines", "build"),
    [
        ('CMD ["/server"]', BUILD.replace("CGO_ENABLED=0 ", "")),
        ('CMD ["/server"]', BUILD.replace("-o /server", "-o /other")),
        ('CMD ["/server.sh"]', BUILD),
        ("CMD /server", BUILD),
        ("", BUILD),
    ],
)
def test_what_is_no_static_program(lines: str, build: str) -> None:
    assert verdict(lines, build=build) == ("", "")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"run_go": 'package main\n\nimport "os/exec"\n\nvar _ = exec.Command("git")\n'}, "a source calls git"),
        ({"run_go": "package main\n\nvar shell = `/bin/sh`\n"}, "run.go names /bin/sh, which distroless has not"),
        (
            {"compose_yaml": "services:\n  x:\n    healthcheck:\n      test: [CMD, wget, localhost]\n"},
            "compose.yaml names wget, which distroless has not",
        ),
    ],
)
def test_what_the_program_needs(files: dict[str, str], reason: str) -> None:
    assert verdict('CMD ["/server"]', **files) == ("", reason)


def test_a_script_needs_a_shell() -> None:
    assert verdict('COPY migrate /\nCMD ["/server"]', migrate="#!/bin/sh\n/server -migrate\n") == (
        "",
        "migrate is a script, and distroless has no shell to run it",
    )
