r"""Keep what nothing reads out of the build: rules added to `.dockerignore`, or the file created.

The whole folder of the project is sent to the builder and copied into the image: `.git` with all the history, caches
of test runners, the `node_modules` of the machine at hand, which then lie over those that the image installed.  Every
commit and every test run changes them, so that all steps below the COPY run again.

At `standard` these are kept out: repositories, unless a source, a manifest or a Dockerfile looks as if it read the
history (`git describe`, setuptools-scm, `go build`, which stamps the commit, husky); caches; `node_modules`, `.venv`
and `target` where git ignores them and each image makes its own, development dependencies included; logs that git
ignores and nothing names.  At `aggressive` also files for people who work on the project (`.github`, `docs`, `tests`)
that neither Dockerfiles nor manifests mention, and settings such as `.env` that no source mentions; not in images for
development.

Rules are added at the end; those that are there stay, and what a `!` takes back is left alone.  What any Dockerfile
in the folder copies by name stays, and so does everything where a source of a COPY is not known.  A Dockerfile's own
`<Dockerfile>.dockerignore` comes first, as it does for the builder.

See also: hadolint DL3045 for what COPY . . copies to.
"""

from collections.abc import Iterator

from dockopt import api

APP = """
FROM python:3.12
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["python", "app.py"]
"""
NODE = """
FROM node:20
WORKDIR /app
COPY . .
RUN npm ci && npm cache clean --force
CMD ["node", "app.js"]
"""
HELD = {"requirements.txt": "flask==3.0\n", "app.py": "print()\n", ".git/HEAD": "ref: refs/heads/main\n"}
MODULES = {
    "package.json": "{}",
    "package-lock.json": "{}",
    "app.js": "",
    "node_modules/left/index.js": "",
    ".gitignore": "/node_modules/\n",
}
EXAMPLES = (
    api.changes(APP, APP, context=HELD, others={".dockerignore": ".git\n"}),
    api.changes(
        APP,
        APP,
        context={**HELD, ".dockerignore": "*.log\n!keep.log", "pkg/__pycache__/a.pyc": "x"},
        others={".dockerignore": "*.log\n!keep.log\n.git\n**/__pycache__\n"},
    ),
    api.changes(
        APP,
        APP,
        context={**HELD, ".gitignore": "*.log\n", "run/today.log": "started\n"},
        others={".dockerignore": ".git\n**/*.log\n"},
    ),
    api.changes(
        APP,
        APP,
        context={**HELD, ".gitignore": "*.log\n", "sample.log": "GET /\n", "app.py": "open('sample.log')\n"},
        others={".dockerignore": ".git\n"},
    ),
    api.changes(NODE, NODE, context=MODULES, others={".dockerignore": "node_modules\n"}),
    api.changes(
        APP,
        APP,
        context={
            "app.py": "",
            "requirements.txt": "",
            ".venv/pyvenv.cfg": "home = /usr/bin\n",
            ".gitignore": ".venv\r\n",
            ".dockerignore": "dist\r\n",
        },
        others={".dockerignore": "dist\r\n.venv\r\n"},
    ),
    api.changes(
        """
        FROM rust:1
        WORKDIR /src
        COPY . .
        RUN cargo build --release
        CMD ["./target/release/web"]
        """,
        """
        FROM rust:1
        WORKDIR /src
        COPY . .
        RUN cargo build --release
        CMD ["./target/release/web"]
        """,
        context={"Cargo.toml": "", "src/main.rs": "", "target/debug/web": "x", ".gitignore": "target\n"},
        others={".dockerignore": "target\n"},
    ),
    api.changes(
        APP,
        APP,
        context={"app.py": "", "requirements.txt": "", "tests/test_app.py": "x", ".env": "KEY=1"},
        others={".dockerignore": "tests\n.env\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(APP, because="git describe reads the history", context={**HELD, "v.sh": "git describe --tags\n"}),
    api.unchanged(
        APP,
        because="another Dockerfile copies it by its name",
        context={**HELD, "ci.Dockerfile": "FROM alpine\nCOPY .git/HEAD /head\n"},
    ),
    api.unchanged(APP, because="it is ignored already", context={**HELD, ".dockerignore": "**/.git\n"}),
    api.unchanged(
        APP, because="an exception takes it back", context={**HELD, ".dockerignore": "*\n!.git\n!*.py\n!*.txt\n"}
    ),
    api.unchanged(
        """
        FROM golang:1.22
        WORKDIR /src
        COPY . .
        RUN go build -o /app .
        """,
        because="go writes the commit into the program",
        context={"go.mod": "module x\n", "main.go": "package main\n", ".git/HEAD": "x"},
    ),
    api.unchanged(
        """
        FROM python:3.12
        COPY app.py requirements.txt /app/
        """,
        because="only two files are sent",
        context=HELD,
    ),
    api.unchanged(
        """
        FROM node:20
        WORKDIR /app
        COPY . .
        RUN npm install --omit=dev && npm cache clean --force && node build.js
        """,
        because="development dependencies come from the folder only",
        context=MODULES,
    ),
    api.unchanged(
        APP,
        because="a source that is not known may be needed",
        context={**HELD, "ci.Dockerfile": "FROM alpine\nARG DIR\nCOPY $DIR /x\n"},
    ),
    api.unchanged(
        APP,
        because="the program reads its settings from the file",
        context={"app.py": "from dotenv import load_dotenv\n", "requirements.txt": "", ".env": "KEY=1"},
        level=api.Level.AGGRESSIVE,
    ),
)


@api.transform(
    phase=api.Phase.SPELLING,
    may_change={api.Aspect.CONTEXT},
    only_with={"COPY", "ADD", "RUN"},
    examples=EXAMPLES,
    purpose=api.Purpose.CACHE,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if file.context is None or not file.stages:
        return
    found = api.ignorable(file)
    if found:
        yield fix(file, found, tuple(api.inferred(one.reason) for one in found))
        return
    found = api.ignorable_for_people(file)
    if found and not api.is_development(file):
        yield fix(file, found, tuple(api.assumed(f"{one.rule} is not needed to run: {one.reason}") for one in found))


def fix(file: api.Dockerfile, found: tuple[api.Ignorable, ...], reasons: tuple[api.Evidence, ...]) -> api.Fix:
    ignore_file = file.context.ignore_file if file.context else None
    assert ignore_file is not None
    size = api.written_size(sum(one.size for one in found))
    rules = tuple(one.rule for one in found)
    names = frozenset(rule.removeprefix("**/") for rule in rules)
    copy = next(copy for stage in file.stages for copy in stage.copies if copy.from_ is None)
    return api.Fix(
        title=f"keep {', '.join(rules)} out of the build context",
        edits=(),
        evidence=(*reasons, api.proven(f"{size} of what COPY copies is not sent any more", copy)),
        span=copy.span,
        leaves=api.Leaves(names=tuple(names), folders=tuple(names)),
        others=(api.FileChange(ignore_file.path, ignore_file.text, api.with_rules(ignore_file.text, rules)),),
    )
