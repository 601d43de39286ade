"""What was accepted stays as it is; what is new does not hide behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dockopt.batch import configuration
from dockopt.cli import main

FIRST = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"
SECOND = "RUN apt-get update && apt-get install -y git\n"
FIX = ("fix", "--select", "remove-apt-lists")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    Path("web").mkdir()
    Path("web/Dockerfile").write_text(FIRST, encoding="utf-8")
    yield tmp_path
    configuration.forget()


def text() -> str:
    return Path("web/Dockerfile").read_text(encoding="utf-8")


def test_writing_one_changes_no_dockerfile() -> None:
    assert main([*FIX, "--write-baseline", "accepted.json", "."]) == 0
    assert text() == FIRST
    assert main([*FIX, "--check", "."]) == 1
    assert main([*FIX, "--check", "--baseline", "accepted.json", "."]) == 0


def test_what_would_take_the_place_of_accepted_fixes_is_accepted_too() -> None:
    """Without the split, clean-ups are proposed for what the builder stage would have held."""
    lines = ["FROM python:3.12", "WORKDIR /app", "RUN apt-get update", "RUN apt-get install -y gcc libpq-dev"]
    lines += ("COPY . .", "RUN pip install -r requirements.txt", 'CMD ["gunicorn", "app:app"]')
    Path("web/Dockerfile").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    Path("web/requirements.txt").write_text("flask==3.0.3\ngunicorn==22.0.0\n", encoding="utf-8")
    Path("web/app.py").write_text("import flask\n", encoding="utf-8")
    assert main(["fix", "--check", "--ignore", "split-builder-stage", "."]) == 1
    assert main(["fix", "--write-baseline", "accepted.json", "."]) == 0
    assert main(["fix", "--check", "--baseline", "accepted.json", "."]) == 0


def test_accepted_fixes_move_with_their_text_and_are_not_written() -> None:
    main([*FIX, "--write-baseline", "accepted.json", "."])
    moved = FIRST.replace("RUN", "ENV A=b\n\n# new\nRUN")
    Path("web/Dockerfile").write_text(moved, encoding="utf-8")
    assert main([*FIX, "--baseline", "accepted.json", "."]) == 0
    assert text() == moved


def test_new_waste_is_found_beside_what_is_accepted() -> None:
    main([*FIX, "--write-baseline", "accepted.json", "."])
    Path("web/Dockerfile").write_text(FIRST + SECOND, encoding="utf-8")
    assert main([*FIX, "--check", "--baseline", "accepted.json", "."]) == 1
    assert main([*FIX, "--baseline", "accepted.json", "."]) == 0
    assert text() == FIRST + SECOND.replace("git", "git && rm -rf /var/lib/apt/lists/*")


def test_an_accepted_fix_counts_once() -> None:
    main([*FIX, "--write-baseline", "accepted.json", "."])
    Path("web/Dockerfile").write_text(FIRST + FIRST.partition("\n")[2], encoding="utf-8")
    assert main([*FIX, "--check", "--baseline", "accepted.json", "."]) == 1


@pytest.mark.parametrize("content", ["", "[]", '{"schema": 1}', '{"schema": 1, "accepted": {"a": 1}}'])
def test_no_baseline(content: str, capfd: pytest.CaptureFixture[str]) -> None:
    Path("accepted.json").write_text(content, encoding="utf-8")
    assert main([*FIX, "--baseline", "accepted.json", "."]) == 2
    assert "--write-baseline makes" in capfd.readouterr().err
    assert text() == FIRST
