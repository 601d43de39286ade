"""What cargo, Go, Bundler and Composer add, by their lockfiles and without."""

import json

import pytest

from dockopt.context.tree import MemoryContext
from dockopt.estimate.contributions import Piece
from dockopt.estimate.languages import go, php, ruby, rust
from dockopt.estimate.languages.sources import of_packages
from dockopt.estimate.stages import Walk
from dockopt.knowledge.language_sizes import sizes_of
from dockopt.model.dockerfile import Dockerfile


def pieces(image: str, command: str, texts: dict[str, str] | None = None, before: str = "") -> dict[str, Piece]:
    """What the last RUN of a file leaves, by the first word of the key."""
    file = Dockerfile.parse(f"FROM {image}\nWORKDIR /app\n{before}COPY . .\nRUN {command}\n")
    walk = Walk(file, MemoryContext(texts or {}))
    return {piece.key[0]: piece for piece in walk.layers(file.final)[-1].pieces}


def test_known_packages_have_their_size_and_others_a_wide_one() -> None:
    row = sizes_of("crate")["tokio"]
    known = of_packages("crate", [("tokio",)])
    assert (known.size.expected, known.archives.expected) == (row.size, row.archive)
    one, many = of_packages("crate", [("no-such",)]), of_packages("crate", [("no-such",)] * 100)
    assert one.size.high / one.size.low > 100
    assert many.size.high / many.size.low < 10


CARGO_LOCK = """
[[package]]
name = "app"
version = "1"
[[package]]
name = "tokio"
version = "1"
source = "registry"
[[package]]
name = "windows-sys"
version = "1"
source = "registry"
"""
CARGO = {"Cargo.toml": '[package]\nname = "app"\n', "Cargo.lock": CARGO_LOCK, "src/main.rs": ""}


def test_crates_of_a_lockfile() -> None:
    assert rust.locked(CARGO_LOCK) == ["tokio"]
    assert rust.locked("[[") == []


def test_cargo_keeps_crates_and_what_it_builds() -> None:
    release = pieces("rust:1", "cargo build --release", CARGO)
    assert {key: piece.path for key, piece in release.items()} == {
        "crates": "/usr/local/cargo/registry",
        "cargo target": "/app/target",
        "cargo program": "/app/target/release/app",
    }
    debug = pieces("rust:1", "cargo build", CARGO)
    assert debug["cargo target"].size.expected > release["cargo target"].size.expected
    assert debug["crates"] == release["crates"]
    assert pieces("rust:1", "cargo build --release && cargo clean", CARGO).keys() == {"crates"}
    unknown = pieces("rust:1", "cargo build --release")
    assert unknown["cargo target"].size.high > 100 * unknown["cargo target"].size.low


OWN_LOCK = '[[package]]\nname = "app"\nversion = "1"\n'
OWN = '[package]\nname = "app"\n'


@pytest.mark.parametrize(
    ("texts", "fetched"),
    [
        ({"Cargo.toml": OWN, "Cargo.lock": OWN_LOCK}, False),
        ({"Cargo.toml": f'{OWN}[dependencies]\ntokio = "1"\n', "Cargo.lock": OWN_LOCK}, False),
        ({"Cargo.toml": OWN}, False),
        ({"Cargo.toml": f'{OWN}[dependencies]\ntokio = "1"\n'}, True),
        ({"Cargo.toml": f'{OWN}[target.x.dependencies]\ntokio = "1"\n'}, True),
        ({"Cargo.toml": '[workspace]\nmembers = ["a"]\n'}, True),
        ({"Cargo.toml": OWN, "Cargo.lock": "[["}, True),
        ({"Cargo.toml": OWN, "Cargo.lock": "package = [1]"}, True),
    ],
)
def test_a_project_without_crates_fetches_none(texts: dict[str, str], fetched: bool) -> None:
    found = pieces("rust:1", "cargo build --release", texts)
    assert ("crates" in found, found["cargo target"].size.high > 1_000_000_000) == (fetched, fetched)


def test_crates_are_fetched_once() -> None:
    assert "crates" not in pieces("rust:1", "cargo build", CARGO, "COPY . .\nRUN cargo fetch\n")


