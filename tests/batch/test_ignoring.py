"""What a search leaves alone: the same files that git would."""

import subprocess
from pathlib import Path

import pytest

from dockopt.batch import configuration
from dockopt.batch.discovery import Target, Use, find


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    configuration.forget()
    return tmp_path


def make(*paths: str) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text("FROM a\n", encoding="utf-8")


def write(path: str, *lines: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def found(*paths: str) -> list[str]:
    return [one.path if isinstance(one, Target) else str(one) for one in find(paths or (".",))]


def test_patterns_nest_and_take_back() -> None:
    make("Dockerfile", "build/Dockerfile", "a/Dockerfile.x", "a/Dockerfile.new", "a/b/Dockerfile.x", "c/x/Dockerfile")
    write(".gitignore", "build/", "*.x", "/c/x")
    write("a/.gitignore", "!b/*.x")
    assert found() == ["Dockerfile", "a/Dockerfile.new", "a/b/Dockerfile.x"]


def test_nothing_is_taken_back_out_of_an_ignored_folder() -> None:
    make("out/Dockerfile", "out/keep/Dockerfile")
    write(".gitignore", "out/", "!out/keep/Dockerfile")
    assert found() == []


def test_the_same_files_as_git() -> None:
    Path(".git").rmdir()
    subprocess.run(["git", "init", "-q"], check=True)
    make("Dockerfile", "a/Dockerfile", "a/b/Dockerfile", "a/b/c/Dockerfile", "d e/Dockerfile", "d e/x.Dockerfile")
    make("gone/Dockerfile", "src/gone/Dockerfile", "x/Dockerfile.a", "x/Dockerfile.b", "x/y/z/Dockerfile.b")
    write(".gitignore", "# comment", "/gone", "**/c/", "d\\ e/x*", "x/**/Dockerfile.b", "!x/Dockerfile.b", "\\!no")
    write("a/.gitignore", "/b/*", "!/b/c")
    write(".git/info/exclude", "x/Dockerfile.a")
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "-z"], check=True, capture_output=True, text=True
    ).stdout.split("\0")
    assert sorted(found()) == sorted(path for path in listed if "Dockerfile" in path)


def test_rules_above_a_searched_folder_hold() -> None:
    make("a/b/Dockerfile", "a/b/gen/Dockerfile")
    write(".gitignore", "gen/")
    assert found("a/b") == ["a/b/Dockerfile"]


def test_a_named_file_is_done_whatever_is_ignored() -> None:
    make("gen/Dockerfile")
    write(".gitignore", "gen/")
    assert found("gen/Dockerfile") == ["gen/Dockerfile"]


def test_our_own_file_and_the_setting() -> None:
    make("Dockerfile", "a/Dockerfile", "b/Dockerfile", "b/c/Dockerfile")
    write(".dockoptignore", "/a")
    write("b/dockopt.toml", 'exclude = ["c/"]')
    assert found() == ["Dockerfile", "b/Dockerfile"]


def test_what_services_build_is_found_with_its_context() -> None:
    make("docker/build", "web/Dockerfile", "ignored/build", "twice/Dockerfile")
    write(
        "compose.yaml",
        "services:",
        "  a: {build: {context: ., dockerfile: docker/build}}",
        "  b: {build: web}",
        "  c: {build: {context: ., dockerfile: ignored/build}}",
        "  d: {build: {context: ., dockerfile: twice/Dockerfile}}",
        "  e: {build: twice}",
    )
    write(".gitignore", "ignored")
    source = str(Path("compose.yaml").resolve())
    assert [one for one in find(["."]) if isinstance(one, Target)] == [
        Target("docker/build", str(Path("docker/build").resolve()), ".", (Use("a", source),)),
        Target("twice/Dockerfile", str(Path("twice/Dockerfile").resolve()), None, (Use("d", source), Use("e", source))),
        Target("web/Dockerfile", str(Path("web/Dockerfile").resolve()), "web", (Use("b", source),)),
    ]


def test_files_above_a_named_file_and_a_searched_folder_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    make("a/b/Dockerfile", "a/Dockerfile", ".git/HEAD")
    write(
        "compose.yaml",
        "services:",
        "  one: {build: {context: ., dockerfile: a/b/Dockerfile, target: prod}}",
        "  two: {build: a}",
    )
    write("a/docker-bake.hcl", 'target "bake" {', '  context = "b"', '  target = "test"', "}")
    top = Path.cwd().resolve()
    one = Use("one", f"{top}/compose.yaml", "prod")
    bake = Use("bake", f"{top}/a/docker-bake.hcl", "test", "build")
    inner = str(top / "a" / "b" / "Dockerfile")
    for place in ("a/b/Dockerfile", str(top / "a" / "b" / "Dockerfile")):
        assert list(find([place])) == [Target(place, inner, None, (bake, one))]
    Path("a/docker-bake.hcl").unlink()
    assert list(find(["a/b/Dockerfile"])) == [Target("a/b/Dockerfile", inner, ".", (one,))]
    for root in ("a", str(top / "a")):
        own = Target(f"{root}/Dockerfile", f"{top}/a/Dockerfile", root, (Use("two", f"{top}/compose.yaml"),))
        assert list(find([root])) == [own, Target(f"{root}/b/Dockerfile", inner, ".", (one,))]
    monkeypatch.chdir("a/b")
    assert list(find(["Dockerfile"])) == [Target("Dockerfile", inner, str(top), (one,))]


def test_a_wrong_configuration_stops_its_folder_only() -> None:
    make("a/Dockerfile", "b/Dockerfile", "b/c/Dockerfile")
    write("b/dockopt.toml", "excludes = []")
    assert found() == ["a/Dockerfile", "b/dockopt.toml: there is no setting 'excludes'; did you mean exclude?"]
