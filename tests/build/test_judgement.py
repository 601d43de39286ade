"""Which differences the declared aspects account for."""

from typing import Any

import pytest

from dockopt.analyses.split.go import LEAVES
from dockopt.build.claims import Claims
from dockopt.build.differences import ChangeKind, Noise, compare
from dockopt.build.image import FILE, FOLDER, Entry, Image, Layer, Step
from dockopt.build.judgement import objections
from dockopt.fixes import Aspect, Leaves
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


Steps = tuple[tuple[str, dict[str, Entry]], ...]


def said(
    after: Image,
    aspects: frozenset[Aspect],
    before: Image | None = None,
    text: str = TEXT,
    known: Noise = frozenset(),
    *,
    leaves: tuple[Leaves, ...] = (),
) -> tuple[str, ...]:
    before = before or image()
    claims = Claims(aspects, Dockerfile.parse(text), leaves=leaves)
    return objections(before, after, compare(before, after, known), claims)


def made(*steps: tuple[str, dict[str, Entry]], texts: dict[str, str] | None = None, **config: object) -> Image:
    """An image of a base layer and one layer a step."""
    nothing: frozenset[str] = frozenset()
    layers = [Step(said_of, Layer(said_of, entries, nothing, nothing, texts or {})) for said_of, entries in steps]
    return Image(config, tuple(layers))


def file(content: str = "", mode: int = 0o644, owner: int = 0, size: int = 1) -> Entry:
    return Entry(FILE, mode, owner, owner, size, content)


@pytest.mark.parametrize(
    ("aspects", "text", "after", "fine"),
    [
        ({Aspect.ENTRYPOINT}, "FROM node:20\n", None, True),
        ({Aspect.STAGES}, "FROM node:20\n", None, False),
        ({Aspect.ENTRYPOINT}, "FROM node:20\n", ["other.sh"], False),
        ({Aspect.ENTRYPOINT}, 'FROM node:20\nENTRYPOINT ["docker-entrypoint.sh"]\n', None, False),
    ],
)
def test_the_entrypoint_of_the_base_image(aspects: set[Aspect], text: str, after: object, *, fine: bool) -> None:
    before = made(("base", {}), Entrypoint=["docker-entrypoint.sh"])
    assert (said(made(("base", {}), Entrypoint=after), frozenset(aspects), before, text) == ()) == fine


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
    ("path", "leaves", "fine"),
    [
        ("usr/bin/x", (), True),
        ("opt/x", (), True),
        ("srv/data", (), False),
        ("app/main.go", (LEAVES,), True),
        ("app/README.md", (LEAVES,), True),
        ("app/Makefile", (LEAVES,), True),
        ("app/main.go", (), False),
        ("app/README.md", (), False),
        ("app/main.py", (LEAVES,), False),
        ("app/entrypoint.sh", (LEAVES,), False),
        ("app/entrypoint.sh", (Leaves(places=("/app/entry",)),), False),
        ("app/entrypoint.sh", (Leaves(places=("/app",)),), True),
    ],
)
def test_what_may_leave_with_a_stage(path: str, leaves: tuple[Leaves, ...], fine: bool) -> None:
    assert (said(image(without=path), STAGES, leaves=leaves) == ()) == fine


GO = "FROM golang:1.24\nCOPY . /src/\nRUN go build -o /app .\n"
CONTEXT = (
    *("src/go.mod", "src/vendor/a/a.csv", "src/docs/a.html", "src/testdata/in.json", "src/guide.md"),
    *("src/words.txt", "src/.env", "src/posts/one.md", "src/NOTICE", "src/Cargo.lock"),
)


@pytest.mark.parametrize(
    ("path", "command", "fine"),
    [
        *((path, ["/app"], path not in CONTEXT[5:8] and path != "src/Cargo.lock") for path in CONTEXT),
        ("src/docs/a.html", ["/app", "--pages", "/src/docs"], False),
        ("src/guide.md", ["sh", "-c", "/app < guide.md"], False),
    ],
)
def test_what_a_go_program_may_leave_with_its_builder(path: str, command: list[str], fine: bool) -> None:
    entries = {one: file() for one in CONTEXT}
    steps: Steps = (("base", {}), ("COPY . /src/", entries), ("RUN go build", {"app": file()}))
    after = ("COPY /app /app", {**entries, "app": file()})
    del after[1][path]
    assert (said(made(after, Cmd=command), STAGES, made(*steps, Cmd=command), GO, leaves=(LEAVES,)) == ()) == fine


