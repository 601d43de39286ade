"""Splits of Python stages: which pip and which libraries the runtime stage gets, what Poetry exports."""

import pytest

from dockopt.analyses.split.find import split_verdict
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile
from dockopt.rewrite.stages import split_stage
from dockopt.text.edits import apply_edits

PROJECT = """[tool.poetry]
name = "x"
[tool.poetry.dependencies]
python = "^3.11"
flask = "3.0.3"
[tool.poetry.group.dev.dependencies]
pytest = "8.3.4"
"""


def split(text: str, **files: str) -> str:
    """The file as it is split, else the reason why not."""
    names = {
        name.replace("_py", ".py").replace("_txt", ".txt").replace("_toml", ".toml"): files[name] for name in files
    }
    file = Dockerfile.parse(text, context=MemoryContext(names))
    verdict = split_verdict(file, file.final)
    if verdict.plan is None:
        return verdict.reason
    return apply_edits(text, split_stage(file, file.final, verdict.plan))


BASIC = """FROM python:3.12
WORKDIR /app
COPY . .
RUN {}pip install -r requirements.txt
CMD {}
"""


@pytest.mark.parametrize(
    ("requirements", "source", "command", "leaves"),
    [
        ("flask", "import flask\n", "python app.py", True),
        ("flask", "import subprocess\nsubprocess.run(['pip', 'list'])\n", "python app.py", False),
        ("flask\nspacy", "import flask\n", "python app.py", False),
        ("flask", "import flask\n", "python -m pip list && python app.py", False),
    ],
)
def test_pip_stays_where_something_may_call_it(requirements: str, source: str, command: str, leaves: bool) -> None:
    after = split(BASIC.format("", command), requirements_txt=requirements, app_py=source)
    assert "FROM python:3.12-slim" in after
    assert ("RUN pip uninstall -y pip" in after) == leaves


@pytest.mark.parametrize(
    ("requirements", "source", "installs"),
    [
        ("lxml==5.3.0", "import lxml\n", []),
        ("lxml==4.5.0", "import lxml\n", ["libxml2", "libxslt1.1"]),
        ("h5py==3.1.0", "import h5py\n", ["libxml2"]),
        ("psycopg2", "import psycopg2\n", ["libpq5"]),
    ],
)
def test_libraries_stay_where_wheels_may_not_bring_them(requirements: str, source: str, installs: list[str]) -> None:
    apt = "apt-get update && apt-get install -y libxml2-dev && "
    text = BASIC.format(apt, "python app.py").replace("python:3.12", "python:3.12-bookworm")
    after = split(text, requirements_txt=requirements, app_py=source)
    words = after.partition("-slim")[2].split()
    assert [word for word in words if word.startswith("lib")] == installs


