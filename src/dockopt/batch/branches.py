"""Commits on branches of their own, made with git's plumbing: work tree, index and present branch stay untouched."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from dockopt.batch.results import Result
from dockopt.batch.series import Change, Commit, commits, path_in
from dockopt.context.services import WORKFLOWS, services
from dockopt.errors import SettingsError
from dockopt.text.source import to_bytes

NEW_FILE = "100644"
Message = Callable[[Commit], str]


class Topic(NamedTuple):
    """What one branch holds. `stacked` topics are built on the one before them, others on what is checked out."""

    name: str
    commits: tuple[Commit, ...]
    stacked: bool = False


class Branch(NamedTuple):
    name: str
    tip: str
    topic: Topic
    new: bool
    """Whether it was made now; false where it was there already, just like this."""


def topics(results: Iterable[Result], by: str, root: str) -> tuple[Topic, ...]:
    """The branches for some results, by "transform", "file" or "service"."""
    changed = [result for result in results if result.changed]
    if by == "transform":
        series = commits(changed, root)
        return tuple(Topic(f"{at:02d}-{one.transform.label}", (one,), stacked=True) for at, one in enumerate(series, 1))
    names = _services(root) if by == "service" else {}
    groups: dict[str, list[Result]] = {}
    for result in changed:
        path = path_in(root, result)
        name = names.get(path) or (path if by == "file" else os.path.dirname(path) or "root")
        groups.setdefault(name, []).append(result)
    found: dict[str, Topic] = {}
    for group, members in groups.items():
        name = unique = _slug(group)
        number = 1
        while unique.lower() in (known.lower() for known in found):
            number += 1
            unique = f"{name}-{number}"
        found[unique] = Topic(unique, commits(members, root))
    return tuple(found.values())


def prepare(topics_: Iterable[Topic], prefix: str, root: str, message: Message) -> tuple[Branch, ...]:
    """Make the branches; nothing is made if a file differs from its committed state or a branch is another one.

    Raises:
        SettingsError: that, or git cannot do it.
    """
    git = Git(root)
    head = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", failure="there is no commit to build on")
    made: list[Branch] = []
    base = head
    for topic in topics_:
        name = prefix + topic.name
        git.run("check-ref-format", f"refs/heads/{name}", failure=f"{name!r} cannot be the name of a branch")
        tip = base if topic.stacked else head
        for commit in topic.commits:
            tip = git.commit(commit, tip, message(commit))
        base = tip
        made.append(_planned(git, name, tip, topic))
    orders = "".join(f"create refs/heads/{branch.name} {branch.tip}\n" for branch in made if branch.new)
    git.run("update-ref", "--stdin", "--create-reflog", data=orders.encode(), failure="the branches cannot be made")
    return tuple(made)


def _planned(git: "Git", name: str, tip: str, topic: Topic) -> Branch:
    old = git.run("for-each-ref", "--format=%(objectname)", f"refs/heads/{name}")
    if not old:
        return Branch(name, tip, topic, new=True)
    if git.content(old, len(topic.commits)) != git.content(tip, len(topic.commits)):
        raise SettingsError(f"the branch {name} is there already, with something else; delete it, or --branch-prefix")
    return Branch(name, old, topic, new=False)


class Git:
    """Git in one repository."""

    def __init__(self, root: str) -> None:
        self.root = root

    def run(
        self, *words: str, data: bytes = b"", failure: str = "", environment: Mapping[str, str] | None = None
    ) -> str:
        """Standard output, stripped."""
        command = ["git", "-c", "core.fsmonitor=false", "-C", self.root, *words]
        try:
            done = subprocess.run(  # noqa: S603 - names and messages are single words of a list
                command, input=data, capture_output=True, check=False, env={**os.environ, **(environment or {})}
            )
        except OSError as error:
            raise SettingsError(f"git cannot be run: {(error.strerror or str(error)).lower()}") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
            raise SettingsError(f"{failure or f'git {words[0]} failed'}{': ' if said else ''}{said}")
        return os.fsdecode(done.stdout).strip()

    def commit(self, commit: Commit, parent: str, message: str) -> str:
        """One more commit on a parent."""
        with tempfile.TemporaryDirectory(prefix="dockopt-") as folder:
            index = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
            self.run("read-tree", parent, environment=index)
            for change in commit.changes:
                mode = self._demand_clean(change, parent)
                blob = self._blob(change.path, change.after, "-w")
                self.run("update-index", "--add", "--cacheinfo", f"{mode},{blob},{change.path}", environment=index)
            tree = self.run("write-tree", environment=index)
        data = message.encode("utf-8", "replace")
        return self.run("commit-tree", "-p", parent, "-F", "-", tree, data=data, failure="git cannot commit")

    def content(self, tip: str, number: int) -> tuple[str, str]:
        """What a branch of some commits amounts to: its tree, and that which it is built on."""
        trees = self.run("rev-parse", f"{tip}^{{tree}}", f"{tip}~{number}^{{tree}}").split()
        return trees[0], trees[1]

    def _demand_clean(self, change: Change, parent: str) -> str:
        """The file's mode in a commit, in which it has to be what was read."""
        known = self.run("ls-tree", "-z", "--full-tree", parent, "--", change.path).rstrip("\0")
        if change.before is None and not known:
            return NEW_FILE
        if change.before is None or not known:
            raise SettingsError(f"{change.result.path} is not committed; commit it first")
        mode, _, blob = known.partition("\t")[0].split()
        if blob != self._blob(change.path, change.before):
            raise SettingsError(f"{change.result.path} has changes that are not committed; commit or stash them first")
        return mode

    def _blob(self, path: str, text: str, *options: str) -> str:
        return self.run("hash-object", "--path", path, "--stdin", *options, data=to_bytes(text))


def _services(root: str) -> dict[str, str]:
    """What a Dockerfile's service is called: by the first that builds it, with the folder of the file that says so."""
    found: dict[str, str] = {}
    for service in services(root):
        folder = os.path.dirname(service.source).removesuffix(WORKFLOWS)
        if service.name:
            found.setdefault(service.dockerfile, f"{folder}/{service.name}" if folder else service.name)
    return found


def _slug(name: str) -> str:
    """A name that git takes for a branch."""
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "-" for letter in name)
    while ".." in kept:
        kept = kept.replace("..", ".")
    return kept.removesuffix(".lock").strip(".-")[:100] or "dockopt"
