"""What the build cache keeps after a change of `src/main.py`: lines that run again, as predicted and as built."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.estimate.engine import docker

from dockopt.context.folder import FolderContext
from dockopt.estimate.rebuild import rebuild
from dockopt.estimate.stages import Walk
from dockopt.model.dockerfile import Dockerfile

TAG = f"dockopt-cache-rules-{os.getpid()}"
CHANGED = "src/main.py"
FILES = (CHANGED, "src/other.py", "lib/a.py", "data/words.txt", "requirements.txt")
BASE = "FROM debian:12-slim"
BUILD = f"{BASE} AS build\nCOPY . /app\n"
END = f"{BASE}\n"
CASES = {
    "everything": (f"{BASE}\nCOPY . /app\nRUN true\n", [2, 3]),
    "manifest first": (f"{BASE}\nCOPY requirements.txt /\nRUN true\nCOPY . /app\nRUN false || true\n", [4, 5]),
    "another folder": (f"{BASE}\nCOPY lib /lib2\nRUN true\n", []),
    "another folder, then all": (f"{BASE}\nCOPY lib /lib2\nRUN true\nCOPY src /src\n", [4]),
    "copies after it run again": (f"{BASE}\nCOPY src /src\nCOPY lib /lib2\n", [2, 3]),
    "excluded": (f"{BASE}\nCOPY --exclude=src . /app\nRUN true\n", []),
    "glob": (f"{BASE}\nCOPY src/*.py /src/\nRUN true\n", [2, 3]),
    "other glob": (f"{BASE}\nCOPY src/o*.py /src/\nRUN true\n", []),
    "mounted": (f"{BASE}\nRUN --mount=type=bind,target=/c cat /c/requirements.txt\nRUN true\n", [2, 3]),
    "other mounted": (f"{BASE}\nRUN --mount=type=bind,source=lib,target=/c ls /c\nRUN true\n", []),
    "settings between": (f"{BASE}\nCOPY src /src\nENV A=b\nWORKDIR /x\nRUN pwd\n", [2, 5]),
    "stage copied": (f"{BUILD}{END}COPY --from=build /app /app\nRUN true\n", [2, 4, 5]),
    "part of a stage": (f"{BUILD}{END}COPY --from=build /app/lib /lib2\nRUN true\n", [2]),
    "file of a stage": (f"{BUILD}{END}COPY --from=build /app/src/main.py /x\nRUN true\n", [2, 4, 5]),
    "made from all": (f"{BUILD}RUN cat /app/*/* > /all\n{END}COPY --from=build /all /all\n", [2, 3, 5]),
    "moved": (f"{BUILD}RUN mv /app/lib /moved\n{END}COPY --from=build /moved /lib2\n", [2, 3]),
    "built on a stage": (f"{BUILD}FROM build\nRUN true\n", [2, 4]),
    "stage not needed": (f"{BUILD}{END}RUN true\n", []),
    "stage mounted": (f"{BUILD}{END}RUN --mount=from=build,source=/app,target=/c ls /c\n", [2, 4]),
    "part of a stage mounted": (f"{BUILD}{END}RUN --mount=from=build,source=/app/lib,target=/c ls /c\n", [2]),
    "through two stages": (
        f"{BUILD}{BASE} AS next\nCOPY --from=build /app/src /s\nRUN ls /s\n{END}COPY --from=next /s /s\n",
        [2, 4, 5, 7],
    ),
}


def write_context(folder: Path) -> Path:
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", CASES)
def test_lines_that_run_again(name: str, tmp_path: Path) -> None:
    text, again = CASES[name]
    context = FolderContext(str(write_context(tmp_path)))
    file = Dockerfile.parse(text, context)
    assert [rerun.line for rerun in rebuild(Walk(file, context), file.final, CHANGED).reruns] == again


@pytest.fixture(scope="module")
def engine() -> Iterator[None]:
    with docker(TAG):
        yield


@pytest.mark.builds
@pytest.mark.parametrize("name", CASES)
def test_lines_that_a_build_runs_again(name: str, tmp_path: Path, engine: None) -> None:  # noqa: ARG001
    text, again = CASES[name]
    write_context(tmp_path)
    run(text, tmp_path)
    (tmp_path / CHANGED).write_text(f"{name} {tmp_path} changed\n", encoding="utf-8")
    assert run(text, tmp_path) == again


def run(text: str, folder: Path) -> list[int]:
    """The lines of the RUN and COPY instructions that a build did not take from its cache."""
    command = ["docker", "build", "--network=host", "--progress=rawjson", "-t", TAG, "-f", "-", "."]
    done = subprocess.run(command, cwd=folder, input=text, text=True, capture_output=True, check=True)
    vertexes: dict[str, dict[str, object]] = {}
    for line in done.stderr.splitlines():
        for vertex in json.loads(line).get("vertexes", ()) if line.startswith("{") else ():
            vertexes.setdefault(vertex["digest"], {}).update(vertex)
    ran = [str(vertex["name"]) for vertex in vertexes.values() if not vertex.get("cached")]
    instructions = {re.sub(r"^\[[^]]*\] ", "", name) for name in ran if re.match(r"\[[^]]*\d/\d+\] (RUN|COPY)", name)}
    shown = {re.sub(r" --mount=\S+", "", line): number for number, line in enumerate(text.splitlines(), 1)}
    shown |= {line: number for number, line in enumerate(text.splitlines(), 1)}
    return sorted(shown[instruction] for instruction in instructions)
