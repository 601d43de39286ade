"""What is said of a stage that keeps compilers or headers and is neither split nor made smaller."""

import pytest

from dockopt.analyses.split.find import split_verdict
from dockopt.analyses.split.unsplit import unsplit_reason
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

COMPILES = "RUN apt-get update && apt-get install -y gcc libpq-dev make\nCOPY . .\nRUN make\nCMD ./shop\n"
POM = "<project><modelVersion>4.0.0</modelVersion><artifactId>shop</artifactId><version>1</version>%s</project>"


def reason(text: str, context: dict[str, str] | None = None) -> str:
    file = Dockerfile.parse(text, MemoryContext(context) if context else None)
    return unsplit_reason(file, file.final)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"FROM ubuntu:24.04\n{COMPILES}",
            (
                "it compiles with gcc, libpq-dev, make, and which packages of Ubuntu hold the libraries it links is not"
                " known"
            ),
        ),
        (
            "FROM alpine:3.20\nRUN apk add build-base zlib-dev\nCOPY . .\nRUN ./configure && make\nCMD ./shop\n",
            (
                "it compiles with build-base, zlib-dev, and which packages of Alpine hold the libraries it links is not"
                " known"
            ),
        ),
        (
            "FROM example.com/base\nRUN dnf install -y gcc cmake make git-core openssl-devel\nCMD shop\n",
            "it installs gcc, cmake, make and others, and nothing is known of example.com/base",
        ),
        (
            "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y build-essential\n",
            "it installs build-essential, and no CMD or ENTRYPOINT shows what its containers run",
        ),
        (
            "FROM node:20 AS build\nFROM ubuntu:24.04\nRUN apt-get update && apt-get install -y libpq-dev\nCMD shop\n",
            "it installs libpq-dev, and which of its steps need them is not known",
        ),
        (
            "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y gcc\nCMD sleep infinity\n",
            "the image is for development: `sleep infinity` is for development",
        ),
    ],
)
def test_the_missing_piece_is_named(text: str, expected: str) -> None:
    assert reason(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y curl\nCMD shop\n",
        "FROM alpine:3.20\nRUN apk add --virtual .build build-base && make && apk del .build\nCMD shop\n",
        "FROM alpine:3.20\nRUN apk add --virtual=.build build-base && make && apk del .build\nCMD shop\n",
        "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y gcc && apt-get purge -y gcc\nCMD shop\n",
        "FROM ubuntu:24.04 AS build\nRUN apt-get update && apt-get install -y gcc\nFROM ubuntu:24.04\nCMD shop\n",
    ],
)
def test_nothing_is_said_where_nothing_stays(text: str) -> None:
    assert reason(text) == ""


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        (
            (
                "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make\nCOPY . /src\nWORKDIR /src\n"
                "RUN qmake && make && make install\nCMD shop\n"
            ),
            {"shop.pro": "TEMPLATE = app\n", "shop.cpp": "int main() {}\n"},
            "qmake writes the rules of the build, and what it makes them from is not read",
        ),
        (
            "FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nRUN bun install\nRUN bun run build\nCMD bun start\n",
            {"package.json": '{"devDependencies": {"typescript": "5"}}'},
            (
                "bun install brings development dependencies (typescript), and bun has no command that is known to take"
                " them out again after a build"
            ),
        ),
        (
            "FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nRUN bun install --production\nCMD bun start\n",
            {"package.json": '{"devDependencies": {"typescript": "5"}}'},
            "",
        ),
        (
            "FROM continuumio/miniconda3\nCOPY . .\nRUN conda env create -f environment.yml\nCMD python app.py\n",
            {"environment.yml": "name: x\n"},
            (
                "what the packages of a conda environment do as it is activated, and which libraries of the image they"
                " use, is in no table"
            ),
        ),
        (
            (
                "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn package\n"
                'CMD ["java", "-jar", "target/shop.war"]\n'
            ),
            {"pom.xml": POM % "<packaging>war</packaging>"},
            "/app/target/shop.war is an archive for a server, and what else it needs is not followed",
        ),
        (
            (
                "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn package\n"
                'CMD ["java", "-jar", "target/quarkus-app/quarkus-run.jar"]\n'
            ),
            {"pom.xml": POM % ""},
            (
                "/app/target/quarkus-app/quarkus-run.jar needs folders that Quarkus writes beside it, which are not"
                " followed"
            ),
        ),
    ],
)
def test_what_an_ecosystem_does_not_follow(text: str, context: dict[str, str], expected: str) -> None:
    file = Dockerfile.parse(text, MemoryContext(context))
    assert split_verdict(file, file.final).reason == expected