def test_what_poetry_exports() -> None:
    text = (
        "FROM python:3.12\nRUN pip install poetry poetry-plugin-export\nWORKDIR /app\nCOPY . .\n"
        "RUN poetry export -f requirements.txt -o r.txt\nRUN pip install -r r.txt\nCMD gunicorn app:app\n"
    )
    assert split(text, pyproject_toml=PROJECT, app_py="import flask\n") == (
        "FROM python:3.12 AS builder\nRUN pip install poetry poetry-plugin-export\nWORKDIR /app\nCOPY . .\n"
        'RUN python -m venv /opt/venv\nENV PATH="/opt/venv/bin:$PATH"\n'
        "RUN poetry export -f requirements.txt -o r.txt\nRUN pip install -r r.txt\nRUN pip uninstall -y pip\n\n"
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCOPY --from=builder /app/r.txt /app/r.txt\n"
        'COPY --from=builder /opt/venv /opt/venv\nENV PATH="/opt/venv/bin:$PATH"\nCMD gunicorn app:app\n'
    )
    reason = "requests is imported and may come with Poetry itself"
    assert split(text, pyproject_toml=PROJECT, app_py="import flask, requests\n") == reason


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("RUN uv tool install ruff", "what uv or Poetry installs without a project is not followed"),
        ("RUN poetry install\nCMD poetry run flask run", "Poetry is installed in one RUN with the project's packages"),
        (
            "ENV POETRY_VIRTUALENVS_PATH=/v\nRUN poetry install\nCMD poetry run flask run",
            "Poetry keeps environments in a folder of their own",
        ),
        ("RUN uv sync --no-dev\nCMD uv run --with rich x", "CMD needs uv when the container runs"),
        ("RUN uv sync && python manage.py collectstatic\nCMD x", "python stands in one RUN with uv or Poetry"),
        ("RUN uv sync && pip install x\nCMD x", "pip installs packages in one RUN with uv or Poetry"),
        ("RUN uv sync\nCMD uv run y", ".python-version asks for Python 3.13, the image's is 3.12"),
        ("RUN uv sync --no-dev\nCMD ./start.sh", "start.sh calls uv when the container runs"),
        (
            "RUN uv sync\nCMD uv run x",
            "compose.yaml mounts a folder over /app, where the environment is made when it starts",
        ),
    ],
)
def test_projects_that_stay_whole(lines: str, reason: str) -> None:
    files = {"pyproject.toml": PROJECT, "start.sh": "#!/bin/sh\nuv run x\n"}
    tool = "poetry" if "poetry" in lines else "uv"
    install = f"RUN pip install {tool}\n"
    if "one RUN" in reason:
        install, lines = "", lines.replace("RUN ", "RUN pip install poetry && ", 1)
    if "asks for" in reason:
        files[".python-version"] = "3.13\n"
    if "compose" in reason:
        files["compose.yaml"] = "services:\n  web:\n    volumes:\n      - .:/app\n"
    text = f"FROM python:3.12\n{install}WORKDIR /app\nCOPY . .\n{lines}\n"
    file = Dockerfile.parse(text, context=MemoryContext(files))
    assert split_verdict(file, file.final).reason == reason


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (
            "RUN pip install uv==0.1.9\nRUN uv pip install --system flask",
            "uv before 0.2 does not install with --system",
        ),
        ("RUN uv pip install --system --python 3.11 flask", "uv pip with --python is not followed"),
        ("RUN uv pip install --system --link-mode=symlink flask", "uv links packages to its cache"),
        ("ENV UV_LINK_MODE=symlink\nRUN uv pip install --system flask", "uv links packages to its cache"),
        ("RUN uv pip sync --system requirements.txt", "pip sync is not understood"),
        ("RUN uv pip install flask", "uv pip installs into an environment that the file does not make"),
        ("ENV UV_PYTHON=3.11\nRUN uv pip install --system flask", "UV_PYTHON decides which Python uv takes"),
        ("RUN pip install pipenv && pipenv install requests", "`pipenv install requests` is not followed"),
        ("RUN pip install pipenv && pipenv install", "pipenv makes an environment of its own"),
        ("RUN pipenv install --system", "pipenv is not seen to come from pip"),
        ("RUN pip install pipenv && pipenv install --system", "Pipfile and Pipfile.lock are not copied"),
        (
            "ENV PIPENV_PIPFILE=/x\nRUN pip install pipenv && pipenv install --system",
            "PIPENV_PIPFILE decides where pipenv installs",
        ),
        (
            "RUN pip install uv\nRUN uv pip install --system flask\nCMD uvx ruff",
            "uvx is called when the container runs",
        ),
    ],
)
def test_what_uv_and_pipenv_install_elsewhere(lines: str, reason: str) -> None:
    text = f"FROM python:3.12\nWORKDIR /app\nCOPY . .\n{lines}\n"
    file = Dockerfile.parse(text, context=MemoryContext({"app.py": "import flask\n"}))
    assert split_verdict(file, file.final).reason.startswith(reason)


def test_a_step_that_writes_elsewhere_stands_in_the_way() -> None:
    text = BASIC.format("", "python app.py").replace("requirements.txt\n", "requirements.txt && make assets\n")
    assert split(text, requirements_txt="flask", app_py="import flask\n") == "make stands in one RUN with pip"
