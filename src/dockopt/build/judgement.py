"""Which differences between two images are what the applied fixes declared, and which are objections to them.

A fix declares aspects; the guard holds the rest of the text still, and here the same is asked of the real images.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dockopt.build.claims import Claims
from dockopt.build.differences import ChangeKind, Differences, FileChange
from dockopt.build.image import FOLDER, Image, parents
from dockopt.build.left_behind import is_left
from dockopt.build.noise import litter, waste
from dockopt.build.own_files import COPIES, OwnFiles, own_files
from dockopt.build.owners import account, installed, merged, owners
from dockopt.build.places import INSTALLED, LOCKS, SYSTEM, is_download, is_users_place
from dockopt.build.settings import config_objections
from dockopt.fixes import Aspect

SHOWN = 8
ACCOUNT_FILES = frozenset(
    f"etc/{name}{end}" for name in ("passwd", "group", "shadow", "gshadow", "subuid", "subgid") for end in ("", "-")
)
"""What `useradd` and `adduser` write, with the copies they keep."""


def objections(before: Image, after: Image, differences: Differences, claims: Claims) -> tuple[str, ...]:
    """Differences that no fix declared, a line each; long lists of files are cut short."""
    config = [line for change in differences.config for line in config_objections(change, before, after, claims)]
    files = sorted(unexpected(before, after, differences, claims), key=lambda one: one.kind is ChangeKind.ADDED)
    lines = [*config, *(describe(change) for change in files[:SHOWN])]
    if len(files) > SHOWN:
        lines.append(f"and {len(files) - SHOWN} more files")
    return tuple(lines)


def describe(change: FileChange) -> str:
    path = f"/{change.path}"
    match change.kind:
        case ChangeKind.REMOVED:
            return f"{path} is missing"
        case ChangeKind.ADDED:
            return f"{path} is new"
        case ChangeKind.CHANGED:
            return f"{path} has other content"
        case ChangeKind.OWNED:
            assert change.before
            assert change.after
            old, new = change.before, change.after
            if old.attributes != new.attributes:
                return f"{path} has the extended attributes {new.attributes!r} and not {old.attributes!r}"
            return (
                f"{path} has mode {new.mode:o} and owner {new.owner}:{new.group}, "
                f"and not {old.mode:o} and {old.owner}:{old.group}"
            )


def unexpected(before: Image, after: Image, differences: Differences, claims: Claims) -> Iterator[FileChange]:
    """Changes of files that the fixes do not account for."""
    judge = _Judge(before, after, claims, own_files(before, claims), owners(before))
    return (change for change in differences.files if not judge.accounts_for(change))


@dataclass(frozen=True)
class _Judge:
    before: Image
    after: Image
    claims: Claims
    own: OwnFiles
    packages: Mapping[str, str]

    def accounts_for(self, change: FileChange) -> bool:
        """Whether a change of a path is one that the fixes declared."""
        path = change.path
        if change.kind is ChangeKind.ADDED:
            return _is_folder(change) or bool(litter(path)) or not is_users_place(path)
        if change.kind is ChangeKind.OWNED and self._is_renumbered(change):
            return True
        if path in self.own.copied:
            return self._copied_may(change)
        if waste(path) and not (_is_folder(change) and path.startswith("var/log/")):
            return True
        if path in ACCOUNT_FILES and self.claims.allow(Aspect.ACCOUNTS) and change.kind is ChangeKind.CHANGED:
            return True
        if self.claims.allow(Aspect.DEVELOPMENT) and _is_module(change):
            return True
        if self.claims.allow(Aspect.STAGES):
            return self._stage_may(change)
        if self.claims.allow(Aspect.RECOMMENDS) and self._packages_may(change):
            return True
        return change.kind is ChangeKind.REMOVED and _is_folder(change) and self._held_waste(path)

    def _copied_may(self, change: FileChange) -> bool:
        """What the file copies has to stay, unless its build only needs it, installs anew or rewrites it."""
        path = change.path
        if change.kind is ChangeKind.REMOVED and self.claims.allow(Aspect.STAGES):
            if INSTALLED.search(f"/{path}"):
                return True
            return bool(self.claims.leaves) and (_is_folder(change) or self._is_left(path))
        if change.kind is ChangeKind.REMOVED and self.claims.allow(Aspect.CONTEXT) and self._is_left(path):
            return True
        rewritten = not self.own.written[path].startswith(COPIES)
        lock = path.rpartition("/")[2] in LOCKS and rewritten
        return change.kind is ChangeKind.CHANGED and lock and self.claims.allow(Aspect.FILES)

    def _stage_may(self, change: FileChange) -> bool:
        """A runtime stage leaves toolchains and caches, and keeps what steps of its own put into the user's folders."""
        path = change.path
        if change.kind is ChangeKind.REMOVED and is_download(path):
            return False
        if change.kind is ChangeKind.CHANGED or path not in self.own.written or not is_users_place(path):
            return True
        if self.packages.get(merged(path)) or litter(path):
            return True
        return self._is_left(path)

    def _is_left(self, path: str) -> bool:
        return is_left(path, self.before, self.claims.leaves)

    def _packages_may(self, change: FileChange) -> bool:
        """Files of packages that are not there any more, and what the scripts of packages made."""
        path = change.path
        package = self.packages.get(merged(path), "")
        if package:
            return package in installed(self.before) - installed(self.after)
        if change.kind is ChangeKind.REMOVED and not path.startswith(("var/", "tmp/")):
            step = self.own.written.get(path, "")
            if "apt" not in step and "dpkg" not in step:
                return False
        made_by_scripts = _is_folder(change) and path.startswith("usr/local/")
        return made_by_scripts or SYSTEM.match(path) is not None

    def _is_renumbered(self, change: FileChange) -> bool:
        """Whether only the number of an owner differs: system accounts get the next free one, after those of packages
        that are not there any more.
        """
        old, new = change.before, change.after
        if old is None or new is None or not self.claims.allow(Aspect.STAGES, Aspect.RECOMMENDS):
            return False
        if (old.mode, old.attributes) != (new.mode, new.attributes):
            return False
        return all(
            first == second or account(self.before, file, first) == account(self.after, file, second) != ""
            for file, first, second in (
                ("etc/passwd", old.owner, new.owner),
                ("etc/group", old.group, new.group),
            )
        )

    def _held_waste(self, folder: str) -> bool:
        """Whether all that a folder held, and something it did, was waste."""
        held = [path for path, entry in self.before.files.items() if entry.kind != FOLDER and folder in parents(path)]
        return bool(held) and all(map(waste, held))


def _is_module(change: FileChange) -> bool:
    """Whether a file of a package of Node is not there any more."""
    return change.kind is ChangeKind.REMOVED and "/node_modules/" in f"/{change.path}/"


def _is_folder(change: FileChange) -> bool:
    entry = change.before or change.after
    return entry is not None and entry.kind == FOLDER
