"""Cargo projects: which programs are built, and which crates are locked."""

import pytest

from dockopt.context.manifests.cargo import Binary, CargoPackage, CargoProject, Crate, read
from dockopt.context.tree import MemoryContext

TOML = '[package]\nname = "shop"\n'


@pytest.mark.parametrize(
    ("files", "binaries"),
    [
        ({"src/main.rs": ""}, (Binary("shop"),)),
        ({"src/lib.rs": ""}, ()),
        ({"src/bin/one.rs": "", "src/bin/two/main.rs": "", "src/bin/two/part.rs": ""}, (Binary("one"), Binary("two"))),
        ({"src/main.rs": "", "Cargo.toml": f"{TOML}autobins = false\n"}, ()),
        ({"src/main.rs": "", "Cargo.toml": f'{TOML}[[bin]]\nname = "x"\npath = "src/main.rs"\n'}, (Binary("x"),)),
        ({"Cargo.toml": f'{TOML}[[bin]]\nname = "x"\nrequired-features = ["y"]\n'}, (Binary("x", asks=True),)),
    ],
)
def test_programs_of_a_package(files: dict[str, str], binaries: tuple[Binary, ...]) -> None:
    package = CargoPackage("", "shop", binaries)
    expected = CargoProject("", package, (package,), (package,), ())
    assert read(MemoryContext({"Cargo.toml": TOML, **files}), "") == expected


def test_a_workspace_has_the_members_that_its_patterns_name() -> None:
    texts = {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]\ndefault-members = ["crates/a"]\n',
        "Cargo.lock": '[[package]]\nname = "x"\nversion = "1.0"\nsource = "y"\ndependencies = ["z 1.0"]\n',
        "crates/a/Cargo.toml": '[package]\nname = "a"\n[lib]\nproc-macro = true\n',
        "crates/b/Cargo.toml": '[package]\nname = "b"\n[lib]\ncrate-type = ["cdylib"]\n',
        "crates/b/deep/Cargo.toml": '[package]\nname = "deep"\n',
        "crates/old/Cargo.toml": '[package]\nname = "old"\n',
    }
    first = CargoPackage("crates/a", "a", (), plugin=True)
    second = CargoPackage("crates/b", "b", (), shared=True)
    crates = (Crate("x", "1.0", frozenset({"z"}), local=False),)
    assert read(MemoryContext(texts), "") == CargoProject("", None, (first, second), (first,), crates)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"app/Cargo.toml": "="}, "app/Cargo.toml cannot be read"),
        ({"app/Cargo.toml": f'{TOML}[dependencies]\na = "1"\n'}, "app/Cargo.lock is not in the build context"),
        ({"app/Cargo.toml": TOML, "app/Cargo.lock": "="}, "app/Cargo.lock cannot be read"),
        ({"app/Cargo.toml": TOML, ".cargo/config.toml": "[build]\n"}, ".cargo/config.toml is not understood"),
        ({"app/Cargo.toml": TOML, "Cargo.toml": "[workspace]\n"}, "it may belong to the workspace of Cargo.toml"),
    ],
)
def test_what_is_not_understood(files: dict[str, str], problem: str) -> None:
    assert [told.partition(", so")[0] for told in read(MemoryContext(files), "app").problems] == [problem]


def test_settings_say_where_things_are_built() -> None:
    texts = {
        "Cargo.toml": TOML,
        ".cargo/config.toml": '[build]\ntarget-dir = "/out"\ntarget = "x86_64-unknown-linux-musl"\n',
    }
    project = read(MemoryContext(texts), "")
    assert (project.target, project.triple, project.problems) == ("/out", "x86_64-unknown-linux-musl", ())
