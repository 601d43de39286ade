"""The GitHub action, the pre-commit hooks and the GitLab template, with their steps run as their runners run them."""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.formats.runs import CACHED, IDENTITY, Done, git, repository, run, write

ROOT = Path(__file__).parents[2]
OLD = {"old/Dockerfile": CACHED, "new/Dockerfile": "FROM scratch\n"}
NEW = {"new/Dockerfile": CACHED}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with a change on top of its base, and dockopt and other programs to find on the way."""
    found = repository(tmp_path / "repository", OLD)
    git(found, "tag", "base")
    write(found, NEW)
    git(found, "commit", "-qam", "second")
    programs = tmp_path / "programs"
    programs.mkdir()
    program(programs / "dockopt", f'exec "{sys.executable}" -m dockopt "$@"')
    return found


def program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


class Action:
    """Runs the steps of `action.yml` as GitHub's runner does: one shell for each, variables from expressions."""

    def __init__(self, folder: Path, inputs: Mapping[str, str], number: str = "7") -> None:
        self.folder = folder
        self.place = folder.parent
        self.definition: Any = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        self.inputs = {name: one["default"] for name, one in self.definition["inputs"].items()} | dict(inputs)
        self.event = {"base.sha": git(folder, "rev-parse", "base").strip(), "number": number}
        self.done: dict[str, Done] = {}

    def run(self) -> "Action":
        for step in self.definition["runs"]["steps"]:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"], "what a stranger may write would become a part of the program"
            if "if" in step and not self.holds(step["if"]):
                continue
            variables = {name: self.value(text) for name, text in step.get("env", {}).items()}
            self.done[step["name"]] = self.shell(step["run"], variables)
            if self.done[step["name"]].status:
                break
        return self

    def shell(self, text: str, variables: Mapping[str, str]) -> Done:
        given = {
            "PATH": f"{self.place / 'programs'}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.place / "outputs"),
            "GITHUB_STEP_SUMMARY": str(self.place / "summary.md"),
            "GITHUB_REPOSITORY": "owner/name",
            "RUNNER_TEMP": str(self.place),
        }
        script = self.place / "step.sh"
        script.write_text(text, encoding="utf-8")
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        return run(self.folder, command, variables=given | dict(variables))

    def value(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: self.expression(match[1]), text)

    def expression(self, text: str) -> str:
        for part in text.split(" || "):
            kind, _, name = part.partition(".")
            known: dict[str, dict[str, str]] = {
                "inputs": self.inputs,
                "github": {f"event.pull_request.{k}": v for k, v in self.event.items()},
            }
            if value := known[kind].get(name, ""):
                return value
        return ""

    def holds(self, condition: str) -> bool:
        return all(self.term(term) for term in condition.split(" && "))

    def term(self, term: str) -> bool:
        name, operator, value = [*term.split(" ", 2), "", ""][:3]
        found = self.expression(name)
        return bool(found) if not operator else (found == value.strip("'")) is (operator == "==")

    def output(self, name: str) -> str:
        lines = (self.place / "outputs").read_text(encoding="utf-8").splitlines()
        return Path(dict(line.split("=", 1) for line in lines)[name]).read_text(encoding="utf-8")


def test_action_annotates_what_changed(folder: Path) -> None:
    action = Action(folder, {}).run()
    assert {name: done.status for name, done in action.done.items()} == {"Install dockopt": 0, "Look at Dockerfiles": 0}
    look = action.done["Look at Dockerfiles"]
    assert look.errors == b""
    places = {line.split(",")[0].split(" ")[1] for line in look.out.decode().splitlines()}
    assert places == {"file=new/Dockerfile"}
    summary = (folder.parent / "summary.md").read_text(encoding="utf-8")
    assert summary == action.output("markdown")
    assert summary.startswith("<!-- dockopt -->\n### dockopt: ")
    assert "| <code>new/Dockerfile</code> |" in summary
    assert "old/Dockerfile" not in summary
    assert json.loads(action.output("sarif"))["version"] == "2.1.0"
    assert action.output("html").startswith("<!DOCTYPE html>")
    assert git(folder, "status", "--porcelain") == ""


def test_action_looks_at_all_and_fails_over_a_threshold(folder: Path) -> None:
    action = Action(folder, {"all": "true", "fail-over": "10MB"}).run()
    assert action.done["Judge"].status == 1
    assert action.done["Judge"].out == b"::error title=dockopt::more than 10MB could be saved\n"
    assert "old/Dockerfile" in action.output("markdown")
    assert Action(folder, {"all": "true", "fail-over": "10GB"}).run().done["Judge"].status == 0


