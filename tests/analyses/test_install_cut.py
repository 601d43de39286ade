"""Where a RUN may be cut behind its install, and what stands in the way."""

import pytest

from dockopt.analyses.late_copy import late_copies
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

LOCK = '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}}}'
CONTEXT = {
    "package.json": '{"dependencies": {"a": "1"}}',
    "package-lock.json": LOCK,
    "index.js": "",
    "web/index.js": "",
}


def cut(run: str, *, context: dict[str, str] = CONTEXT, above: str = "", builder: bool = False) -> tuple[str, str, str]:
    """The RUN ahead, the rest, and why there is none."""
    behind = "FROM nginx\nCOPY --from=0 /app/out /srv\n" if builder else ""
    text = f"FROM node:22\nWORKDIR /app\n{above}COPY . .\nRUN {run}\n{behind}"
    file = Dockerfile.parse(text, MemoryContext(context))
    steps = [one.step for one in late_copies(file, file.stages[0], apart=True) if one.step]
    if steps:
        return steps[0].ahead, steps[0].rest, ""
    return "", "", next((one.reason for one in late_copies(file, file.stages[0])), "")


@pytest.mark.parametrize(
    ("run", "ahead", "rest"),
    [
        ("npm ci && npm run build", "RUN npm ci", "RUN npm run build"),
        ("npm ci && echo a && npm run build", "RUN npm ci && echo a", "RUN npm run build"),
        ("npm ci && npm run a | tee /a && npm test", "RUN npm ci", "RUN npm run a | tee /a && npm test"),
        ("npm ci \\\n  && (cd web && npm test)", "RUN npm ci", "RUN (cd web && npm test)"),
        ("cd /app && npm ci && ./a", "RUN cd /app && npm ci", "RUN cd /app && ./a"),
        ("set -x && npm ci && ./a", "RUN set -x && npm ci", "RUN set -x && ./a"),
        ("--mount=type=cache,target=/c npm ci && ./a", "RUN --mount=type=cache,target=/c npm ci", ""),
        ("npm ci && ./a && npm cache clean -f", "RUN npm ci && npm cache clean -f", "RUN ./a && npm cache clean -f"),
        ("npm ci && ./a && rm -rf /root/.npm", "RUN npm ci && rm -rf /root/.npm", "RUN ./a && rm -rf /root/.npm"),
    ],
)
def test_the_install_goes_ahead(run: str, ahead: str, rest: str) -> None:
    rest = rest or "RUN --mount=type=cache,target=/c ./a"
    assert cut(run) == (ahead, rest, "")


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ("npm ci && ./a && npm prune --omit=dev", "its RUN removes again what it brings"),
        ("npm ci && ./a && rm -rf node_modules", "its RUN removes again what it brings"),
        ("npm ci && ./a && apt-get purge -y git", "its RUN removes again what it brings"),
        (
            "apt-get update && npm ci && ./a && apt-get install -y b && rm -rf /var/lib/apt/lists/*",
            "its RUN removes again what it brings",
        ),
        ("npm ci && cd web && npm ci && ./a", "what its RUN does to the shell would be lost behind the install"),
        ("--mount=type=tmpfs,target=/t npm ci && ./a", "what its RUN writes may not outlast it"),
        ("npm ci && ./a || ./b", "./a may read the copied files"),
        ("npm ci; ./a", "a may read the copied files"),
        ("npm ci && ./a; ./b", "a may read the copied files"),
        ("npm ci && ./a &", "a may read the copied files"),
        ("npm ci | tee /a && ./b", "tee may read the copied files"),
        ("./a && npm ci && ./b", "a may read the copied files"),
        ("export A=b && npm ci && ./b", "export may read the copied files"),
        ("A=b && npm ci && ./b", "a variable is set"),
        ("<<E\nnpm ci && ./b\nE", "b may read the copied files"),
    ],
)
def test_the_run_stays_whole(run: str, reason: str) -> None:
    context = {**CONTEXT, "web/package.json": CONTEXT["package.json"], "web/package-lock.json": LOCK}
    assert cut(run, context=context) == ("", "", reason.removeprefix("./"))


def test_a_stage_that_is_not_shipped_may_leave_things() -> None:
    assert cut("npm ci && ./a && npm prune", builder=True) == ("RUN npm ci", "RUN ./a && npm prune", "")


def test_a_volume_may_lose_what_the_install_writes() -> None:
    assert cut("npm ci && ./a", above="VOLUME /data\n")[2] == "what its RUN writes may not outlast it"


def test_an_install_that_runs_again_reads_the_lockfile_it_wrote() -> None:
    old = {**CONTEXT, "package-lock.json": LOCK.replace('"1"', '"2"')}
    run = "npm install && ./a && npm install b"
    assert cut(run, context=old)[2] == "npm runs again in its RUN, and may read the lockfile that the install writes"
    assert cut(run) == ("RUN npm install", "RUN ./a && npm install b", "")
