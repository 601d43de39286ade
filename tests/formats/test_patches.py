"""Patches and branches: what git makes of them is what `dockopt fix` writes, and nothing else is touched."""

import json
from pathlib import Path

from dockopt.batch.parts import standing, with_part
from dockopt.batch.work import Job, rewrite
from dockopt.config import Settings
from tests.formats.runs import CACHED, SEVERAL, dockopt, git, repository, run, write

CRLF = "FROM debian:12\r\nRUN apt-get update && apt-get install -y curl wget\r\n"
BYTES = b"FROM debian:12\n# \xff\nRUN apt-get update && apt-get install -y curl # \xfe"
SPLIT = "FROM python:3.12\nCOPY . /app\nRUN pip install flask\nWORKDIR /app\nCMD python app.py\n"
FILES: dict[str, str | bytes] = {
    "a/Dockerfile": SEVERAL,
    "b c/Dockerfile": CRLF,
    "d/Dockerfile": BYTES,
    "e/Dockerfile": SPLIT,
    "e/app.py": "print(1)\n",
    "f/Dockerfile": "FROM scratch\n",
}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def rewritten(tmp_path: Path) -> dict[str, bytes]:
    """What `dockopt fix` itself makes of the files."""
    whole = tmp_path / "whole"
    write(whole, FILES)
    assert dockopt(whole, "fix", ".").status == 0
    return contents(whole)


