"""Which instructions run again after a change of a source, what is pushed, and which file stands for the change."""

import pytest

from dockopt.context.tree import MemoryContext
from dockopt.estimate.rebuild import ANY, Rebuild, rebuild
from dockopt.estimate.stages import Walk
from dockopt.model.dockerfile import Dockerfile

FILES = {"app.py": "x" * 1000, "web/page.html": "<p>", "requirements.txt": "flask\n", "tests/test_app.py": "y"}


def after(text: str, files: dict[str, str] | None = FILES, changed: str | None = None) -> Rebuild:
    context = MemoryContext(files) if files is not None else None
    file = Dockerfile.parse(text, context)
    return rebuild(Walk(file, context), file.final, changed)


def lines(text: str, files: dict[str, str] | None = FILES, changed: str | None = None) -> list[int]:
    return [rerun.line for rerun in after(text, files, changed).reruns]


PIP = "FROM python:3.12-slim\nWORKDIR /app\n"


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (f"{PIP}COPY . .\nRUN pip install -r requirements.txt\n", [3, 4]),
        (f"{PIP}COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n", [5]),
        (f"{PIP}COPY requirements.txt .\nRUN pip install -r requirements.txt\n", []),
        (f"{PIP}COPY *.py ./\nRUN python check.py\nENV A=b\nRUN true\n", [3, 4, 6]),
        (f"{PIP}COPY web web\nRUN true\n", [3, 4]),
        (f"{PIP}COPY --exclude=*.py --exclude=**/*.py . .\nRUN true\n", [3, 4]),
        (f"{PIP}RUN --mount=type=bind,target=/src pip install /src\nRUN true\n", [3, 4]),
        (f"{PIP}RUN --mount=type=bind,source=requirements.txt,target=/r.txt pip install -r /r.txt\nCOPY . .\n", [4]),
        (f"{PIP}COPY <<E /x\ntext\nE\nRUN true\n", []),
        (f"{PIP}ADD https://example.com/x /x\nRUN true\n", []),
    ],
)
def test_everything_after_the_copy_runs_again(text: str, again: list[int]) -> None:
    assert lines(text) == again


BUILD = "FROM python:3.12 AS b\nCOPY requirements.txt /\nRUN pip install --target /deps -r /requirements.txt\n"


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (f"{BUILD}FROM python:3.12-slim\nCOPY --from=b /deps /deps\nCOPY . /app\n", [6]),
        (f"{BUILD}COPY . /app\nFROM python:3.12-slim\nCOPY --from=b /deps /deps\nRUN true\n", [4]),
        (f"{BUILD}COPY . /app\nFROM python:3.12-slim\nCOPY --from=b /app /app\nRUN true\n", [4, 6, 7]),
        (f"{BUILD}COPY . /app\nFROM python:3.12-slim\nCOPY --from=b /app/web /web\n", [4]),
        (
            f"{BUILD}COPY . /app\nRUN mv /app /b\nFROM debian:12\nCOPY --from=b /b/web /w\nCOPY --from=b /b/app.py /\n",
            [4, 5, 8],
        ),
        (f"{BUILD}COPY . /app\nRUN ./make\nFROM python:3.12-slim\nCOPY --from=b /out /out\n", [4, 5, 7]),
        (f"{BUILD}COPY . /app\nFROM b\nRUN true\n", [4, 6]),
        (f"{BUILD}COPY . /app\nFROM python:3.12-slim\nRUN true\n", []),
        (
            f"{BUILD}COPY . /app\nFROM debian:12\nRUN --mount=type=bind,from=b,source=/app,target=/a cp -r /a /b\n",
            [4, 6],
        ),
        (f"{BUILD}FROM python:3.12-slim\nCOPY . /app\nCOPY --link --from=b /deps /deps\n", [5]),
    ],
)
def test_stages_hand_a_change_on_with_what_is_copied(text: str, again: list[int]) -> None:
    assert lines(text) == again


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (("main.go", "go.mod", "README.md"), "main.go"),
        (("src/a/deep.ts", "src/index.ts", "package.json", "webpack.config.js"), "src/index.ts"),
        (("page.html", "package.json"), "page.html"),
        (("tests/test_a.py", "lib/a.py"), "lib/a.py"),
        (("tests/test_a.py",), "tests/test_a.py"),
        (("data.csv", "Dockerfile"), "data.csv"),
        (("package.json", "package-lock.json", "requirements-dev.txt"), ""),
    ],
)
def test_a_source_stands_for_the_change(files: tuple[str, ...], chosen: str) -> None:
    assert after("FROM scratch\nCOPY . /\n", dict.fromkeys(files, "x")).changed == chosen


def test_the_change_is_one_that_most_sources_share() -> None:
    files = dict.fromkeys(("one.py", "app/a.py", "app/b.py"), "x")
    assert after("FROM debian:12\nCOPY one.py /\nRUN true\nCOPY app /app\n", files).changed == "app/a.py"


def test_without_a_context_whole_folders_change() -> None:
    found = after("FROM debian:12\nCOPY package.json /\nRUN true\nCOPY . /app\nRUN true\n", None)
    assert (found.changed, [rerun.line for rerun in found.reruns]) == (ANY, [4, 5])
    assert after("FROM debian:12\nCOPY package*.json /\nRUN true\n", None).changed == ""


def test_a_file_that_was_chosen_elsewhere() -> None:
    text = f"{PIP}COPY requirements.txt .\nRUN true\nCOPY . .\n"
    assert lines(text, changed="requirements.txt") == [3, 4, 5]


def test_only_layers_of_the_image_are_pushed() -> None:
    found = after(f"{BUILD}COPY . /app\nFROM python:3.12-slim\nCOPY --from=b /app/app.py /app.py\n")
    assert found.pushed == (150, 220, 350)
    everything = after("FROM python:3.12-slim\nCOPY . /app\nRUN pip install -r /app/requirements.txt\n")
    assert everything.pushed.low > 1_000_000


def test_times_are_ordered_and_those_of_the_instructions() -> None:
    found = after(
        f"{PIP}COPY . .\nRUN apt-get update && apt-get install -y gcc && pip install flask && ./strange && go build\n"
    )
    low, expected, high = found.milliseconds
    assert 5_000 < low < expected < high < 2_000_000
    assert expected == sum(rerun.milliseconds.expected for rerun in found.reruns)


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("true", "pip install flask"),
        ("pip install flask", "pip install numpy"),
        ("apt-get install -y curl", "apt-get install -y build-essential"),
        ("npm --version", "npm ci"),
        ("gcc a.c", "make"),
        ("apt-get clean", "apt-get update"),
        ("apt-get update", "apt-get dist-upgrade"),
        ("python -m venv /v", "cargo build"),
        ("go mod download", "go build"),
        ("pip install six", "npm run build"),
        ("python3 x.py", "mvn package"),
    ],
)
def test_what_takes_longer(shorter: str, longer: str) -> None:
    first, second = (after(f"FROM debian:12\nCOPY . /\nRUN {one}\n").milliseconds for one in (shorter, longer))
    assert first.expected < second.expected


def test_unread_commands_have_a_wide_range() -> None:
    low, expected, high = after('FROM debian:12\nCOPY . /\nRUN ["/strange"]\n').milliseconds
    assert low < expected / 5
    assert high > expected * 20


def test_a_name_that_people_recognise() -> None:
    files = dict.fromkeys(("app/__init__.py", "app/sub/a.py", "app/main.py", "b.d.ts"), "x")
    assert after("FROM debian:12\nCOPY . /app\n", files).changed == "app/main.py"
