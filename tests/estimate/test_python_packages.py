"""What pip, uv, poetry and pipenv add: which distributions, where to, and what caches keep."""

import json

import pytest

from dockopt.context.manifests.markers import holds
from dockopt.context.manifests.python_locks import Choice, Wanted, read_lock
from dockopt.context.tree import MemoryContext
from dockopt.estimate.contributions import Piece
from dockopt.estimate.languages.python_sizes import DIRECT, LOCKED, SAME_MINOR, factors, installed, kept, unknown_size
from dockopt.estimate.stages import Walk
from dockopt.knowledge.language_sizes import distribution, distributions
from dockopt.knowledge.ranges import Range
from dockopt.model.dockerfile import Dockerfile

NO_MATTER = Range(1, 2, 3)


def pieces(command: str, texts: dict[str, str] | None = None, before: str = "", tag: str = "3.12") -> list[Piece]:
    """What the last RUN of a file leaves."""
    file = Dockerfile.parse(f"FROM python:{tag}\nWORKDIR /app\n{before}COPY . .\nRUN {command}\n")
    walk = Walk(file, MemoryContext(texts or {}))
    return list(walk.layers(file.final)[-1].pieces)


def named(found: list[Piece], kind: str = "pip") -> set[str]:
    return {piece.key[1] for piece in found if piece.key[0] == kind}


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("", True),
        ("sys_platform == 'win32'", False),
        ("sys_platform != 'win32'", True),
        ("python_version < '3.11'", False),
        ("python_full_version >= '3.9.1' and platform_system == 'Linux'", True),
        ("python_version < '3.8' or os_name == 'posix'", True),
        ("(python_version < '3.8' or os_name == 'nt') and extra == ''", False),
        ('platform_machine in "x86_64 amd64"', True),
        ("sys_platform not in 'linux darwin'", False),
        ("'linux' in sys_platform", True),
        ("extra == 'standard'", False),
        ("some_thing == 'else'", True),
    ],
)
def test_markers(marker: str, expected: bool) -> None:
    assert holds(marker, "3.12") is expected


UV_LOCK = """
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "flask" }, { name = "colorama", marker = "sys_platform == 'win32'" }]
[package.optional-dependencies]
fast = [{ name = "uvloop" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
docs = [{ name = "sphinx" }]
[[package]]
name = "flask"
version = "3.0.0"
dependencies = [{ name = "click", extra = ["more"] }]
wheels = [{ url = "https://example.com/flask-3.0.0-py3-none-any.whl", size = 1000 }]
[[package]]
name = "click"
version = "8.0"
sdist = { url = "https://example.com/click-8.0.tar.gz", size = 700 }
[package.optional-dependencies]
more = [{ name = "six" }]
[[package]]
name = "six"
version = "1.0"
[[package]]
name = "colorama"
version = "1.0"
[[package]]
name = "uvloop"
version = "0.1"
wheels = [
    { url = "https://example.com/uvloop-0.1-cp312-cp312-macosx_11_0_arm64.whl", size = 5 },
    { url = "https://example.com/uvloop-0.1-cp312-cp312-manylinux_2_17_x86_64.whl", size = 9 },
]
[[package]]
name = "pytest"
version = "7"
[[package]]
name = "sphinx"
version = "6"
"""
FLASK = [Wanted("flask", "3.0.0", 1000), Wanted("click", "8.0", 700), Wanted("six", "1.0")]


@pytest.mark.parametrize(
    ("choice", "more"),
    [
        (Choice(development=False), []),
        (Choice(), [Wanted("pytest", "7")]),
        (Choice(development=False, extras=frozenset({"fast"})), [Wanted("uvloop", "0.1", 9)]),
        (Choice(development=False, groups=frozenset({"docs"})), [Wanted("sphinx", "6")]),
        (Choice(without=frozenset({"dev"})), []),
    ],
)
def test_uv_locks(choice: Choice, more: list[Wanted]) -> None:
    found = read_lock("uv.lock", UV_LOCK, "", choice)
    assert found is not None
    assert sorted(found) == sorted([*FLASK, *more])