@pytest.mark.parametrize(("base", "fine"), [("go", True), ("srv", False)])
def test_folders_of_the_base_image_are_not_copied(base: str, fine: bool) -> None:
    def folder(mode: int) -> Entry:
        return Entry(FOLDER, mode, 0, 0, 0, "")

    steps: Steps = (("base", {base: folder(0o1777)}), ("COPY . /go/", {"go": folder(0o1777), "go/x": file()}))
    after = made(("COPY /go", {"go": folder(0o755), "go/x": file(), "srv": folder(0o1777)}))
    assert (said(after, STAGES, made(*steps), "FROM golang:1.24\nCOPY . /go/\n", leaves=(LEAVES,)) == ()) == fine


NODE = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"


@pytest.mark.parametrize(
    ("path", "fine"),
    [
        ("app/node_modules/copied/index.js", True),
        ("app/node_modules/made/index.js", True),
        ("app/dist/index.html", False),
        ("usr/src/site/dist/index.html", False),
        ("home/node/app/made", False),
        ("home/node/.bashrc", True),
        ("root/.cache/node/x", True),
        ("root/.cache/puppeteer/chrome", False),
        ("usr/local/lib/x", True),
    ],
)
def test_what_steps_made_in_folders_of_the_user_comes_along(path: str, fine: bool) -> None:
    copied = {"app/node_modules/copied/index.js": file(), "app/index.js": file()}
    before = made(("base", {}), ("WORKDIR", {}), ("COPY . .", copied), ("RUN npm ci", {path: file()}))
    after = made(("all", {one: entry for one, entry in copied.items() if one != path}))
    assert (said(after, STAGES, before, NODE) == ()) == fine


@pytest.mark.parametrize("path", ["app/app.config", "app/data.cache", "tmp/app.jar", "root/.config/app.toml", "a.npm"])
@pytest.mark.parametrize("aspects", [NOTHING, RECOMMENDS, STAGES])
def test_what_a_file_copies_is_no_waste(path: str, aspects: frozenset[Aspect]) -> None:
    text = "FROM debian:12\nCOPY x /\n"
    before = made(("base", {}), ("COPY x /", {path: file()}))
    assert said(made(("base", {})), aspects, before, text) == (f"/{path} is missing",)


@pytest.mark.parametrize(
    ("path", "fine"),
    [
        ("etc/web.config", False),
        ("opt/data.cache", False),
        ("root/.cache/huggingface/model", False),
        ("tmp/tool.jar", False),
        ("app/.yarn/cache/x.zip", False),
        ("root/.cache/pip/http/x", True),
        ("root/.npm/_cacache/x", True),
        ("var/cache/npm/_cacache/x", True),
        ("var/log/apt/history.log", True),
    ],
)
def test_what_is_waste_and_what_only_looks_like_it(path: str, fine: bool) -> None:
    before = made(("base", {}), ("RUN make", {path: file()}))
    assert (said(made(("base", {})), NOTHING, before, "FROM debian:12\nRUN make\n") == ()) == fine


@pytest.mark.parametrize(("rest", "fine"), [({}, True), ({"root/.cache/model": file()}, False)])
def test_a_folder_of_waste_goes_with_it(rest: dict[str, Entry], fine: bool) -> None:
    held = {"root/.cache": Entry(FOLDER, 0o755, 0, 0, 0, ""), "root/.cache/pip/x": file(), **rest}
    before = made(("base", {}), ("RUN pip install", held))
    assert (said(made(("base", rest)), NOTHING, before, "FROM debian:12\nRUN pip install\n") == ()) == fine


def test_an_empty_folder_is_no_waste() -> None:
    folder = {"var/log/app": Entry(FOLDER, 0o755, 1000, 1000, 0, "")}
    before = made(("base", {}), ("RUN mkdir", folder))
    assert said(made(("base", {})), NOTHING, before) == ("/var/log/app is missing",)


@pytest.mark.parametrize(
    ("path", "fine"),
    [
        ("app/.git/config", False),
        ("srv/secret.txt", False),
        ("opt/venv/bin/python", True),
        ("usr/lib/x", True),
        ("app/__pycache__/x.pyc", True),
        ("app/node_modules/x/x.js", True),
        ("root/.npm/_logs/x", True),
        ("tmp/x", True),
    ],
)
@pytest.mark.parametrize("aspects", [NOTHING, STAGES])
def test_what_is_new(path: str, fine: bool, aspects: frozenset[Aspect]) -> None:
    told = () if fine else (f"/{path} is new",)
    assert said(made(("base", {path: file()})), aspects, made(("base", {})), "FROM debian:12\n") == told


