"""What changes of files cost before and after, weighed by how often they happen."""

from dockopt.context.history import History
from dockopt.context.tree import MemoryContext
from dockopt.estimate.order import Order, order
from dockopt.model.dockerfile import Dockerfile
from dockopt.report.order import order_lines

CONTEXT = MemoryContext({"requirements.txt": "flask==3.0.3\n", "app.py": "", "lib/a.py": "", ".dockerignore": ".git\n"})
HEAD = "FROM python:3.12\nWORKDIR /app\n"
BEFORE = HEAD + "COPY . .\nRUN pip install -r requirements.txt\n"
AFTER = HEAD + "COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n"


def ordered(history: History | None, after: str = AFTER) -> Order:
    found = order(Dockerfile.parse(BEFORE, CONTEXT), Dockerfile.parse(after, CONTEXT), CONTEXT, history)
    assert found is not None
    return found


def test_files_are_grouped_by_the_instructions_that_bring_them() -> None:
    found = ordered(History({"app.py": 7, "lib/a.py": 2, "requirements.txt": 1}, 9))
    assert [(one.path, one.files, one.changes) for one in found.groups] == [
        ("app.py", 3, 9),
        ("requirements.txt", 1, 1),
    ]
    assert found.commits == 9


def test_the_mean_is_weighed_by_changes() -> None:
    often = ordered(History({"app.py": 9, "requirements.txt": 1}, 10))
    seldom = ordered(History({"app.py": 1, "requirements.txt": 9}, 10))
    source, manifest = often.groups
    assert source.after.expected < source.before.expected
    assert often.after == (9 * source.after.expected + manifest.after.expected) // 10
    assert often.after < seldom.after
    assert often.before == seldom.before


def test_without_a_history_the_kinds_of_files_decide() -> None:
    found = ordered(None)
    assert [(one.path, one.changes) for one in found.groups] == [("app.py", 10), ("requirements.txt", 2)]
    assert found.commits == 0


def test_nothing_is_copied() -> None:
    file = Dockerfile.parse("FROM debian:12\nRUN true\n", CONTEXT)
    assert order(file, file, CONTEXT, None) is None


def test_lines() -> None:
    found = ordered(History({"app.py": 7, "requirements.txt": 1, "lib/a.py": 2}, 10), BEFORE)
    first, second = order_lines(found)
    assert first.startswith("  order    a change costs ~")
    assert first.endswith(" on average, by 10 commits of its history")
    assert second.startswith("     100%  ~")
    assert second.endswith("app.py and 3 other files")


def test_what_another_commit_costs() -> None:
    commit = "ARG GIT_COMMIT\nLABEL revision=$GIT_COMMIT\n"
    before = Dockerfile.parse(BEFORE.replace("COPY", f"{commit}COPY"), CONTEXT)
    after = Dockerfile.parse(BEFORE + commit, CONTEXT)
    found = order(before, after, CONTEXT, None)
    assert found is not None
    assert found.stamps is not None
    assert found.stamps.path == "GIT_COMMIT"
    install = order(before, before, CONTEXT, History({"requirements.txt": 1}, 1))
    assert install is not None
    assert 0 < found.stamps.before.expected < install.before
    assert found.stamps.after.expected == 0
    assert list(order_lines(found))[-1].endswith("another GIT_COMMIT, as each build has")


def test_a_stamp_that_says_what_is_copied() -> None:
    text = "FROM debian:12\nARG GIT_TAG\nCOPY $GIT_TAG /srv/\nCOPY app.py /srv/\n"
    file = Dockerfile.parse(text, CONTEXT)
    found = order(file, file, CONTEXT, None)
    assert found is not None
    assert found.stamps is not None
    assert found.stamps.before.expected > 0
