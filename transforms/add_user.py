r"""Start the program as an ordinary user instead of root.

Who breaks into a program that root runs owns the container, and what is mounted into it.

The user has to be able to do what the program does, which a file can only suggest: the fix is aggressive.  It is
proposed where one program of Python, Node, Java, Ruby, Go or Rust starts on an image that is known, no source of the
build context writes files, runs programs or listens below port 1024, and no instruction sets users, modes or volumes.
Files that are copied stay root's: the program reads them and cannot change them.

Node's images bring the user `node` (1000).  A compiled program whose sources ask for no user needs no account: it gets
65532, which distroless images call `nonroot`.  Elsewhere a user is made, with a home for what libraries keep there and
without a login shell.  `USER` has the number and not the name, so that an orchestrator sees that it is not root.

Left alone, with the reason: programs that write files, whose folders the author has to name; scripts that start
something; images whose `RUN`s may have put files into root's home; images for development.

See also: hadolint DL3002.
"""

from collections.abc import Iterator

from dockopt import api

BEFORE = 'FROM node:20-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nEXPOSE 3000\nCMD ["node", "server.js"]\n'
AFTER = BEFORE.replace("CMD", "USER 1000\nCMD")
SOURCES = {"server.js": "app.listen(3000)\n", "package.json": "{}", "package-lock.json": "{}"}
HIGH = api.Level.AGGRESSIVE
PYTHON = """
FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
"""
GO = """
FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/serve .
FROM debian:12-slim
COPY --from=build /out/serve /usr/local/bin/serve
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/serve"]
"""
JAVA = """
FROM eclipse-temurin:17-jre
COPY app.jar /srv/app.jar
EXPOSE 8080
CMD ["java", "-jar", "/srv/app.jar"]
"""
SERVE = {"main.go": 'http.ListenAndServe(":8080", nil)\n', "go.mod": "module x\n"}
FLASK = {"main.py": "app = FastAPI()\n", "requirements.txt": "fastapi\nuvicorn\n"}
MOUNTS_SOCKET = "services:\n  app:\n    volumes: [/var/run/docker.sock:/var/run/docker.sock]\n"


def made(text: str) -> str:
    """A file in which a user is made on Debian in front of the last instruction."""
    *others, last = text.strip().splitlines(keepends=True)
    lines = "RUN useradd --create-home --uid 10001 --shell /usr/sbin/nologin app\nUSER 10001\n"
    return f"{''.join(others)}{lines}{last}\n"


EXAMPLES = (
    api.changes(BEFORE, AFTER, context=SOURCES, level=HIGH),
    api.changes(BEFORE.replace("CMD", "ENTRYPOINT"), AFTER.replace("CMD", "ENTRYPOINT"), context=SOURCES, level=HIGH),
    api.changes(
        "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nFROM node:20-slim\nCOPY --from=build /app /app\n"
        "EXPOSE 8080\nCMD node /app/server.js\n",
        "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nFROM node:20-slim\nCOPY --from=build /app /app\n"
        "EXPOSE 8080\nUSER 1000\nCMD node /app/server.js\n",
        context={**SOURCES, "server.js": "app.listen(8080)\n"},
        level=HIGH,
    ),
    api.unchanged(BEFORE, because="another user is a change of behaviour", context=SOURCES),
    api.unchanged(AFTER, because="it is not root already", context=SOURCES, level=HIGH),
    api.unchanged(BEFORE.replace("3000", "80"), because="port 80 needs a right", context=SOURCES, level=HIGH),
    api.unchanged(
        BEFORE,
        because="the program writes files",
        context={**SOURCES, "save.js": "fs.writeFileSync('x', y)\n"},
        level=HIGH,
    ),
    api.unchanged(
        BEFORE.replace("EXPOSE", "VOLUME /data\nEXPOSE"),
        because="who may write to the volume is not known",
        context=SOURCES,
        level=HIGH,
    ),
    api.unchanged(BEFORE, because="without the build context nobody knows what it writes", level=HIGH),
    api.unchanged(
        BEFORE.replace('"node", "server.js"', '"npm", "start"'),
        because="npm starts something else",
        context=SOURCES,
        level=HIGH,
    ),
    api.changes(
        BEFORE.replace('"node", "server.js"', '"npm", "start"'),
        AFTER.replace('"node", "server.js"', '"npm", "start"'),
        context={"server.js": SOURCES["server.js"], "package.json": '{"scripts": {"start": "node server.js"}}'},
        level=HIGH,
    ),
    api.changes(PYTHON, made(PYTHON), context=FLASK, level=HIGH),
    api.changes(
        PYTHON.replace("slim", "alpine"),
        PYTHON.replace("slim", "alpine").replace(
            "CMD", "RUN adduser -D -u 10001 -s /sbin/nologin app\nUSER 10001\nCMD"
        ),
        context=FLASK,
        level=HIGH,
    ),
    api.changes(GO, GO.replace("ENTRY", "USER 65532\nENTRY"), context=SERVE, level=HIGH),
    api.changes(
        GO.replace("debian:12-slim", "gcr.io/distroless/static-debian12"),
        GO.replace("debian:12-slim", "gcr.io/distroless/static-debian12").replace("ENTRY", "USER 65532\nENTRY"),
        context=SERVE,
        level=HIGH,
    ),
    api.changes(
        JAVA, made(JAVA), context={"src/Main.java": "HttpServer.create(new InetSocketAddress(8080), 0);\n"}, level=HIGH
    ),
    api.unchanged(
        PYTHON + "RUN apt-get update && apt-get install -y tini\n",
        because="what follows has to run as root",
        context=FLASK,
        level=HIGH,
    ),
    api.unchanged(
        PYTHON,
        because="the program writes a file",
        context={**FLASK, "store.py": "with open('orders.txt', 'a') as file: ...\n"},
        level=HIGH,
    ),
    api.unchanged(
        PYTHON.replace('"8000"', '"8000", "--uds", "/run/app.sock"'),
        because="only root may make the socket",
        context=FLASK,
        level=HIGH,
    ),
    api.unchanged(
        PYTHON, because="the engine's socket is root's", context={**FLASK, "compose.yaml": MOUNTS_SOCKET}, level=HIGH
    ),
)


@api.transform(
    phase=api.Phase.SPELLING,
    may_change={api.Aspect.CONFIG, api.Aspect.COMMANDS, api.Aspect.LAYERS, api.Aspect.ACCOUNTS},
    only_with={"CMD", "ENTRYPOINT"},
    examples=EXAMPLES,
    purpose=api.Purpose.SECURITY,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    found = api.unprivileged(file) if file.stages else ""
    if isinstance(found, str):
        if not found:
            return
        span = next((step.span for step in reversed(file.final.steps) if step.keyword in ("CMD", "ENTRYPOINT")), None)
        yield api.Fix(title=f"the program runs as root, and stays so: {found}", edits=(), evidence=(), span=span)
        return
    step = found.first
    lines = [f"{api.keyword_like(step, 'RUN')} {found.makes}"] if found.makes else []
    yield api.Fix(
        title="the program runs as an ordinary user, not as root",
        edits=api.insert_before(step, *lines, f"{api.keyword_like(step, 'USER')} {found.number}"),
        evidence=(
            api.known(found.brings),
            api.inferred("no source writes files, runs programs or listens below port 1024", step),
            api.assumed("packages do not either, and all that is copied may be read by everybody", step),
        ),
        span=step.span,
    )
