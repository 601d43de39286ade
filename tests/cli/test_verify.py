"""`dockopt verify` and `dockopt fix --verify` where something is missing or wrong, with an engine that plays one."""

import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from dockopt.build import behaviour, engine
from dockopt.cli import main
from dockopt.engine import pipeline
from tests.build.kitchen import Kitchen
from tests.wrong import wrong

TEXT = "FROM scratch\nRUN write var/lib/apt/lists/x 123456\nUSER app\n"
FIXED = "FROM scratch\nRUN write tmp/x y\nUSER app\n"
GOOD = wrong("drop_lists", "var/lib/apt/lists/x 123456", "tmp/x y")
BAD = wrong("other_user", "USER app", "USER root")


class Ran(NamedTuple):
    status: int
    out: str
    errors: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(behaviour, "SETTLED", 0.0)
    monkeypatch.setattr(pipeline, "all_transforms", lambda: (GOOD, BAD))
    Path("Dockerfile").write_text(TEXT)

    def call(*arguments: str) -> Ran:
        status = main(arguments)
        return Ran(status, *capfd.readouterr())

    return call


@pytest.fixture
def kitchen(monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    found = Kitchen()
    monkeypatch.setattr(engine, "engine", lambda _="": found)
    return found


def test_without_an_engine(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    reasons = "; ".join(f"{name} cannot be started: no such file or directory" for name in engine.ADAPTERS)
    expected = Ran(2, "", f"dockopt: no container engine answers: {reasons}\n")
    assert run("verify", "Dockerfile") == expected
    assert run("fix", "--verify", "Dockerfile") == expected
    assert Path("Dockerfile").read_text() == TEXT


@pytest.mark.usefixtures("kitchen")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("verify", "--http", "health"), "a page is PORT/PATH, such as 8000/health, and not 'health'"),
        (("verify", "--http", "99999/"), "a page is PORT/PATH, such as 8000/health, and not '99999/'"),
        (("verify", "--smoke", "[1, "), "'[1, ' begins like a JSON array and is none"),
        (("fix", "--verify", "-"), "--verify of standard input needs --context DIR to build in"),
    ],
)
def test_options_that_cannot_be(run: Run, arguments: tuple[str, ...], message: str) -> None:
    assert run(*arguments) == Ran(2, "", f"dockopt: {message}\n")


@pytest.mark.usefixtures("kitchen")
@pytest.mark.parametrize("option", ["--timeout", "--wait"])
@pytest.mark.parametrize("value", ["0", "-5", "nan", "inf"])
def test_times_that_cannot_be_waited(run: Run, option: str, value: str) -> None:
    ran = run("verify", "Dockerfile", option, value)
    assert ran.status == 2
    assert ran.errors.endswith(f"Error: Invalid value for '{option}': give a number of seconds that is more than 0\n")


def test_a_full_disk_is_one_line(run: Run, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *_: object) -> None:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    ran = run("verify", "Dockerfile")
    assert (ran.status, ran.out) == (2, "")
    assert re.fullmatch(
        r"dockopt: /\S+/0 cannot be written: no space left on device; make room, or set TMPDIR to another folder\n",
        ran.errors,
    )
    assert len(kitchen.removed) == 1


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_request_to_end_is_cleaned_up_after(
    run: Run, kitchen: Kitchen, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = signal.Signals[name]
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGHUP)

    def asked_to_end(_: int) -> dict[str, str]:
        signal.raise_signal(number)
        return {}

    def again(prefix: str, _: str = "") -> None:
        signal.raise_signal(number)
        kitchen.removed.append(prefix)

    kitchen.every_build = asked_to_end
    monkeypatch.setattr(kitchen, "remove", again)
    signal.signal(number, signal.SIG_DFL)  # whatever started the tests may have it ignored
    try:
        with pytest.raises(SystemExit) as ended:
            run("verify", "Dockerfile")
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGHUP, before[1])
    assert ended.value.code == 128 + number
    assert len(kitchen.removed) == 1


def test_options_of_building_want_verify(run: Run) -> None:
    ran = run("fix", "--network", "host")
    assert ran.status == 2
    assert ran.errors.endswith("Error: options about building go together with --verify\n")


