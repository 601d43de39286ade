"""What compose, bake and CI files say of an image, all the way to what becomes of its Dockerfile."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dockopt.context.compose import of_service
from dockopt.context.folder import FolderContext
from tests.formats.runs import dockopt, write

Json = Any
NODE = "FROM node:20 AS app\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD node server.js\n"
FAMILY = """FROM python:3.12 AS app
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
FROM app AS web
CMD ["gunicorn", "app:app"]
"""
PACKAGE = '{"name": "x", "version": "1.0.0", "dependencies": {"express": "4.19.2"}}'
COMPOSE = "services:\n  web:\n    build: {context: api}\n    image: team/web\n    command: %s\n"
LISTS = """FROM debian:12 AS test
RUN apt-get update && apt-get install -y curl
RUN make
FROM debian:12-slim
COPY --from=test /app/x /x
CMD /x
"""


def files(folder: Path, *arguments: str) -> list[Json]:
    done = dockopt(folder, "fix", "--check", "--format", "json", "--no-cache", *arguments)
    assert done.status in (0, 1), done.errors
    found: list[Json] = json.loads(done.out)["files"]
    return found


def fates(file: Json) -> set[tuple[str, str]]:
    return {(fix["transform"], fix["fate"]) for fix in file["fixes"]}


def test_a_stage_that_bake_asks_for_is_cleaned_and_one_that_nobody_gets_is_not(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": LISTS})
    [alone] = files(tmp_path, "--select", "remove-apt-lists", "Dockerfile")
    assert fates(alone) == set()
    write(tmp_path, {"docker-bake.hcl": 'target "x" {\n  target = "test"\n}\n'})
    for path in ("Dockerfile", "."):
        [asked] = files(tmp_path, "--select", "remove-apt-lists", path)
        assert fates(asked) == {("remove-apt-lists", "applied")}


def test_who_starts_a_stage_that_is_built_by_name_is_unknown(tmp_path: Path) -> None:
    names = ("--select", "split-builder-stage,use-slim-base")
    write(tmp_path, {"api/Dockerfile": FAMILY, "api/requirements.txt": "flask==3.0.3\ngunicorn==22.0.0\n"})
    write(tmp_path, {"api/app.py": "import flask\n"})
    [before] = files(tmp_path, *names, "api")
    assert "applied" in {fate for _, fate in fates(before)}
    write(tmp_path, {"Makefile": "image:\n\tdocker build --target app api\n"})
    [after] = files(tmp_path, *names, ".")
    assert {fate for _, fate in fates(after)} == {"withheld"}
    assert "the stage app is built by name, and no CMD shows what its containers run" in json.dumps(after)


@pytest.mark.parametrize("place", ["above", "hidden"])
def test_a_command_in_a_compose_file_that_the_builder_never_gets_counts(place: str, tmp_path: Path) -> None:
    compose = COMPOSE % "sh -c 'npm run build && node server.js'"
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            "api/Dockerfile": NODE,
            "api/package.json": PACKAGE,
            "api/server.js": "require('express')\n",
            "api/.dockerignore": "docker-compose.yml\n",
            ("compose.yaml" if place == "above" else "api/docker-compose.yml"): compose,
        },
    )
    context = FolderContext(str(tmp_path / "api"), None, ((str(tmp_path / "compose.yaml"), "web"),))
    [(name, text)] = context.compose_files.items()
    assert name == ("../compose.yaml" if place == "above" else "docker-compose.yml")
    assert "npm run build" in text


def test_only_what_starts_the_image_is_taken_from_a_compose_file() -> None:
    content = """
services:
  web: {build: web, image: team/web, command: gunicorn}
  worker: {image: team/web, command: celery}
  other: {extends: web, command: flower}
  more: {extends: {service: web}, entrypoint: [a, b]}
  db: {image: postgres, command: postgres -c x}
"""
    text = of_service(content, "web")
    assert [word in text for word in ("gunicorn", "celery", "flower", "- a", "postgres")] == [True] * 4 + [False]
    assert of_service(content, "none") == ""
    assert of_service("services: [", "web") == ""


def test_a_result_rests_on_compose_files_above(tmp_path: Path) -> None:
    """What was kept of an earlier run is not used where such a file changed."""
    name = "split-builder-stage,use-slim-base"
    tree = tmp_path / "tree"
    write(
        tree,
        {
            "compose.yaml": COMPOSE % "node server.js",
            "api/Dockerfile": NODE,
            "api/package.json": PACKAGE,
            "api/server.js": "require('express')\n",
        },
    )
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)

    def kinds() -> list[str]:
        done = dockopt(tree, "fix", "--check", "--format", "json", "--select", name, ".")
        return [fix["fate"] for fix in json.loads(done.out)["files"][0]["fixes"]]

    assert (kinds(), kinds()) == (["applied"], ["applied"])
    write(tree, {"compose.yaml": (COMPOSE % "node server.js") + "    volumes: ['./api:/app']\n"})
    assert kinds() == ["withheld"]
