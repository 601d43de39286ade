r"""Add a `HEALTHCHECK` that asks the route which the application has for that.

Without one an engine only knows that the process is there, not that it answers.  Docker marks the container, compose
can wait for it (`condition: service_healthy`), and Swarm replaces it; Kubernetes has probes of its own.

The fix adds behaviour and is aggressive.  It is proposed where everything is known: a route with a name such as
`/health` in a source of the build context (Flask, FastAPI and their like, Django, Express, Fastify, Go) or Spring's
actuator, the port from the command's options or from `EXPOSE` and a source, and a client that is in the image: `python`
or `node`, which ask by themselves, as slim images have no curl; on Alpine busybox's wget; curl in Eclipse Temurin
until 21.

Left alone: a `HEALTHCHECK` that is there, `NONE` included; images for development.  Left alone with the reason: routes
that may have a prefix, ports from the environment, encryption, filters of host names; images that a compose file
starts with another command, as a worker does not listen; images in which nothing is known to ask.

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
ASK = {
    "python": ("python", "-c", PYTHON_ASKS),
    "node": ("node", "-e", NODE_ASKS),
    "curl": ("curl", "-fsS", "-m", "4", "-o", "/dev/null", "http://127.0.0.1:{port}{path}"),
    "wget": ("wget", "-q", "-T", "4", "-O", "/dev/null", "http://127.0.0.1:{port}{path}"),
}


def check(client: str, port: int, path: str) -> str:
    """The instruction as it is in the examples."""
    command = dumps([word.format(port=port, path=path) for word in ASK[client]])
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
DJANGO = """
FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir django gunicorn
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "site.wsgi"]
"""
GO = """
FROM golang:1.22-alpine AS build
WORKDIR /src
COPY . .
RUN go build -o /out/serve .
FROM alpine:3.20
COPY --from=build /out/serve /usr/local/bin/serve
EXPOSE 8080
ENTRYPOINT ["serve"]
"""
JAVA = """
FROM eclipse-temurin:17-jre
COPY target/shop.jar /srv/shop.jar
EXPOSE 8080
CMD ["java", "-jar", "/srv/shop.jar"]
"""
POM = {"pom.xml": "<dependency><artifactId>spring-boot-starter-actuator</artifactId></dependency>\n"}
SITE = {"site/urls.py": "urlpatterns = [path('ping', views.ping), path('shop/', include('shop.urls'))]\n"}
SERVE = {"main.go": 'http.HandleFunc("/healthz", healthy)\nlog.Fatal(http.ListenAndServe(":8080", nil))\n'}
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
    api.changes(
        PYTHON,
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir fastapi uvicorn\n"
        + check("python", 8000, "/healthz")
        + 'CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]\n',
        context={
            "main.py": "service = FastAPI()\nservice.include_router(router)\n",
            "checks.py": "router = APIRouter()\n@router.get('/healthz')\ndef healthy(): ...\n",
        },
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        DJANGO,
        DJANGO.strip().replace("CMD", check("python", 8000, "/ping") + "CMD") + "\n",
        context={**SITE, "site/settings.py": "ROOT_URLCONF = 'site.urls'\nALLOWED_HOSTS = ['*']\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        GO,
        GO.strip().replace("ENTRYPOINT", check("wget", 8080, "/healthz") + "ENTRYPOINT") + "\n",
        context=SERVE,
        level=api.Level.AGGRESSIVE,
    ),
    api.changes(
        JAVA,
        JAVA.strip().replace("CMD", check("curl", 8080, "/actuator/health") + "CMD") + "\n",
        context=POM,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        JAVA.replace("17", "25"),
        because="newer images have no curl",
        context=POM,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        JAVA,
        because="a settings file names another port",
        context={**POM, "src/main/resources/application.properties": "server.port=9000\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        JAVA,
        because="Spring Security may ask for a password",
        context={"pom.xml": POM["pom.xml"] + "<artifactId>spring-boot-starter-security</artifactId>\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(PYTHON, because="a check is new behaviour", context=MAIN),
    api.unchanged(
        DJANGO,
        because="Django answers other host names only",
        context={**SITE, "site/settings.py": "ROOT_URLCONF = 'site.urls'\nALLOWED_HOSTS = ['shop.example']\n"},
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        GO.replace("alpine:3.20", "debian:12-slim"),
        because="slim images have no program that could ask",
        context=SERVE,
        level=api.Level.AGGRESSIVE,
    ),
    api.unchanged(
        'FROM python:3.12\nHEALTHCHECK NONE\nCMD ["uvicorn", "main:app", "--port", "8000"]\n',
        because="the author wants none",
        context=MAIN,
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
        context={
            "main.py": "app = FastAPI()\napp.include_router(router, prefix='/v1')\n",
            "checks.py": "router = APIRouter()\n@router.get('/health')\ndef health(): ...\n",
        },
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
    only_with={"CMD", "ENTRYPOINT"},
    examples=EXAMPLES,
    purpose=api.Purpose.CORRECTNESS,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    found = api.health(file) if file.stages else ""
    if isinstance(found, str):
        if found:
            span = file.final.node.span
            yield api.Fix(title=f"no HEALTHCHECK: {found}", edits=(), evidence=(), span=span)
        return
    command = dumps([word.format(port=found.port, path=found.path) for word in ASK[found.client]])
    escape = found.step.state.escape
    yield api.Fix(
        title=f"a HEALTHCHECK that asks for {found.path}",
        edits=api.insert_before(
            found.step, f"{api.keyword_like(found.step, 'HEALTHCHECK')} {OPTIONS} {escape}", f"    CMD {command}"
        ),
        evidence=(
            api.inferred(f"a source answers {found.path}, and the program listens on port {found.port}", found.step),
            api.known(found.brings),
            api.assumed("every container of the image is a server, and starts within half a minute", found.step),
        ),
        span=found.step.span,
    )