GO_MOD = "module example.com/app\ngo 1.24\nrequire github.com/gin-gonic/gin v1.9.0\n"
WEB = 'package main\n\nimport "net/http"\n\nfunc main() { http.Get("x") }\n'
PLAIN = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println() }\n'


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("github.com/gin-gonic/gin", "github-gin-gonic-gin"),
        ("github.com/Masterminds/semver/v3", "github-masterminds-semver"),
        ("golang.org/x/net", "golang-x-net"),
        ("google.golang.org/grpc", "google-grpc"),
        ("gopkg.in/yaml.v3", "gopkg-yaml.v3"),
    ],
)
def test_names_of_modules(path: str, key: str) -> None:
    assert go.keys(path)[0] == key


@pytest.mark.parametrize(
    ("image", "source", "program", "cache"),
    [
        ("golang:1.24", WEB, 8_211_862, 84_528_234),
        ("golang:1.19", WEB, 6_519_226, 477_594),
        ("golang:1.19", PLAIN, 1_819_268, 249_388),
    ],
)
def test_programs_of_the_standard_library(image: str, source: str, program: int, cache: int) -> None:
    """Bytes measured on Debian's Go."""
    found = pieces(image, "go build -o /bin/x .", {"go.mod": "module x\ngo 1.19\n", "main.go": source})
    assert found.keys() == {"go program", "go cache"}
    assert found["go program"].size.low <= program <= found["go program"].size.high
    assert found["go cache"].size.low <= cache <= found["go cache"].size.high


def test_modules_and_stripped_programs() -> None:
    texts = {"go.mod": GO_MOD, "main.go": WEB}
    found = pieces("golang:1.24", "go build -o /bin/x .", texts)
    row = sizes_of("go_module")["github-gin-gonic-gin"]
    assert found["go modules"].size.expected == row.size + row.archive
    stripped = pieces("golang:1.24", 'go build -ldflags="-s -w" -o /bin/x .', texts)
    assert stripped["go program"].size == found["go program"].size.scaled(0.7)
    assert "go modules" not in pieces("golang:1.24", "go build .", texts, "COPY . .\nRUN go mod download\n")
    vendored = pieces("golang:1.24", "go build .", {**texts, "vendor/modules.txt": ""})
    assert "go modules" not in vendored
    assert vendored["go program"].path == "/app/app"


GEMFILE_LOCK = """GEM
  remote: https://example.com/
  specs:
    rake (13.0)
    activerecord (7.0)
      rake (>= 1)

PLATFORMS
  ruby

DEPENDENCIES
  activerecord
  rake
"""


def test_gems_of_a_lockfile() -> None:
    assert ruby.locked(GEMFILE_LOCK) == ["rake", "activerecord"]


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("bundle install", ["rake", "activerecord"]),
        ("bundle install --without development test", ["activerecord"]),
        ("bundle config set without 'development' && bundle install", ["activerecord"]),
    ],
)
def test_bundler(command: str, names: list[str]) -> None:
    gemfile = "gem 'activerecord'\ngroup :development do\n  gem 'rake'\nend\n"
    found = pieces("ruby:3.1", command, {"Gemfile": gemfile, "Gemfile.lock": GEMFILE_LOCK})
    expected = of_packages("gem", ((name,) for name in names))
    assert found["gems"].size.expected == round(expected.size.expected * 1.6)
    assert (found["gem cache"].size, found["gem cache"].path) == (expected.archives, "/usr/local/bundle/cache")


def test_bundler_without_a_lockfile_and_gem() -> None:
    found = pieces("ruby:3.1", "bundle install")
    assert found["gems"].size.high > 100 * found["gems"].size.low
    assert pieces("ruby:3.1", "gem install rails")["gem"].path == "/usr/local/bundle"


COMPOSER = json.dumps({"packages": [{"name": "monolog/monolog"}], "packages-dev": [{"name": "symfony/console"}]})


@pytest.mark.parametrize(
    ("command", "names"),
    [("composer install", ["monolog", "symfony-console"]), ("composer install --no-dev", ["monolog"])],
)
def test_composer(command: str, names: list[str]) -> None:
    found = pieces("php:8.2", command, {"composer.json": "{}", "composer.lock": COMPOSER})
    expected = of_packages("composer", ((name,) for name in names))
    assert (found["composer"].size, found["composer"].path) == (expected.size, "/app/vendor")
    assert found["composer cache"].size == expected.archives


def test_composer_lockfiles() -> None:
    assert php.locked("", development=True) is None
    assert php.locked(COMPOSER, development=False) == ["monolog/monolog"]
    unknown = pieces("php:8.2", "composer install")
    assert unknown["composer"].size.high > 100 * unknown["composer"].size.low
    assert "composer cache" not in pieces("php:8.2", "composer install --no-cache")
