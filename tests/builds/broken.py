"""A small application, and rewrites of it that are wrong on purpose: `verify` has to tell which fix it was."""

from pathlib import Path

from tests.wrong import wrong

from dockopt.engine.registry import transforms
from dockopt.fixes import Transform

DOCKERFILE = """\
FROM debian:bookworm-slim
RUN apt-get update
RUN apt-get install -y --no-install-recommends libyaml-0-2
WORKDIR /service
COPY start.sh words.txt ./
ENV GREETING=hello
RUN useradd --uid 1234 runner
USER runner
ENTRYPOINT ["./start.sh"]
CMD ["world"]
"""
FILES = {
    "start.sh": "#!/bin/sh\nset -e\ntest -e /usr/lib/*/libyaml-0.so.2\n"
    'grep -q "$1" /service/words.txt\necho "$GREETING $1"\n',
    "words.txt": "world\nmoon\n",
    "notes.txt": "not copied\n",
}
BREAKS = {
    "lost_library": ("libyaml-0-2", "netbase"),
    "lost_mode_bit": ("COPY start.sh words.txt ./", "COPY --chmod=644 start.sh words.txt ./"),
    "wrong_user": ("USER runner\n", "USER nobody\n"),
    "missing_file": ("COPY start.sh words.txt ./", "COPY start.sh ./"),
    "changed_environment": ("GREETING=hello", "GREETING=goodbye"),
    "build_failure": ("RUN useradd --uid 1234 runner", "RUN useradd --uid 1234 --no-such-option runner"),
}
"""What a wrong fix replaces, by the name of its transform."""


def put_files(folder: Path) -> None:
    """The application with its Dockerfile."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "start.sh").chmod(0o755)
    (folder / "Dockerfile").write_text(DOCKERFILE)


def with_break(name: str) -> tuple[Transform, ...]:
    """The real transforms, and a wrong one."""
    return (*transforms(), wrong(name, *BREAKS[name]))
