"""Which Dockerfiles are for development, and which only look a little like it."""

from textwrap import dedent

import pytest

from dockopt.analyses.development import development_sign, is_development
from dockopt.analyses.started import started
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile


def sign(text: str, files: dict[str, str] | None = None, path: str | None = None) -> str:
    context = None if files is None and path is None else MemoryContext(files or {}, dockerfile=path)
    return development_sign(Dockerfile.parse(dedent(text), context))


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ('CMD ["uvicorn", "app:app", "--reload"]', "uvicorn app:app --reload"),
        ("CMD gunicorn --reload app:app", "gunicorn --reload app:app"),
        ("CMD npm run dev", "npm run dev"),
        ("CMD yarn dev", "yarn dev"),
        ('CMD ["npx", "nodemon", "server.js"]', "nodemon server.js"),
        ('CMD ["node", "--watch", "server.js"]', "node --watch server.js"),
        ("CMD flask run --debug", "flask run --debug"),
        ("CMD python -m flask --debug run", "python -m flask --debug run"),
        ("CMD bundle exec rails s -e development", "rails s -e development"),
        ('CMD ["air", "-c", ".air.toml"]', "air -c .air.toml"),
        ("CMD cargo watch -x run", "cargo watch -x run"),
        ('CMD ["dotnet", "watch", "run"]', "dotnet watch run"),
        ('CMD ["sh", "-c", "cd /app && npx vite --host"]', "vite --host"),
        ("CMD tail -f /dev/null", "tail -f /dev/null"),
        ('ENTRYPOINT ["uvicorn"]\nCMD ["app:app", "--reload"]', "uvicorn app:app --reload"),
    ],
)
def test_what_the_container_starts(command: str, shown: str) -> None:
    assert sign(f"FROM debian:12\n{command}\n") == f"`{shown}` is for development"


@pytest.mark.parametrize(
    "command",
    [
        'CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]',
        "CMD flask run",
        "CMD python manage.py runserver 0.0.0.0:8000",
        'CMD ["npm", "start"]',
        "CMD npx vite preview",
        'CMD ["rails", "server", "-e", "production"]',
        'CMD ["./dev-server"]',
        "RUN npm run dev",
        "CMD nginx -g 'daemon off;'",
        'CMD ["uvicorn", "--reload"]\nCMD ["uvicorn", "app:app"]',
    ],
)
def test_what_runs_in_production_as_well(command: str) -> None:
    assert sign(f"FROM debian:12\n{command}\n") == ""


def test_names_of_stages_files_and_images() -> None:
    assert sign("FROM node:20 AS base\nFROM base AS app-dev\n") == "the stage is called app-dev"
    assert sign("FROM node:20\n", path="docker/Dockerfile.dev") == "the file is called Dockerfile.dev"
    assert sign("FROM node:20\n", path="/x/.devcontainer/Dockerfile") == "the file is in .devcontainer"
    assert sign("FROM node:20 AS device\n", path="/development/Dockerfile") == ""
    image = "mcr.microsoft.com/devcontainers/python:3.12"
    assert sign(f"FROM {image}\n") == f"{image} is an image to develop in"


def test_any_stage_can_be_asked_about() -> None:
    file = Dockerfile.parse("FROM node:20 AS dev\nCMD npm run dev\nFROM node:20\nCMD node app.js\n")
    assert [is_development(file, stage) for stage in file.stages] == [True, False]
    assert not is_development(file)


def test_the_environment() -> None:
    assert sign("FROM node:20\nENV NODE_ENV=development\n") == "ENV NODE_ENV=development is for development"
    assert sign("FROM node:20\nENV NODE_ENV development\nENV NODE_ENV production\n") == ""


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("pip install -r requirements-dev.txt", "requirements-dev.txt holds development dependencies"),
        ("pip install -r requirements/dev.txt", "requirements/dev.txt holds development dependencies"),
        ("pipenv install --dev", "`pipenv install --dev` asks for development dependencies"),
        ("poetry install --with dev", "`poetry` asks for development dependencies"),
        ("pip install -e '.[dev]'", "the extra `dev` holds development dependencies"),
        ("pip install -r devices.txt", ""),
        ("uv sync --no-dev", ""),
        ("apt-get install -y libpq-dev", ""),
    ],
)
def test_development_dependencies(command: str, shown: str) -> None:
    assert sign(f"FROM python:3.12\nRUN {command}\n") == shown


@pytest.mark.parametrize(
    ("command", "files", "expected"),
    [
        ('CMD ["gunicorn", "app:app"]', {}, True),
        ('CMD ["./start.sh"]', {"start.sh": "#!/bin/sh\nexec gunicorn app:app\n"}, True),
        ("CMD python app.py", {}, False),
        ('CMD ["./start.sh"]', {"start.sh": "#!/bin/sh\npytest\n"}, False),
    ],
)
def test_what_is_installed_beside_a_server_for_production(command: str, files: dict[str, str], expected: bool) -> None:
    text = f"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements-dev.txt\n{command}\n"
    assert (sign(text, {"requirements-dev.txt": "pytest\n", **files}) == "") == expected


def test_scripts_are_looked_up_in_package_json() -> None:
    files = {"package.json": '{"scripts": {"start": "NODE_ENV=x nodemon index.js", "serve": "node index.js"}}'}
    assert sign("FROM node:20\nCMD npm start\n", files) == "`npm start` is for development"
    files = {"package.json": '{"scripts": {"start": "react-scripts start", "serve": "node index.js"}}'}
    assert sign("FROM node:20\nCMD npm start\n", files) == "`npm start` is for development"
    assert sign("FROM node:20\nCMD npm run serve\n", files) == ""
    assert sign("FROM node:20\nCMD npm start\n", {"package.json": "[]"}) == ""


def test_sources_mounted_by_compose() -> None:
    text = "FROM python:3.12\nWORKDIR /code\nCOPY . .\nCMD python app.py\n"
    files = {"app.py": "", "compose.yaml": "services:\n  web:\n    volumes:\n      - .:/code:ro\n"}
    assert sign(text, files) == "compose.yaml mounts . over /code"
    files["compose.yaml"] = "services:\n  web:\n    volumes:\n      - ./data:/code/data\n"
    assert sign(text, files) == ""


def test_a_stage_with_its_own_entrypoint_forgets_older_commands() -> None:
    file = Dockerfile.parse('FROM node:20 AS base\nCMD npm run dev\nFROM base\nENTRYPOINT ["node"]\n')
    assert started(file, file.final) == (("node",),)