@pytest.mark.parametrize(
    ("known", "path", "fine"),
    [
        (("site/a1", ChangeKind.REMOVED), "site/b2", True),
        (("site/a1", ChangeKind.REMOVED), "site/b2/in", False),
        (("site/a1", ChangeKind.CHANGED), "site/b2", False),
        (("other/a1", ChangeKind.REMOVED), "site/b2", False),
    ],
)
def test_names_that_every_build_makes_anew(known: tuple[str, ChangeKind], path: str, fine: bool) -> None:
    before, after = made(("base", {known[0]: file()})), made(("base", {path: file()}))
    noise = frozenset({known})
    assert (said(after, NOTHING, before, "FROM debian:12\n", noise) == ()) == fine


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (file("b"), ()),
        (file("b", 0o600), ("/etc/stamp has mode 600 and owner 0:0, and not 644 and 0:0",)),
        (None, ("/etc/stamp is missing",)),
        (Entry(FOLDER, 0o644, 0, 0, 0, ""), ("/etc/stamp has other content",)),
    ],
    ids=["content", "mode", "missing", "folder"],
)
def test_content_that_always_differs_hides_nothing_else(after: Entry | None, told: tuple[str, ...]) -> None:
    before = made(("base", {"etc/stamp": file("a")}))
    known = frozenset({("etc/stamp", ChangeKind.CHANGED)}) if not isinstance(after, Entry) or after.kind == FILE else ()
    entries = {"etc/stamp": after} if after else {}
    assert said(made(("base", entries)), NOTHING, before, "FROM debian:12\n", frozenset(known)) == told


ACCOUNTS = "root:x:0:0::/root:/bin/sh\napp:x:{0}:{0}::/:/bin/sh\n"


@pytest.mark.parametrize(
    ("aspects", "name", "fine"),
    [(STAGES, "app", True), (RECOMMENDS, "app", True), (NOTHING, "app", False), (STAGES, "web", False)],
)
def test_accounts_may_get_the_next_free_number(aspects: frozenset[Aspect], name: str, fine: bool) -> None:
    def owned(number: int, accounts: str) -> Image:
        texts = dict.fromkeys(("etc/passwd", "etc/group"), accounts.format(number))
        return made(("COPY x /", {"x": file(owner=number), **dict.fromkeys(texts, file())}), texts=texts)

    text = "FROM debian:12\nCOPY x /\n"
    after = owned(101, ACCOUNTS.replace("app", name))
    told = () if fine else ("/x has mode 644 and owner 101:101, and not 644 and 100:100",)
    assert said(after, aspects, owned(102, ACCOUNTS), text) == tuple(one.replace("100:100", "102:102") for one in told)


@pytest.mark.parametrize(
    ("step", "path", "fine"),
    [
        ("RUN apt-get install x", "usr/share/x", True),
        ("RUN curl -o /usr/bin/tool", "usr/bin/tool", False),
        ("RUN fc-cache", "var/cache/fonts", True),
    ],
)
def test_recommended_packages_take_nothing_that_other_steps_made(step: str, path: str, fine: bool) -> None:
    before = made(("base", {}), (step, {path: file()}))
    assert (said(made(("base", {})), RECOMMENDS, before, f"FROM debian:12\n{step}\n") == ()) == fine


@pytest.mark.parametrize(
    ("path", "writer", "aspects", "fine"),
    [
        ("app/package-lock.json", "RUN npm install", frozenset({Aspect.FILES}), True),
        ("app/package-lock.json", "COPY . .", frozenset({Aspect.FILES}), False),
        ("app/package-lock.json", "RUN npm install", NOTHING, False),
        ("app/index.js", "RUN npm install", frozenset({Aspect.FILES}), False),
    ],
)
def test_lock_files_that_an_install_rewrites(path: str, writer: str, aspects: frozenset[Aspect], fine: bool) -> None:
    text = "FROM node:20\nCOPY . .\nRUN npm install\n"
    steps: Steps = ("base", {}), ("COPY . .", {path: file("context's")}), (writer, {path: file("npm's")})
    before, after = made(*steps), made(*steps[:2])
    assert (said(after, aspects, before, text) == ()) == fine


