"""How far build stamps may go down: what names them, what may read them unnamed, and what is filled from them."""

import pytest

from dockopt.analyses.stamps import late_stamps
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

INSTALL = "RUN apt-get update && apt-get install -y curl\n"
PACKAGE = {
    "package.json": '{"dependencies": {"express": "^4.19.2"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^4.19.2"}}}}',
}
Found = list[tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...], str, str]]


def found(body: str, context: dict[str, str] | None = None) -> Found:
    """Names, lines that move (the first below FROM is 0), lines of the RUNs they pass, what is trusted, the reason."""
    file = Dockerfile.parse(f"FROM debian:12\n{body}", None if context is None else MemoryContext(context))
    return [
        (one.names, tuple(step.index for step in one.steps), tuple(run.index for run in one.runs), *one[3:])
        for one in late_stamps(file, file.final)
    ]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (f"ARG GIT_SHA\n{INSTALL}", [(("GIT_SHA",), (0,), (1,), "", "")]),
        (f"ARG SHOP_GIT_SHA BUILD_DATE\n{INSTALL}", [(("BUILD_DATE", "SHOP_GIT_SHA"), (0,), (1,), "", "")]),
        (f"ARG git_sha\nLABEL a=$git_sha\n{INSTALL}", [(("git_sha",), (0, 1), (2,), "", "")]),
        (f"ARG GIT_SHA\n{INSTALL}LABEL a=$GIT_SHA\n", [(("GIT_SHA",), (0,), (1,), "", "")]),
        (
            f"ARG GIT_SHA\nLABEL a=$GIT_SHA\nLABEL a=b\nLABEL c=d\n{INSTALL}",
            [(("GIT_SHA",), (0, 1, 2), (4,), "", "")],
        ),
        (
            f"ARG VERSION\n{INSTALL}",
            [(("VERSION",), (0,), (1,), "the scripts of system packages read no variable VERSION", "")],
        ),
        (f"ARG GIT_SHA\n{INSTALL}RUN mkdir /a\nRUN ./a\n", [(("GIT_SHA",), (0,), (1, 2), "", "")]),
        ("ARG GIT_SHA\nRUN dpkg --add-architecture i386\n" + INSTALL, [(("GIT_SHA",), (0,), (1, 2), "", "")]),
        (f"ARG GIT_SHA\n{INSTALL}RUN make\n{INSTALL}", [(("GIT_SHA",), (0,), (1,), "", "")]),
        (f"ARG GIT_SHA\nARG N=1\nARG BUILD_DATE\n{INSTALL}", [(("BUILD_DATE", "GIT_SHA"), (0, 2), (3,), "", "")]),
    ],
)
def test_stamps_go_below_installs(body: str, wanted: Found) -> None:
    assert found(body) == wanted


@pytest.mark.parametrize(
    "body",
    [
        "ARG GIT_SHA\nRUN mkdir /a\n",
        f"ARG CACHEBUST=1\n{INSTALL}",
        f"ARG VERSION=1.2\n{INSTALL}",
        f"ARG GIT_SHA PREFIX\n{INSTALL}",
        f"ARG HTTP_PROXY\n{INSTALL}",
        f"ARG NODE_VERSION\n{INSTALL}",
        f"ARG GIT_SHA\nWORKDIR /$GIT_SHA\n{INSTALL}",
        f"ARG GIT_SHA\nCOPY <<E /sha\n$GIT_SHA\nE\n{INSTALL}",
        f"ARG GIT_SHA\nENV NODE_ENV=$GIT_SHA\n{INSTALL}",
        f"ARG GIT_SHA\nONBUILD LABEL a=$GIT_SHA\n{INSTALL}",
        f"ARG N=1\nARG GIT_SHA\nLABEL a=$GIT_SHA b=$N\nARG N=2\n{INSTALL}",
        "ARG GIT_SHA\nRUN --mount=type=cache,id=$GIT_SHA,target=/a apt-get install -y curl\n",
        "ARG GIT_SHA\nRUN apt-get install -y ${!GIT*}\n",
        "ARG GIT_SHA\nRUN apt-get install -y ./tool.deb\n",
        "ARG GIT_SHA\nRUN apt-get install -y curl && dpkg -i tool.deb\n",
        "ARG GIT_SHA\nRUN apt-get() { env; }; apt-get install -y curl\n",
        "ARG GIT_SHA\nRUN apt-get install -y curl && printenv > /env\n",
        "ARG GIT_SHA\nRUN apt-get install -y curl && ./mkdir /a\n",
        "ARG GIT_SHA\nRUN apt-get install -y curl && find . -exec ./a {} +\n",
        "ARG GIT_SHA\nRUN apt-get install -y curl && set > /variables\n",
        "ARG GIT_SHA\nRUN apt-get install -y curl && $X /a\n",
        'ARG GIT_SHA\nRUN ["apt-get", "install", "-y", "curl"]\n',
        'ARG GIT_SHA\nSHELL ["pwsh", "-c"]\nRUN apt-get install -y curl\n',
        "ARG GIT_SHA\nRUN apt-get install -y curl && curl -O https://files.example/latest\n",
    ],
)
def test_stamps_stay(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("ARG BUILD_DATE\nRUN apk upgrade\n", "apk upgrade below may be meant to run at every build"),
        ("ARG BUILD_DATE\nRUN apk add -u curl\n", "apk add below may be meant to run at every build"),
        ("ARG BUILD_DATE\nRUN dnf update -y\n", "dnf update below may be meant to run at every build"),
        (
            "ARG VERSION\nRUN npm install -g serve\n",
            "programs that build packages below may read a variable of so general a name as VERSION",
        ),
        (
            "ARG CI_COMMIT_SHA\nCOPY package*.json ./\nRUN npm ci\n",
            "npm below may take CI_COMMIT_SHA for a sign that it runs in CI",
        ),
    ],
)
def test_stamps_stay_with_a_word(body: str, reason: str) -> None:
    (one,) = found(body, PACKAGE)
    assert one[4] == reason


@pytest.mark.parametrize(
    "command", ["npm ci", "pip install .", "pip install -r requirements.txt", "bundle", "mix deps.get"]
)
def test_what_an_install_runs_is_not_known_without_the_context(command: str) -> None:
    assert found(f"ARG GIT_SHA\nCOPY . .\nRUN {command}\n") == []


def test_a_folder_entered_in_between_is_not_followed() -> None:
    assert found("ARG GIT_SHA\nCOPY package*.json ./\nRUN cd / && npm ci\n", PACKAGE) == []
