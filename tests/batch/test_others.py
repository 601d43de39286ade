"""Files that change with the Dockerfile: in the diff, written together or not at all, by one Dockerfile of a folder."""

import subprocess
from pathlib import Path

import pytest

from dockopt.batch import files
from dockopt.cli import main
from dockopt.errors import InputError
from dockopt.fixes import FileChange

TEXT = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n'
AFTER = TEXT.replace("install", "install --no-cache-dir")
CHOSEN = ("--select", "use-pip-no-cache-dir,add-ignore-rules")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "app.py").write_text("print()\n")
    (tmp_path / "requirements.txt").write_text("flask\n")
    (tmp_path / "Dockerfile").write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_written_together(project: Path) -> None:
    assert main(("fix", *CHOSEN, "Dockerfile")) == 0
    assert (project / "Dockerfile").read_text() == AFTER
    assert (project / ".dockerignore").read_text() == ".git\n"
    assert main(("fix", *CHOSEN, "--check", "Dockerfile")) == 0


def test_the_diff_applies(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / ".dockerignore").write_text("*.log")
    assert main(("fix", *CHOSEN, "--diff", "--format", "diff", "Dockerfile")) == 1
    diff = capfd.readouterr().out
    subprocess.run(["git", "apply", "--unsafe-paths", "--directory=.", "-"], input=diff, text=True, check=True, env={})
    assert (project / "Dockerfile").read_text() == AFTER
    assert (project / ".dockerignore").read_text() == "*.log\n.git\n"


def test_one_dockerfile_of_a_folder_changes_it(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "worker.Dockerfile").write_text(AFTER)
    assert main(("fix", *CHOSEN, "--diff", "--format", "diff", ".")) == 1
    assert capfd.readouterr().out.count("+++ b/.dockerignore") == 1
    assert main(("fix", *CHOSEN, "--check", "worker.Dockerfile")) == 1


def test_the_dockerfiles_own_rules_come_first(project: Path) -> None:
    (project / "Dockerfile.dockerignore").write_text("dist\n")
    assert main(("fix", *CHOSEN, "Dockerfile")) == 0
    assert (project / "Dockerfile.dockerignore").read_text() == "dist\n.git\n"
    assert not (project / ".dockerignore").exists()


def test_all_or_nothing(project: Path) -> None:
    place = str(project / "Dockerfile")
    change = FileChange(str(project / ".dockerignore"), None, ".git\n")
    with pytest.raises(InputError):
        files.replace_with_others(place, place, b"FROM another\n", b"FROM x\n", (change,))
    assert (project / "Dockerfile").read_text() == TEXT
    assert not (project / ".dockerignore").exists()


def test_a_file_that_appeared_meanwhile_is_kept(project: Path) -> None:
    place = str(project / "Dockerfile")
    (project / ".dockerignore").write_text("mine\n")
    change = FileChange(str(project / ".dockerignore"), None, ".git\n")
    with pytest.raises(InputError):
        files.replace_with_others(place, place, TEXT.encode(), b"FROM x\n", (change,))
    assert (project / "Dockerfile").read_text() == TEXT
    assert (project / ".dockerignore").read_text() == "mine\n"