POETRY_LOCK = """
[[package]]
name = "Flask"
version = "2.0"
[package.dependencies]
click = ">=8"
colorama = {version = "*", markers = "platform_system == \\"Windows\\""}
six = {version = "*", optional = true}
[[package]]
name = "click"
version = "8.1"
[[package]]
name = "colorama"
version = "1"
[[package]]
name = "six"
version = "1"
[[package]]
name = "pytest"
version = "7"
"""
POETRY_PROJECT = """
[tool.poetry.dependencies]
python = "^3.11"
flask = "^2"
[tool.poetry.group.test.dependencies]
pytest = "*"
"""


def test_poetry_locks_follow_what_the_project_needs() -> None:
    main = [Wanted("flask", "2.0"), Wanted("click", "8.1")]
    only = Choice(development=False)
    assert read_lock("poetry.lock", POETRY_LOCK, POETRY_PROJECT, only) == tuple(main)
    everything = read_lock("poetry.lock", POETRY_LOCK, POETRY_PROJECT, Choice())
    assert sorted(everything or ()) == sorted([*main, Wanted("pytest", "7")])
    test = Choice(main=False, development=False, groups=frozenset({"test"}))
    assert read_lock("poetry.lock", POETRY_LOCK, POETRY_PROJECT, test) == (Wanted("pytest", "7"),)


def test_newer_poetry_locks_name_the_groups() -> None:
    lock = (
        '[[package]]\nname = "a"\nversion = "1"\ngroups = ["main"]\n'
        '[[package]]\nname = "b"\nversion = "2"\ngroups = ["dev"]\n'
        '[[package]]\nname = "c"\nversion = "3"\ngroups = ["main"]\nmarkers = "os_name == \\"nt\\""\n'
    )
    assert read_lock("poetry.lock", lock, "", Choice()) == (Wanted("a", "1"), Wanted("b", "2"))
    assert read_lock("poetry.lock", lock, "", Choice(development=False)) == (Wanted("a", "1"),)


def test_pipenv_locks() -> None:
    lock = json.dumps({"default": {"Six": {"version": "==1.2"}}, "develop": {"pytest": {"version": "==7"}}})
    assert read_lock("Pipfile.lock", lock, "", Choice(development=False)) == (Wanted("six", "1.2"),)
    assert read_lock("Pipfile.lock", lock, "", Choice()) == (Wanted("six", "1.2"), Wanted("pytest", "7"))


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "Pipfile.lock"])
def test_locks_that_cannot_be_read(name: str) -> None:
    assert read_lock(name, "[[[", "", Choice()) is None


def test_sizes_are_the_surer_the_closer_the_version() -> None:
    row = distributions()["flask"]
    near = f"{row.version.partition('.')[0]}.0.0"
    widths = [high - low for low, _, high in (factors(row, one) for one in (row.version, "", near, "0.1"))]
    assert widths == sorted(widths)
    first, other = row._replace(version="0.9.1"), row._replace(version="0.8.0")
    assert factors(first, "0.9.0") != factors(other, "0.9.0")


def test_the_version_that_is_closest_counts() -> None:
    old, new = distribution("falcon", "4.0.1"), distribution("falcon")
    assert old is not None
    assert new is not None
    assert old.code > 10 * new.code
    size, basis = installed(Wanted("falcon", "4.0.2"), compiles=False, unknown=NO_MATTER)
    assert (size.expected, basis) == (old.code, "measured sizes of Python packages")
    assert factors(new, "4.4.1") == SAME_MINOR
    later, earlier = factors(old, "4.2"), factors(old, "3.2")
    assert later[0] < later[1] < later[2]
    assert earlier[1] < 1 < later[1]


def test_an_archive_in_the_lockfile_scales_the_size() -> None:
    row = distributions()["flask"]
    size, basis = installed(Wanted("flask", "1.0", row.wheel * 2), compiles=True, unknown=NO_MATTER)
    assert (size.expected, basis) == (2 * (row.code + row.compiled), "sizes of archives in the lockfile")
    unknown, basis = installed(Wanted("no-such", "1", 1_000_000), compiles=False, unknown=NO_MATTER)
    assert (unknown, basis) == ((2_100_000, 3_300_000, 4_800_000), "sizes of archives in the lockfile")


def test_unknown_packages_are_surer_the_more_there_are() -> None:
    for table in (LOCKED, DIRECT):
        sizes = [unknown_size(count, table) for count in (0, 1, 3, 10, 1000)]
        assert sizes[0] == sizes[1]
        widths = [size.high / size.low for size in sizes[1:]]
        assert widths == sorted(widths, reverse=True)
    one = LOCKED[0].size
    assert installed(Wanted("no-such"), compiles=True, unknown=one) == (one, "Python packages not in the table")