def test_action_says_what_is_wrong(folder: Path) -> None:
    action = Action(folder, {"paths": "new\nnone\n", "all": "true"}).run()
    assert action.done["Look at Dockerfiles"].status != 0
    assert b"::error file=none,title=dockopt::no such file or folder\n" in action.done["Look at Dockerfiles"].out


def test_paths_are_no_program(folder: Path) -> None:
    Action(folder, {"paths": "$(touch ../owned)\n`touch ../owned`; touch ../owned", "all": "true"}).run()
    assert not (folder.parent / "owned").exists()


@pytest.mark.parametrize(
    ("known", "call"),
    [("", "POST repos/owner/name/issues/7/comments"), ("41", "PATCH repos/owner/name/issues/comments/41")],
)
def test_action_renews_its_comment(known: str, call: str, folder: Path) -> None:
    log = folder.parent / "calls"
    said = f'if [ "$2" = --paginate ]; then echo "{known}"; else echo "$3 $4 $6" >> {log}; fi'
    program(folder.parent / "programs" / "gh", said)
    action = Action(folder, {"comment": "true"}).run()
    assert action.done["Comment"] == Done(0, b"", b"")
    assert log.read_text(encoding="utf-8") == f"{call} body=@{folder.parent / 'dockopt.markdown'}\n"


def test_action_suggests(folder: Path) -> None:
    log = folder.parent / "suggested.json"
    program(folder.parent / "programs" / "reviewdog", f"cat > {log}")
    assert Action(folder, {"suggestions": "true"}).run().done["Suggest"].status == 0
    [one] = [one for one in json.loads(log.read_text(encoding="utf-8"))["diagnostics"] if "suggestions" in one][:1]
    assert one["location"]["path"] == "new/Dockerfile"


def test_no_comment_without_a_pull_request(folder: Path) -> None:
    assert "Comment" not in Action(folder, {"comment": "true"}, number="").run().done


def test_gitlab_template(folder: Path) -> None:
    job = yaml.safe_load((ROOT / "templates" / "gitlab-ci.yml").read_text(encoding="utf-8"))["dockopt"]
    given = {"PATH": f"{folder.parent / 'programs'}{os.pathsep}{os.environ['PATH']}"}
    given["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = git(folder, "rev-parse", "base").strip()
    script = "\n".join(job["script"])
    done = run(folder, ["sh", "-e", "-c", script], variables=given | job["variables"])
    assert (done.status, done.errors) == (0, b"")
    found = json.loads((folder / job["artifacts"]["reports"]["codequality"]).read_bytes())
    assert {one["location"]["path"] for one in found} == {"new/Dockerfile"}
    [page] = job["artifacts"]["paths"]
    assert (folder / page).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    strict = given | job["variables"] | {"DOCKOPT_FAIL_OVER": "10MB"}
    assert run(folder, ["sh", "-e", "-c", script], variables=strict).status == 1


def hooks(folder: Path) -> None:
    """The hooks for a repository, as pre-commit would install them, but for the installation."""
    defined = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    local = {"repos": [{"repo": "local", "hooks": [hook | {"language": "system"} for hook in defined]}]}
    write(folder, {".pre-commit-config.yaml": yaml.safe_dump(local), "src/dockerfile.py": "x = 1\n"})
    git(folder, "add", "-A")


def pre_commit(folder: Path, hook: str) -> Done:
    given = {"PATH": f"{folder.parent / 'programs'}{os.pathsep}{os.environ['PATH']}", **IDENTITY}
    given["PRE_COMMIT_HOME"] = str(folder.parent / "pre-commit")
    return run(folder, [sys.executable, "-m", "pre_commit", "run", "--all-files", hook], variables=given)


def test_pre_commit_checks_and_fixes(folder: Path) -> None:
    pytest.importorskip("pre_commit")
    hooks(folder)
    checked = pre_commit(folder, "dockopt-check")
    assert checked.status == 1, checked.errors
    assert b"2 of 2 files would change" in checked.out
    assert git(folder, "diff", "--name-only") == ""
    assert pre_commit(folder, "dockopt").status == 1
    assert git(folder, "diff", "--name-only") == "new/Dockerfile\nold/Dockerfile\n"
    git(folder, "add", "-A")
    assert pre_commit(folder, "dockopt").status == 0
    assert pre_commit(folder, "dockopt-check").status == 0


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("Dockerfile", True),
        ("a/dockerfile.dev", True),
        ("web.Dockerfile", True),
        ("Containerfile", True),
        ("Dockerfile.dockerignore", False),
        ("Dockerfile.md", False),
        ("docs/dockerfile.py", False),
        ("my-dockerfile", False),
        ("Dockerfile.j2", False),
    ],
)
def test_which_files_hooks_take(name: str, taken: bool) -> None:
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        assert bool(re.search(hook["files"], name) and not re.search(hook["exclude"], name)) is taken
