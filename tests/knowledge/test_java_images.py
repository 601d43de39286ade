"""The runtime image for what was built with a JDK."""

import pytest

from dockopt.knowledge.java_images import java_runtime


@pytest.mark.parametrize(
    ("builder", "runtime"),
    [
        ("maven:3.9-eclipse-temurin-17", "eclipse-temurin:17-jre"),
        ("maven:eclipse-temurin-21-alpine", "eclipse-temurin:21-jre-alpine"),
        ("docker.io/maven:3.8-eclipse-temurin-17-focal", "docker.io/eclipse-temurin:17-jre-focal"),
        ("maven:3.9-amazoncorretto-17", "amazoncorretto:17"),
        ("maven:3-jdk-8", "openjdk:8-jre"),
        ("maven:3.6-openjdk-11-slim", "openjdk:11-jre-slim"),
        ("maven:3.8-openjdk-17", "openjdk:17-jdk"),
        ("maven:3.6-jdk-8-alpine", None),
        ("maven:3.9", None),
        ("maven", None),
        ("gradle:8.5-jdk21-alpine", "eclipse-temurin:21-jre-alpine"),
        ("gradle:jdk17", "eclipse-temurin:17-jre"),
        ("gradle:6.9-jdk11", None),
        ("gradle:8", None),
        ("eclipse-temurin:17-jdk-jammy", "eclipse-temurin:17-jre-jammy"),
        ("openjdk:17", None),
        ("eclipse-temurin@sha256:00", None),
        ("debian:12", None),
    ],
)
def test_the_same_java_without_tools(builder: str, runtime: str | None) -> None:
    assert java_runtime(builder) == runtime
