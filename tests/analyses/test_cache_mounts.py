"""Which RUNs may have a cache mount, and what speaks against it: one thing at a time."""

import pytest

from dockopt.analyses.cache_mounts import mount_plans
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

GO = "FROM golang:1.24 AS build\nWORKDIR /src\n{}FROM scratch\nCOPY --from=build /app /app\n"


def planned(text: str) -> list[tuple[str, int]]:
    """Tools with the number of RUNs that share a mount."""
    return [(plan.cache.tool, len(plan.runs)) for plan in mount_plans(Dockerfile.parse(text))]


@pytest.mark.parametrize(
    "lines",
    [
        "RUN npm ci",
        "RUN npm install -g serve && ls /root",
        "RUN mkdir -p /root/.npm && npm ci",
        "RUN --mount=type=secret,id=npmrc npm ci",
        "USER root\nRUN npm ci",
        "RUN npm ci\nRUN rm -rf ~/.cache",
    ],
)
def test_npm_gets_a_mount(lines: str) -> None:
    assert planned(f"FROM node:20\n{lines}\n") == [("npm", 1)]


@pytest.mark.parametrize(
    "lines",
    [
        "RUN npm --version",
        "RUN npm run build",
        "USER 1001\nRUN npm ci",
        "ENV HOME=/srv\nRUN npm ci",
        "RUN HOME=/srv npm ci",
        "RUN HOME=/srv; npm ci",
        "RUN export HOME=/srv && npm ci",
        "RUN sudo npm ci",
        "RUN su node -c true && npm ci",
        "RUN --network=none npm ci",
        "RUN --mount=type=cache,target=/root npm ci",
        "RUN --mount=type=cache,target=/root/.npm/_cacache npm ci",
        "RUN npm ci --cache /tmp/npm",
        "RUN npm config set cache /tmp/npm && npm ci",
        "RUN npm ci && npm cache clean --force && npm cache clean --force",
        "RUN if npm ci; then npm cache clean --force; fi",
        "RUN npm ci && rm -rf /root/.npm /tmp/x",
        "RUN npm ci && tar -cf /npm.tar /root/.npm",
        "RUN npm ci\nRUN tar -cf /npm.tar ~/.npm",
        "RUN npm ci && find / -name '*.md' -delete",
        "COPY npm-cache /root/.npm\nRUN npm ci",
        "ENV TO=/root/.npm\nCOPY npm-cache $TO/x\nRUN npm ci",
        "RUN npm ci\nRUN npm ci --offline",
        "ENV npm_config_offline=true\nRUN npm ci",
        "RUN npm ci\nONBUILD RUN npm ci --cache=/x && npm cache ls",
        'RUN ["npm", "ci"]',
    ],
)
def test_npm_gets_none(lines: str) -> None:
    assert planned(f"FROM node:20\n{lines}\n") == []


@pytest.mark.parametrize("source", ["/", "/root", "/root/.npm/_cacache", "/root/.n*", "$FOLDER"])
def test_what_another_stage_takes_is_in_no_mount(source: str) -> None:
    assert planned(f"FROM node:20 AS build\nRUN npm ci\nFROM debian:12\nCOPY --from=build {source} /x\n") == []


@pytest.mark.parametrize(
    ("base", "command", "name", "text"),
    [
        ("python:3.12", "uv sync", "pyproject.toml", '[tool.uv]\nlink-mode = "symlink"\n'),
        ("node:22", "pnpm install", "pnpm-workspace.yaml", "enableGlobalVirtualStore: true\n"),
    ],
)
def test_packages_that_are_links_into_the_cache_need_it(base: str, command: str, name: str, text: str) -> None:
    dockerfile = f"FROM {base}\nCOPY . /srv\nRUN {command}\n"
    plain, linked = MemoryContext({name: ""}), MemoryContext({name: text})
    assert len(list(mount_plans(Dockerfile.parse(dockerfile, plain)))) == 1
    assert list(mount_plans(Dockerfile.parse(dockerfile, linked))) == []


def test_what_another_stage_mounts_is_in_no_mount() -> None:
    mounting = "RUN --mount=from=build,source=/root,target=/r ls /r"
    assert planned(f"FROM node:20 AS build\nRUN npm ci\nFROM debian:12\n{mounting}\n") == []


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ("RUN go build\n", 1),
        ("RUN go mod download\nRUN go build\n", 2),
        ("RUN go mod download\nRUN make && apt-get update\nRUN ./tool\n", 2),
        ("RUN mkdir /x\nRUN go version\nRUN go build\n", 2),
    ],
)
def test_all_commands_that_may_read_modules_share_the_mounts(lines: str, count: int) -> None:
    assert planned(GO.format(lines)) == [("Go", count)]


@pytest.mark.parametrize(
    "lines",
    [
        "RUN go build\nRUN --network=none ./test\n",
        "RUN go build\nUSER 1000\nRUN make\n",
        "RUN go build\nUSER 1000\nRUN go build\n",
        'RUN go build\nRUN ["make"]\n',
        "RUN --mount=type=cache,target=/go/pkg/mod go mod download\nRUN go build\n",
        "RUN go build && ls $(go list -m -f {{.Dir}} x)\n",
        "RUN go build && cp -r /go/pkg/mod/x .\n",
        "COPY modules /go/pkg/mod\nRUN go build\n",
        "COPY pkg /go\nRUN go build\n",
        "ENV GOPATH=/g\nRUN go build\n",
        "RUN GOPROXY=off go build\n",
    ],
)
def test_modules_that_somebody_may_miss_stay_in_the_layer(lines: str) -> None:
    assert planned(GO.format(lines)) == []


@pytest.mark.parametrize(
    "lines",
    [
        "RUN mvn install\nRUN mvn package\n",
        "RUN make library\nRUN mvn package\n",
        "RUN mvn -s settings.xml package\n",
        "RUN mvn -Dmaven.repo.local=/m2 package\n",
        "RUN mvn package\nRUN mvn -o test\n",
    ],
)
def test_what_only_an_earlier_build_can_make_stays_in_the_layer(lines: str) -> None:
    text = f"FROM maven:3.9 AS build\n{lines}FROM eclipse-temurin:21\nCOPY --from=build /app.jar /\n"
    assert planned(text) == []


@pytest.mark.parametrize("base", ["gradle:6-jdk11", "example.org/gradle:8", "gradle:8@sha256:$DIGEST"])
def test_the_home_of_the_image_has_to_be_known(base: str) -> None:
    text = f"FROM {base} AS build\nRUN gradle jar\nFROM debian:12\nCOPY --from=build /app.jar /\n"
    assert planned(text) == []
