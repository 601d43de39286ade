"""Which files a run is about."""

import os
from pathlib import Path

import pytest

from dockopt.batch.discovery import Target, find
from dockopt.context.names import is_dockerfile_name
from dockopt.errors import InputError

needs_rights = pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may read everything")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def make(*paths: str) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text("FROM a\n", encoding="utf-8")


def found(*paths: str) -> list[str]:
    return [str(one) if isinstance(one, InputError) else one.path for one in find(paths)]


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile",
        "dockerfile",
        "DOCKERFILE",
        "Dockerfile.dev",
        "Dockerfile.alpine-3.19",
        "web.Dockerfile",
        "web.dockerfile",
        "Containerfile",
        "Containerfile.rocm",
        "app.containerfile",
    ],
)
def test_dockerfile_names(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile.md",
        "Dockerfile.orig",
        "Dockerfile.rej",
        ".Dockerfile.swp",
        "Dockerfile~",
        "#Dockerfile#",
        ".#Dockerfile",
        "Dockerfile.dockerignore",
        "web.Dockerfile.dockerignore",
        "Dockerfile.j2",
        "Dockerfile.template",
        "web.Dockerfile.bak",
        "Dockerfiles",
        "dockerfile_parse.py",
        "MyDockerfile",
        ".dockerignore",
        "Makefile",
    ],
)
def test_other_names(name: str) -> None:
    assert not is_dockerfile_name(name)


def test_a_folder_is_searched_in_order() -> None:
    make("b/Dockerfile", "a/x.Dockerfile", "Dockerfile.b", "Dockerfile", "a/b/Containerfile", "a/README.md")
    make(".git/Dockerfile", "node_modules/x/Dockerfile", "a/.venv/Dockerfile")
    assert found(".") == ["Dockerfile", "Dockerfile.b", "a/x.Dockerfile", "a/b/Containerfile", "b/Dockerfile"]


def test_a_named_file_may_have_any_name() -> None:
    make("build.txt", ".git/Dockerfile")
    assert found("build.txt", ".git/Dockerfile") == ["build.txt", ".git/Dockerfile"]


def test_each_file_once() -> None:
    make("a/Dockerfile")
    Path("a/Dockerfile.link").symlink_to("Dockerfile")
    assert found("a/Dockerfile", "./a/Dockerfile", "a", str(Path("a").absolute())) == ["a/Dockerfile"]


def test_links_in_the_folder_are_followed_to_where_they_lead() -> None:
    make("docker/build", "other/Dockerfile")
    Path("Dockerfile").symlink_to("docker/build")
    assert next(iter(find(["."]))) == Target("Dockerfile", str(Path("docker/build").resolve()))


def test_links_out_of_the_folder_are_left_alone(here: Path) -> None:
    outside = here.parent / "outside"
    outside.mkdir()
    (outside / "Dockerfile").write_text("FROM a\n", encoding="utf-8")
    Path("Dockerfile").symlink_to(outside / "Dockerfile")
    Path("folder").symlink_to(outside)
    assert found(".") == []
    assert found("Dockerfile") == [
        "Dockerfile: a link out of the current folder; name the file it leads to",
    ]
    assert found("folder/Dockerfile") == ["folder/Dockerfile"]
    assert found(str(outside)) == [str(outside / "Dockerfile")]


def test_links_in_circles_and_to_nowhere() -> None:
    Path("a").symlink_to("b")
    Path("b").symlink_to("a")
    Path("Dockerfile").symlink_to("gone")
    Path("loop").mkdir()
    Path("loop/again").symlink_to("..")
    assert found("a", "Dockerfile", "gone") == [
        "a: a link that leads back to itself",
        "Dockerfile: a link that leads nowhere",
        "gone: no such file or folder",
    ]
    assert found(".") == []


@needs_rights
def test_a_folder_that_cannot_be_read() -> None:
    make("closed/Dockerfile", "Dockerfile")
    Path("closed").chmod(0)
    try:
        assert found(".") == ["Dockerfile", "./closed: the folder cannot be read: permission denied"]
    finally:
        Path("closed").chmod(0o755)
