"""Dockerfiles as people write them, made from pieces around which transforms have work, next to what must stop them."""

from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

few_examples = settings(max_examples=max(settings().max_examples // 10, 100))
"""For properties of whole runs, and others of which one example costs as much as ten of parsing."""

BASES = (
    "debian:12",
    "ubuntu:22.04",
    "python:3.12",
    "python:3.12-slim",
    "node:20",
    "golang:1.22",
    "alpine:3.20",
    "scratch",
    "example.com/base",
    "$BASE",
)
COMMANDS = (
    "apt-get update",
    "apt-get install -y curl",
    "apt-get update -y && apt-get install -y --no-install-recommends git ca-certificates",
    "apt-get install -y gcc libpq-dev",
    "apt-get update && apt-get upgrade -y",
    "apt update && apt install -y wget",
    "apt-get clean",
    "rm -rf /var/lib/apt/lists/*",
    "sudo apt-get update",
    "apk update",
    "apk add curl",
    "apk add --no-cache git",
    "rm -rf /var/cache/apk/*",
    "pip install flask",
    "pip install --no-cache-dir -r requirements.txt",
    "pip3 install -r requirements.txt",
    "python -m pip install --upgrade pip",
    "npm ci",
    "npm install",
    "npm install -g yarn",
    "npm run build",
    "npm cache clean --force",
    "go mod download",
    "go build -o /bin/server .",
    "mkdir -p /data",
    "chown -R app:app /app",
    "chown app /data",
    "useradd -m app",
    "cd /tmp",
    "export A=1",
    "set -e",
    "echo $A",
    "make",
    "true",
    "exit 0",
    "test -f /x || exit 0",
    "(cd /tmp && make)",
    "if true; then apt-get update; fi",
    "curl -sL http://example.com/x | bash -",
    "echo a # note",
    "daemon &",
    "eval $X",
    ": > /etc/x",
)
NOT_RUN = ("daemon &", "eval $X")
MORE_WORK = (
    "apt-get update",
    "apt-get install -y curl",
    "apk add jq",
    "pip install flask",
    "npm ci",
    "rm -rf /var/lib/apt/lists/*",
    "set -e",
    "exec apt-get install -y vim",
    "{ apt-get update; apt-get install -y jq; }",
    "for p in a b; do apt-get install -y $p; done",
    "! test -f /x",
    "apt-get install -y ${A:=jq}",
)
JOINTS = (" && ", " && ", " && \\\n    ", " \\\n && ", "; ", " || ", " && \\\n    # inner note\n    ", " && \\\n\n    ")
FLAGS = (
    "",
    "",
    "",
    "",
    "--mount=type=cache,target=/root/.cache ",
    "--network=none ",
    "--mount=type=cache,target=/var/cache/apt ",
)
OTHERS = (
    "COPY . .",
    "COPY . /app",
    "COPY requirements.txt .",
    "COPY package*.json ./",
    "COPY --chown=app . /app",
    "COPY --from=build /app /app",
    "COPY --from=0 /bin/server /bin/server",
    "ADD app.tar.gz /opt/",
    "ADD x.py /app/",
    "WORKDIR /app",
    "WORKDIR sub",
    "ENV A=1",
    "ENV NODE_ENV production",
    "ENV PIP_NO_CACHE_DIR=1",
    "ENV DEBIAN_FRONTEND=noninteractive",
    "ARG VERSION=1",
    "ARG A",
    "USER app",
    "USER root",
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    'SHELL ["powershell", "-Command"]',
    "VOLUME /data",
    "EXPOSE 80",
    "LABEL a=b",
    "CMD python app.py",
    'CMD ["python", "app.py"]',
    "ENTRYPOINT /bin/server",
    "HEALTHCHECK CMD curl -f localhost",
    "ONBUILD RUN apt-get install -y git",
    "RUN <<EOF\napt-get update\napt-get install -y curl\nEOF",
    "RUN <<-'EOF'\n\tset -e\n\tpip install x\n\tEOF",
    "RUN <<PY python3\nprint('apt-get update')\nPY",
    'RUN ["apt-get", "update"]',
    "COPY <<CONF /etc/x\n# content\nRUN apt-get update\nCONF",
    "# a comment",
    "# dockopt: ignore=all kept as it is",
    "",
)


@st.composite
def run_instructions(draw: DrawFn, choice: Sequence[str] = COMMANDS, flags: Sequence[str] = FLAGS) -> str:
    commands = draw(st.lists(st.sampled_from(choice), min_size=1, max_size=4))
    text = "RUN " + draw(st.sampled_from(flags)) + commands[0]
    for command in commands[1:]:
        joint = "; " if "#" in text.rpartition("\n")[2] else draw(st.sampled_from(JOINTS))
        text += joint + command
    return text


@st.composite
def plausible_stages(draw: DrawFn, name: str = "") -> str:
    base = draw(st.sampled_from(BASES))
    lines = [f"FROM {base}{name}"]
    lines += draw(st.lists(st.one_of(run_instructions(), run_instructions(), st.sampled_from(OTHERS)), max_size=8))
    return "\n".join(lines) + "\n"


@st.composite
def plausible_dockerfiles(draw: DrawFn) -> str:
    """One to three stages, the first ones named `build`; perhaps a syntax directive and an argument before them."""
    head = draw(st.sampled_from(["", "", "# syntax=docker/dockerfile:1\n", "ARG BASE=debian:12\n"]))
    earlier = draw(st.lists(plausible_stages(name=" AS build"), max_size=2))
    return head + "\n".join([*earlier, draw(plausible_stages())])


@st.composite
def runnable_dockerfiles(draw: DrawFn) -> str:
    """One stage of plain RUNs in which transforms have work, for stand-ins to run: nothing is written or started."""
    commands = [one for one in COMMANDS if not set(one) & set("<>#") and " | " not in one and one not in NOT_RUN]
    run = run_instructions([*commands, *MORE_WORK], ("",))
    others = st.sampled_from(["WORKDIR /app", "ENV A=1", "ENV A=2", "USER root", "COPY . .", "# note", ""])
    lines = draw(st.lists(st.one_of(run, run, run, run, others), min_size=2, max_size=6))
    base = draw(st.sampled_from(["debian:12", "python:3.12", "node:20", "alpine:3.20"]))
    return "\n".join([f"FROM {base}", *lines]) + "\n"