def test_caches_keep_the_wheel_and_the_page() -> None:
    row = distributions()["flask"]
    assert kept(Wanted("flask"), NO_MATTER).expected == row.wheel + row.page
    assert kept(Wanted("flask", row.version, 5000), NO_MATTER).expected == 5000 + row.page


@pytest.mark.parametrize(
    ("command", "compiled"),
    [
        ("pip install six", True),
        ("pip install --no-compile six", False),
        ("PYTHONDONTWRITEBYTECODE=1 pip install six", True),
        ("PIP_NO_COMPILE=1 pip install six", False),
        ("uv pip install --system six", False),
        ("uv pip install --system --compile-bytecode six", True),
        ("UV_COMPILE_BYTECODE=1 uv pip install --system six", True),
    ],
)
def test_who_compiles(command: str, compiled: bool) -> None:
    row = distributions()["six"]
    (size,) = (piece.size for piece in pieces(command) if piece.key == ("pip", "six"))
    assert size.expected == row.code + (row.compiled if compiled else 0)


@pytest.mark.parametrize(("mode", "low", "high"), [("hardlink", 0, 3_000_000), ("copy", 10_000_000, 30_000_000)])
def test_uv_links_its_cache_into_the_environment(mode: str, low: int, high: int) -> None:
    found = pieces("uv pip install --system numpy", before=f"ENV UV_LINK_MODE={mode}\n")
    assert low < sum(piece.size.expected for piece in found if "cache" in piece.key[0]) < high


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("uv sync --no-dev", {"flask", "click", "six"}),
        ("uv sync --frozen", {"flask", "click", "six", "pytest"}),
        ("uv sync --no-dev --extra fast", {"flask", "click", "six", "uvloop"}),
        ("uv sync --only-group docs", {"sphinx"}),
    ],
)
def test_uv_sync(command: str, expected: set[str]) -> None:
    found = pieces(f"{command} --no-install-project", {"uv.lock": UV_LOCK, "pyproject.toml": ""})
    assert named(found) == expected
    assert {piece.path for piece in found if piece.key[0] == "pip"} == {"/app/.venv"}


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("poetry install --no-root", "/root/.cache/pypoetry/virtualenvs"),
        ("poetry config virtualenvs.create false && poetry install --no-root", "/usr/local/lib/python"),
        ("POETRY_VIRTUALENVS_IN_PROJECT=1 poetry install --no-root", "/app/.venv"),
        ("poetry config virtualenvs.in-project true && poetry install", "/app/.venv"),
        ("poetry install --no-root --only main", "/root/.cache/pypoetry/virtualenvs"),
    ],
)
def test_poetry_environments(command: str, path: str) -> None:
    found = pieces(command, {"poetry.lock": POETRY_LOCK, "pyproject.toml": POETRY_PROJECT})
    assert named(found) == {"flask", "click"} | (set() if "main" in command else {"pytest"})
    assert {piece.path for piece in found if piece.key[0] == "pip"} == {path}


def test_manifests_are_found_where_they_were_copied_to() -> None:
    texts = {"a/requirements.txt": "six\n", "b/requirements.txt": "idna\n"}
    file = Dockerfile.parse(
        "FROM python:3.12\nCOPY b/requirements.txt /tmp/\nCOPY a /src\nWORKDIR /tmp\n"
        "RUN pip install -r requirements.txt\n"
    )
    layer = Walk(file, MemoryContext(texts)).layers(file.final)[-1]
    assert named(list(layer.pieces)) == {"idna"}


def test_markers_in_requirements_are_heeded() -> None:
    texts = {"requirements.txt": "six\nidna; sys_platform == 'win32'\nclick; python_version < '3.8'\n"}
    assert named(pieces("pip install -r requirements.txt", texts)) == {"six"}


