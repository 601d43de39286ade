"""Which differences the declared aspects account for."""

import pytest

from dockopt.build.differences import compare
from dockopt.build.image import FILE, FOLDER, Entry, Image, Layer, Step
from dockopt.build.judgement import Claims, objections
from dockopt.fixes import Aspect
from dockopt.model.dockerfile import Dockerfile

TEXT = "FROM debian:12\nENV A=1\nRUN apt-get install -y x\nCOPY . /app/\n"
FOLDERS = ("usr/local/share/fonts", "srv/data", "var/lib/x", "app")
RECOMMENDED = "var/lib/dpkg/info/fonts-x.list"
FILES = (
    *(
        "etc/x.conf",
        "usr/bin/x",
        "usr/share/fonts/x.ttf",
        "opt/x",
        "usr/local/bin/x",
        "var/lib/apt/lists/one",
        "root/.cache/pip/x",
    ),
    *("app/main.py", "app/main.go", "app/README.md", "app/Makefile", "app/entrypoint.sh"),
)
NOTHING: frozenset[Aspect] = frozenset()
RECOMMENDS = frozenset({Aspect.RECOMMENDS})
STAGES = frozenset({Aspect.STAGES})


def image(without: str = "", changed: str = "", mode: str = "", env: tuple[str, ...] = ("PATH=/bin", "A=1")) -> Image:
    """The image of TEXT, with one path missing, of other content or with another mode."""
    entries = {path: Entry(FOLDER, 0o755, 0, 0, 0, "") for path in FOLDERS}
    entries |= {path: Entry(FILE, 0o644, 0, 0, 1, path) for path in (*FILES, RECOMMENDED)}
    entries.pop(without, None)
    if changed:
        entries[changed] = entries[changed]._replace(content="other")
    if mode:
        entries[mode] = entries[mode]._replace(mode=0o600)
    texts = {RECOMMENDED: "/usr/share/fonts/x.ttf\n"} if RECOMMENDED in entries else {}
    own = {path: entry for path, entry in entries.items() if path.startswith("app")}
    rest = {path: entry for path, entry in entries.items() if path not in own}
    nothing: frozenset[str] = frozenset()
    layers = (Layer("rest", rest, nothing, nothing, texts), Layer("own", own, nothing, nothing, {}))
    steps = (Step("base", None), Step("ENV A=1", None), Step("RUN apt-get", layers[0]), Step("COPY . /app/", layers[1]))
    return Image({"Env": list(env), "User": "app"}, steps)


def said(after: Image, aspects: frozenset[Aspect], before: Image | None = None) -> tuple[str, ...]:
    before = before or image()
    return objections(before, after, compare(before, after), Claims(aspects, Dockerfile.parse(TEXT)))


@pytest.mark.parametrize("aspects", [NOTHING, RECOMMENDS, STAGES])
@pytest.mark.parametrize("path", ["var/lib/apt/lists/one", "root/.cache/pip/x"])
def test_waste_may_always_leave(path: str, aspects: frozenset[Aspect]) -> None:
    assert said(image(without=path), aspects) == ()


@pytest.mark.parametrize("path", [*FILES[:5], *FILES[7:], *FOLDERS])
def test_nothing_else_may_leave_by_itself(path: str) -> None:
    assert said(image(without=path), NOTHING) == (f"/{path} is missing",)


@pytest.mark.parametrize(
    ("path", "fine"),
    [
        ("etc/x.conf", True),
        ("var/lib/x", True),
        ("usr/local/share/fonts", True),
        ("usr/bin/x", True),
        ("opt/x", False),
        ("usr/local/bin/x", False),
        ("srv/data", False),
        ("app/README.md", False),
    ],
)
def test_what_may_leave_with_recommended_packages(path: str, fine: bool) -> None:
    assert (said(image(without=path), RECOMMENDS) == ()) == fine


def test_files_of_a_package_that_stays_have_to_stay() -> None:
    assert said(image(without="usr/share/fonts/x.ttf"), RECOMMENDS) == ("/usr/share/fonts/x.ttf is missing",)


@pytest.mark.parametrize(
    ("path", "fine"),
    [
        ("usr/bin/x", True),
        ("opt/x", True),
        ("app/main.go", True),
        ("app/README.md", True),
        ("app/Makefile", True),
        ("app/main.py", False),
        ("app/entrypoint.sh", False),
    ],
)
def test_what_may_leave_with_a_stage(path: str, fine: bool) -> None:
    assert (said(image(without=path), STAGES) == ()) == fine


@pytest.mark.parametrize("aspects", [NOTHING, RECOMMENDS, STAGES])
def test_copied_files_keep_content_and_mode(aspects: frozenset[Aspect]) -> None:
    assert said(image(changed="app/main.py"), aspects) == ("/app/main.py has other content",)
    assert said(image(mode="app/main.py"), aspects) == ("/app/main.py has mode 600 and owner 0:0, and not 644 and 0:0",)


@pytest.mark.parametrize(
    ("env", "aspects", "said_of_it"),
    [
        (("PATH=/opt", "A=1"), NOTHING, ("the environment has PATH=/opt and not /bin",)),
        (("PATH=/opt", "A=1"), frozenset({Aspect.SEARCH_PATH}), ()),
        (("PATH=/bin", "A=2"), STAGES, ("the environment has A=2 and not 1",)),
        (("PATH=/bin",), STAGES, ("the environment lacks A",)),
        (("PATH=/bin", "A=1", "BASE=1"), STAGES, ()),
        (("PATH=/bin", "A=1", "BASE=1"), NOTHING, ("the environment has BASE=1",)),
    ],
)
def test_the_environment(env: tuple[str, ...], aspects: frozenset[Aspect], said_of_it: tuple[str, ...]) -> None:
    assert said(image(env=env), aspects) == said_of_it


@pytest.mark.parametrize(("size", "fine"), [(1, True), (2, False)])
def test_compiled_code_may_differ_where_its_size_does_not(size: int, fine: bool) -> None:
    before, after = image(), image()
    library = "opt/x/module.cpython-311.so"
    for one, bytes_, content in ((before, 1, "one"), (after, size, "other")):
        dict_of(one)[library] = Entry(FILE, 0o755, 0, 0, bytes_, content)
    assert (said(after, NOTHING, before) == ()) == fine


def dict_of(one: Image) -> dict[str, Entry]:
    """What the first layer of an image holds, to be changed."""
    entries = one.layers[0].entries
    assert isinstance(entries, dict)
    return entries