@pytest.mark.parametrize(
    ("aspects", "labels", "told"),
    [
        (STAGES, {"own": "1"}, ()),
        (STAGES, {"base": "1"}, ("the labels lack own",)),
        (STAGES, {"own": "2", "base": "1"}, ("the labels have own=2 and not 1",)),
        (NOTHING, {"own": "1"}, ("the labels lack base",)),
    ],
)
def test_labels(aspects: frozenset[Aspect], labels: dict[str, str], told: tuple[str, ...]) -> None:
    before, after = made(("base", {}), Labels={"own": "1", "base": "1"}), made(("base", {}), Labels=labels)
    assert said(after, aspects, before, 'FROM debian:12\nLABEL own="1"\n') == told


@pytest.mark.parametrize(
    ("after", "fine"),
    [("/opt/venv/bin:/app/bin:/bin", True), ("/opt/venv/bin:/bin", False), ("/bin:/app/bin", False)],
)
def test_a_search_path_keeps_the_places_that_the_file_says(after: str, fine: bool) -> None:
    first, second = (made(("base", {}), Env=[f"PATH={path}"]) for path in ("/app/bin:/bin", after))
    text = "FROM python:3.13\nENV PATH=/app/bin:$PATH\n"
    assert (said(second, frozenset({Aspect.SEARCH_PATH}), first, text) == ()) == fine


SHELL_FORM = ["/bin/sh", "-c", "exec serve --port '8 0'"]
CHECK = {"Test": ["CMD", "true"]}


@pytest.mark.parametrize(
    ("key", "old", "new", "fine"),
    [
        ("Cmd", SHELL_FORM, ["serve", "--port", "8 0"], True),
        ("Cmd", SHELL_FORM, ["serve", "--port", "80"], False),
        ("Cmd", ["/bin/sh", "-c", "serve '"], ["serve", "'"], False),
        ("Cmd", ["serve", "--port"], ["serve"], False),
        ("Entrypoint", ["/bin/sh", "-c", "serve"], ["serve"], True),
        ("Healthcheck", None, CHECK, True),
        ("Healthcheck", CHECK, None, False),
        ("User", "root", "1000", True),
        ("User", None, "1000", True),
        ("User", "1000", "1001", False),
        ("Labels", {}, {"org.opencontainers.image.authors": "me"}, True),
        ("Labels", {}, {"org.opencontainers.image.title": "me"}, False),
        ("WorkingDir", "/a", "/b", False),
    ],
)
def test_settings_that_a_fix_may_change(key: str, old: object, new: object, fine: bool) -> None:
    configs: list[dict[str, Any]] = [{} if value is None else {key: value} for value in (old, new)]
    before, after = (made(("base", {}), **config) for config in configs)
    assert [said(after, frozenset(aspects), before) == () for aspects in ({Aspect.CONFIG}, ())] == [fine, False]


@pytest.mark.parametrize(("old", "new"), [(None, "0"), (None, "root"), ("root", "0"), ("0", None)])
def test_root_is_root_however_it_is_written(old: str | None, new: str | None) -> None:
    configs: list[dict[str, Any]] = [{} if value is None else {"User": value} for value in (old, new)]
    before, after = (made(("base", {}), **config) for config in configs)
    assert said(after, NOTHING, before) == ()


@pytest.mark.parametrize(
    ("path", "content", "fine"),
    [
        ("srv/node_modules/mocha/index.js", "", True),
        ("srv/node_modules/mocha/index.js", "x", False),
        ("srv/lib/index.js", "", False),
    ],
)
def test_development_packages_that_a_fix_leaves_out(path: str, content: str, *, fine: bool) -> None:
    text = "FROM node:20\nRUN npm install\n"
    before = made(("base", {}), ("RUN npm install", {path: file("{ }")}))
    after = made(("base", {}), ("RUN npm install", {path: file(content)} if content else {}))
    assert (said(after, frozenset({Aspect.DEVELOPMENT}), before, text) == ()) == fine
    assert said(after, NOTHING, before, text) != ()


@pytest.mark.parametrize(("path", "fine"), [("etc/passwd", True), ("etc/subuid-", True), ("etc/login.defs", False)])
def test_accounts_that_a_fix_makes(path: str, *, fine: bool) -> None:
    before, after = (made(("base", {path: file(text)})) for text in ("root", "root app"))
    assert (said(after, frozenset({Aspect.ACCOUNTS}), before) == ()) == fine
    assert said(after, NOTHING, before) == (f"/{path} has other content",)


@pytest.mark.parametrize("target", ["one", "ONE", "0"])
def test_a_target_by_name_or_number(target: str) -> None:
    file_ = Dockerfile.parse("FROM a:1 AS one\nFROM b:1\n")
    assert [Claims(NOTHING, file_, name).stages[-1].base for name in (target, "")] == ["a:1", "b:1"]


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