def test_frozen_requirements_need_nothing_else() -> None:
    frozen = "".join(f"package-{number}==1.0\n" for number in range(9)) + "requests==2.0\nurllib3==2.0\nidna==3.0\n"
    frozen += "certifi==2024.1.1\n"
    found = named(pieces("pip install -r requirements.txt", {"requirements.txt": frozen}))
    assert found == {"requests", "urllib3", "idna", "certifi", *(f"package-{number}" for number in range(9))}
    direct = frozen.replace("idna==3.0\n", "").replace("urllib3==2.0\n", "")
    assert "idna" in named(pieces("pip install -r requirements.txt", {"requirements.txt": direct}))


def test_wheels_of_an_earlier_command() -> None:
    found = pieces("pip wheel -w /wheels six idna && pip install /wheels/*")
    assert named(found, "pip wheel") == {"six", "idna"}
    assert named(found) == {"six", "idna"}
    row = distributions()["six"]
    (size,) = (piece.size.expected for piece in found if piece.key == ("pip wheel", "six"))
    assert size == row.wheel + row.page


@pytest.mark.parametrize(
    ("tag", "command", "low", "high"),
    [
        ("3.11", "python -m venv /v", 19_000_000, 23_000_000),
        ("3.13", "python -m venv /v", 10_000_000, 12_000_000),
        ("3.13", "python -m venv --without-pip /v", 0, 100_000),
        ("3.11", "uv venv /v", 0, 100_000),
    ],
)
def test_virtual_environments(tag: str, command: str, low: int, high: int) -> None:
    """Measured: 21.6 MB with pip and setuptools of Python 3.11, 10.3 MB with pip of 3.13."""
    found = pieces(command, before="ENV PYTHONDONTWRITEBYTECODE=1\n", tag=tag)
    assert {piece.path for piece in found} == {"/v"}
    assert low < sum(piece.size.expected for piece in found) < high


def test_a_virtual_environment_without_its_pip() -> None:
    """Measured: 10.6 MB less."""
    whole = pieces("python -m venv /v")
    left = pieces("python -m venv /v && /v/bin/pip uninstall -y pip")
    assert [piece.key for piece in whole if piece not in left] == [("venv pip", "/v")]


@pytest.mark.parametrize(
    ("setting", "command"),
    [
        ("PIP_CACHE_DIR=/c", "pip install six && rm -rf /c"),
        ("A=b", "pip install --cache-dir /c six && rm -rf /c"),
        ("UV_CACHE_DIR=/c", "uv pip install --system six && rm -rf /c"),
        ("A=b", "uv pip install --system six && uv cache clean"),
        ("POETRY_CACHE_DIR=/c POETRY_VIRTUALENVS_IN_PROJECT=1", "poetry install --no-root && rm -rf /c"),
        ("POETRY_VIRTUALENVS_IN_PROJECT=1", "poetry install --no-root && poetry cache clear --all ."),
        ("PIP_NO_CACHE_DIR=1", "pip install six"),
    ],
)
def test_caches_that_are_removed_or_not_kept(setting: str, command: str) -> None:
    texts = {"poetry.lock": POETRY_LOCK, "pyproject.toml": POETRY_PROJECT}
    found = pieces(command, texts, f"ENV {setting}\n")
    assert named(found, "pip cache") == set()
    assert named(found) in ({"six"}, {"flask", "click", "pytest"})


@pytest.mark.parametrize(
    ("before", "command", "found"),
    [
        ("", "pip install six", {"python", "pip"}),
        ("", "python -m venv /v", {"python"}),
        ("", "python -m venv /v && /v/bin/pip install six", {"python"}),
        ("RUN pip install a\n", "pip install six", set()),
        ("RUN python -m venv /v\n", "pip install six", {"pip"}),
        ("ENV PYTHONDONTWRITEBYTECODE=1\n", "pip install six", set()),
        ("", "PYTHONDONTWRITEBYTECODE=1 pip install six", set()),
        ("USER app\n", "pip install six", set()),
        ("", "uv pip install --system six", set()),
    ],
)
def test_python_keeps_what_it_compiles_of_itself(before: str, command: str, found: set[str]) -> None:
    """Measured in images without compiled modules: 5 MB of Python's own and 5.5 MB of pip's."""
    assert named(pieces(command, before=before), "python modules") == found


def test_other_images_have_their_modules_compiled() -> None:
    file = Dockerfile.parse("FROM debian:12\nRUN apt-get install -y python3-pip && pip install six\n")
    assert named(list(Walk(file, None).layers(file.final)[-1].pieces), "python modules") == set()