def test_a_series_applied_in_order_is_the_whole(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", FILES)
    done = dockopt(folder, "fix", "--format", "patch", ".")
    assert (done.status, done.errors) == (0, b"")
    assert contents(folder) == {name: text.encode() if isinstance(text, str) else text for name, text in FILES.items()}
    mails = [b"From 0000" + mail for mail in done.out.split(b"From 0000")[1:]]
    assert len(mails) > 3
    for mail in mails:
        git(folder, "apply", "--check", data=mail)
        git(folder, "apply", data=mail)
    assert contents(folder) == rewritten(tmp_path)
    git(folder, "checkout", "-q", ".")
    assert run(folder, ["git", "am", "-q", "--keep-cr"], data=done.out).status == 0
    assert contents(folder) == rewritten(tmp_path)
    assert git(folder, "rev-list", "--count", "HEAD") == f"{len(mails) + 1}\n"


def test_the_message_says_what_why_and_how_much(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", {"Dockerfile": CACHED})
    done = dockopt(folder, "fix", "--format", "patch", "--select", "remove-apt-lists")
    assert run(folder, ["git", "am", "-q"], data=done.out).status == 0
    saves = git(folder, "log", "-1", "--format=%B").partition("saves ")[2].partition(")")[0]
    assert git(folder, "log", "-1", "--format=%an %s%n%b") == (
        "dockopt dockopt: remove-apt-lists in Dockerfile\n"
        "Delete apt's package lists in the RUN that downloaded them.\n\n"
        "Line 2: remove apt's package lists in the RUN that fetched them (safe\n"
        f"  level; saves {saves})\n"
        "- the lists are fetched here and not removed\n"
        "- no later instruction reads them\n\n"
        f"Estimated: saves {saves}.\n\n"
    )
    assert saves.endswith(" MB")


def test_a_series_from_a_folder_below(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", {"a/b/Dockerfile": CACHED})
    done = dockopt(folder / "a", "fix", "--format", "patch", "b")
    git(folder, "apply", "--check", data=done.out)


def test_branches_leave_everything_else_alone(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", FILES)
    write(folder, {"staged": "1\n", "f/Dockerfile": "FROM scratch\nENV A=1\n"})
    git(folder, "add", "staged")
    before = (git(folder, "status", "--porcelain=v2", "--branch"), git(folder, "ls-files", "--stage"), contents(folder))
    done = dockopt(folder, "fix", "--split-by", "transform", ".")
    assert (done.status, done.errors) == (0, b"")
    after = (git(folder, "status", "--porcelain=v2", "--branch"), git(folder, "ls-files", "--stage"), contents(folder))
    assert after == before
    names = git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/dockopt/").splitlines()
    assert [line.split()[0] for line in done.out.decode().splitlines()] == names
    git(folder, "checkout", "-q", "-f", names[-1])
    assert contents(folder) == rewritten(tmp_path)
    assert dockopt(folder, "fix", "--check", ".").status == 0


def test_a_branch_for_each_file(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", FILES)
    assert dockopt(folder, "fix", "--split-by", "file", "--branch-prefix", "x/", ".").status == 0
    names = git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/x/").splitlines()
    assert names == ["x/a-Dockerfile", "x/b-c-Dockerfile", "x/d-Dockerfile", "x/e-Dockerfile"]
    changed = [git(folder, "diff", "--name-only", "main", name) for name in names]
    assert changed == ["a/Dockerfile\n", "b c/Dockerfile\n", "d/Dockerfile\n", "e/Dockerfile\n"]
    git(folder, "merge", "-q", "--no-edit", *names)
    assert contents(folder) == rewritten(tmp_path)


def test_a_branch_for_each_service(tmp_path: Path) -> None:
    compose = "services:\n  web:\n    build: a\n  worker:\n    build: {context: e}\n"
    folder = repository(tmp_path / "repository", FILES | {"compose.yaml": compose})
    assert dockopt(folder, "fix", "--split-by", "service", ".").status == 0
    names = git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/dockopt/").splitlines()
    assert names == ["dockopt/b-c", "dockopt/d", "dockopt/web", "dockopt/worker"]
    assert git(folder, "diff", "--name-only", "main", "dockopt/worker") == "e/Dockerfile\n"


def test_what_is_not_committed_is_refused(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", {"Dockerfile": "FROM scratch\n"})
    write(folder, {"Dockerfile": CACHED})
    done = dockopt(folder, "fix", "--split-by", "transform")
    assert done.status == 2
    assert done.errors == b"dockopt: Dockerfile has changes that are not committed; commit or stash them first\n"
    write(folder, {"Dockerfile": "FROM scratch\n", "new.Dockerfile": CACHED})
    done = dockopt(folder, "fix", "--split-by", "file", ".")
    assert done.errors == b"dockopt: new.Dockerfile is not committed; commit it first\n"
    assert git(folder, "for-each-ref", "--format=%(refname:short)") == "main\n"


def test_a_branch_that_is_there(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", {"Dockerfile": CACHED})
    first = dockopt(folder, "fix", "--split-by", "file")
    tip = git(folder, "rev-parse", "dockopt/Dockerfile")
    again = dockopt(folder, "fix", "--split-by", "file")
    assert (again.status, again.out) == (0, first.out.replace(b"\n", b", as it was\n"))
    other = dockopt(folder, "fix", "--split-by", "file", "--select", "remove-apt-lists")
    assert other.status == 2
    assert b"the branch dockopt/Dockerfile is there already, with something else" in other.errors
    assert git(folder, "rev-parse", "dockopt/Dockerfile") == tip


def test_parts_stand_alone() -> None:
    """Each part by itself is what dockopt makes when every other fix is rejected; both together are the whole."""
    text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nENV A=1\nENV B=2\nENV C=3\n" * 2
    settings = Settings(select=frozenset({"remove_apt_lists"}))
    result = rewrite("Dockerfile", text.encode(), Job(settings, None, measure=False))
    assert result.outcome is not None
    parts = standing(result.outcome, settings, None)
    line = "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"
    assert [tuple(part) for part in parts] == [(1, 2, line, (1,), True), (6, 7, line, (2,), True)]
    assert with_part(with_part(text, parts[1]), parts[0]) == result.text


def test_parts_that_one_fix_joins() -> None:
    result = rewrite("Dockerfile", SPLIT.encode(), Job(Settings(), None, measure=False))
    assert result.outcome is not None
    [part] = standing(result.outcome, Settings(), None)
    assert part.alone
    assert with_part(SPLIT, part) == result.text != SPLIT


WITH_CONTEXT = {
    "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl\n",
    "app.py": "print(1)\n",
}
BOTH = ("--select", "add-ignore-rules,remove-apt-lists")


def test_a_second_file_travels_along(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", WITH_CONTEXT)
    mails = dockopt(folder, "fix", "--format", "patch", *BOTH).out
    assert dockopt(folder, "fix", "--split-by", "file", *BOTH).status == 0
    assert run(folder, ["git", "am", "-q"], data=mails).status == 0
    assert git(folder, "show", "--name-status", "--format=%s") == (
        "dockopt: add-ignore-rules in .dockerignore\n\nA\t.dockerignore\n"
    )
    assert (folder / ".dockerignore").read_text() == ".git\n"
    assert git(folder, "diff", "main", "dockopt/Dockerfile") == ""
    assert git(folder, "ls-tree", "dockopt/Dockerfile", ".dockerignore").split()[0] == "100644"
    assert dockopt(folder, "fix", "--check", *BOTH).status == 0


def test_a_second_file_is_shown_and_never_suggested(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", WITH_CONTEXT)
    found = json.loads(dockopt(folder, "fix", "--check", "--format", "rdjson", *BOTH).out)["diagnostics"]
    assert [(one["code"]["value"], "suggestions" in one) for one in found] == [
        ("remove-apt-lists", True),
        ("add-ignore-rules", False),
    ]
    page = dockopt(folder, "fix", "--check", "--format", "html", *BOTH).out.decode()
    assert '<span class="head">+++ b/.dockerignore</span>' in page
    assert '<span class="add">+.git</span>' in page
