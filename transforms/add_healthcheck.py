r"""Add a `HEALTHCHECK` that asks the route which the application has for that.

Without one an engine only knows that the process is there, not that it answers.  Docker marks the container, compose
can wait for it (`condition: service_healthy`), and Swarm replaces it; Kubernetes has probes of its own.

The fix adds behaviour and is aggressive.  It is proposed where everything is known: a route with a name such as
`/health` in a source of the build context, the port from the command's options or from `EXPOSE` and a source, and a
client that is in the image: `python` or `node`, which ask by themselves, as slim images have no curl.

Left alone: a `HEALTHCHECK` that is there, `NONE` included; images for development; routes behind a prefix, ports from
the environment, encryption, filters of host names; images that a compose file starts with another command, as a worker
does not listen.

See also: hadolint DL3012 for more than one.
"""

from collections.abc import Iterator
from json import dumps

from dockopt import api

OPTIONS = "--start-period=30s --timeout=5s"
PYTHON_ASKS = (
    "import http.client; c = http.client.HTTPConnection('127.0.0.1', {port}, timeout=4); "
    "c.request('GET', '{path}'); raise SystemExit(c.getresponse().status >= 400)"
)
NODE_ASKS = (
    "require('http').get({{host: '127.0.0.1', port: {port}, path: '{path}', timeout: 4000}}, "
    "r => process.exit(r.statusCode >= 400 ? 1 : 0)).on('error', () => process.exit(1))"
)
ASK = {"python": ("python", "-c", PYTHON_ASKS), "node": ("node", "-e", NODE_ASKS)}


def check(client: str, port: int, path: str) -> str:
    """The instruction as it is in the examples."""
    program, option, text = ASK[client]
    command = dumps([program, option, text.format(port=port, path=path)])
    return f"HEALTHCHECK {OPTIONS} \\\n    CMD {command}\n"


PYTHON = """
FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir fastapi uvicorn
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
"""
NODE = """
FROM node:20-slim
WORKDIR /app
COPY . .
EXPOSE 3000
CMD ["node", "server.js"]
"""
MAIN = {"main.py": "@app.get('/health')\ndef health(): return 'ok'\n"}
SERVER = {"server.js": "app.get('/healthz', (q, r) => r.send('ok'))\napp.listen(3000)\n"}
EXAMPLES = (
    api.changes(
        PYTHON,
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir fastapi uvicorn\n"
        + check("python", 8000, "/health")
        + 'CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]\n',
        context=MAIN,
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        NODE,
        "FROM node:20-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 3000\n"
        + check("node", 3000, "/healthz")
        + 'CMD ["node", "server.js"]\n',
        context=SERVER,
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        'FROM python:3.12-slim\nCOPY app.py .\nEXPOSE 5000/tcp\nENTRYPOINT ["gunicorn", "-b", ":5000", "app:app"]\n',
        "FROM python:3.12-slim\nCOPY app.py .\nEXPOSE 5000/tcp\n"
        + check("python", 5000, "/ping")
        + 'ENTRYPOINT ["gunicorn", "-b", ":5000", "app:app"]\n',
        context={"app.py": '@app.route("/ping")\ndef ping(): return ""\n'},
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        "FROM python:3.12-slim\nCOPY main.py .\nCMD uvicorn main:app --port=80\n",
        "FROM python:3.12-slim\nCOPY main.py .\n" + check("python", 80, "/health") + "CMD uvicorn main:app --port=80\n",
        context=MAIN,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(PYTHON, because="a check is new behaviour", context=MAIN),
    api.unchanged(
        'FROM python:3.12\nHEALTHCHECK NONE\nCMD ["uvicorn", "main:app", "--port", "8000"]\n',
        because="the author wants none",
        context=MAIN,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        PYTHON,
        because="no route is made for it",
        context={"main.py": "@app.get('/')\ndef home(): ...\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        PYTHON,
        because="which of the two applications is started is not known",
        context={**MAIN, "main.py": MAIN["main.py"] + "app = FastAPI()\n", "admin.py": "app = FastAPI()\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        PYTHON,
        because="a router may have a prefix",
        context={"main.py": "@router.get('/health')\ndef health(): ...\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        PYTHON,
        because="a compose file starts a worker in the image",
        context={**MAIN, "compose.yaml": "services:\n  worker:\n    build: .\n    command: celery\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        NODE,
        because="no source names the port that is exposed",
        context={"server.js": "app.get('/healthz', h)\napp.listen(process.env.PORT)\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        PYTHON.replace("8000", "$PORT"),
        because="the port comes from the environment",
        context=MAIN,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        PYTHON.replace('"8000"', '"8000", "--reload"'),
        because="the image is for development",
        context=MAIN,
        level=api.Level.AGGRESSIVE,
    ),
)


@api.transform(
    phase=api.Phase.SPELLING,
    may_change={api.Aspect.CONFIG},
    examples=EXAMPLES,
    purpose=api.Purpose.CORRECTNESS,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if file.context is None or not file.stages:
        return
    found = api.health(file)
    if found is None:
        return
    program, option, text = ASK[found.client]
    command = dumps([program, option, text.format(port=found.port, path=found.path)])
    escape = found.step.state.escape
    yield api.Fix(
        title=f"a HEALTHCHECK that asks for {found.path}",
        edits=api.insert_before(
            found.step, f"{api.keyword_like(found.step, 'HEALTHCHECK')} {OPTIONS} {escape}", f"    CMD {command}"
        ),
        evidence=(
            api.inferred(f"a source answers {found.path}, and the program listens on port {found.port}", found.step),
            api.known(f"{found.client} is in its own image"),
            api.assumed("every container of the image is a server, and starts within half a minute", found.step),
        ),
        span=found.step.span,
    )