@pytest.mark.usefixtures("kitchen")
def test_exit_status_tells_the_worst(run: Run) -> None:
    assert run("verify", "--ignore", "none").status == 2
    assert run("verify", "Dockerfile").status == 1
    assert run("verify", "Dockerfile", "gone").status == 2
    Path("Dockerfile").write_text("FROM scratch\n")
    assert run("verify", "Dockerfile") == Ran(
        0,
        "Dockerfile: unchanged: dockopt has nothing to change\n\n"
        "              measured   estimated\n"
        "  before           7 B         0 B\n\n"
        "  answers as the original\n"
        "      start: ends with status 0\n\n",
        "",
    )


@pytest.mark.usefixtures("kitchen")
def test_a_folder_without_dockerfiles(run: Run) -> None:
    Path("Dockerfile").unlink()
    assert run("verify") == Ran(0, "", "no Dockerfile found in .\n")


@pytest.mark.parametrize("command", [("verify", "--total"), ("fix", "--verify")])
def test_settings_of_the_folder_hold(command: tuple[str, ...], run: Run, kitchen: Kitchen) -> None:
    """Context, files to leave alone, and what services say where the settings say nothing."""
    for name in ("own", "excluded", "built"):
        Path(name).mkdir()
        (Path(name) / "Dockerfile").write_text(TEXT)
    Path("Dockerfile").unlink()
    Path("dockopt.toml").write_text('exclude = ["excluded"]\n[folders.own]\ncontext = "built"\n')
    Path("compose.yaml").write_text("services: {x: {build: {context: ., dockerfile: built/Dockerfile}}}\n")
    run(*command, ".")
    assert set(kitchen.contexts) == {".", str(Path("built").resolve())}
    kitchen.contexts.clear()
    run(*command, "own", "--context", "excluded")
    assert set(kitchen.contexts) == {"excluded"}


def test_a_level_of_the_settings_holds(run: Run, kitchen: Kitchen) -> None:
    Path("dockopt.toml").write_text('level = "nonsense"\n')
    assert "Dockerfile: not judged" in run("verify", "Dockerfile").out
    Path("dockopt.toml").write_text('[levels]\nremove-apt-lists = "off"\n')
    assert run("verify", "Dockerfile").status == 1
    assert kitchen.built


def test_nothing_is_written_by_verify(run: Run, kitchen: Kitchen) -> None:
    assert run("verify", "Dockerfile").status == 1
    assert Path("Dockerfile").read_text() == TEXT
    assert len(kitchen.removed) == 1


def test_keep(run: Run, kitchen: Kitchen) -> None:
    run("verify", "Dockerfile", "--keep")
    assert kitchen.removed == []


@pytest.mark.usefixtures("kitchen")
def test_fix_applies_what_was_verified(run: Run) -> None:
    ran = run("fix", "--verify", "Dockerfile")
    assert (ran.status, ran.errors) == (0, "")
    assert "rejected other-user (replace what works); with it, User is root and not app\n" in ran.out
    assert "  verified  built and compared: 13 B to 8 B, 38% smaller\n" in ran.out
    assert Path("Dockerfile").read_text() == FIXED


@pytest.mark.usefixtures("kitchen")
def test_fix_leaves_a_file_whose_original_fails(run: Run) -> None:
    text = f"{TEXT}RUN fail\n"
    Path("Dockerfile").write_text(text)
    ran = run("fix", "--verify", "Dockerfile")
    assert ran.status == 2
    assert ran.errors == (
        "Dockerfile: error: not verified, and not written: the original does not build: "
        "ERROR: process did not complete: exit code: 1\n"
    )
    assert Path("Dockerfile").read_text() == text


def test_an_engine_that_dies_ends_the_run_with_one_line(run: Run, kitchen: Kitchen) -> None:
    kitchen.dies_at = 2
    assert run("fix", "--verify", "Dockerfile") == Ran(
        2, "", "dockopt: kitchen does not answer; start it and run again\n"
    )
    assert Path("Dockerfile").read_text() == TEXT
    assert len(kitchen.removed) == 1


def test_a_bug_of_ours_stays_with_its_file(run: Run, kitchen: Kitchen) -> None:
    Path("other.Dockerfile").write_text("FROM scratch\n")
    kitchen.every_build = lambda number: {"x": str(1 // (number - 1))}
    ran = run("verify", "Dockerfile", "other.Dockerfile")
    assert ran.status == 2
    assert (
        "  internal error: ZeroDivisionError: integer division or modulo by zero; please report this file\n" in ran.out
    )
    assert "other.Dockerfile: unchanged: dockopt has nothing to change\n" in ran.out
