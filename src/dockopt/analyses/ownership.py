"""Which `chown -R` only gives files another owner that COPYs of the same stage brought, and could have brought so.

How owners come about (BuildKit): a COPY without `--chown` from the build context makes files of root; with `--chown`
it gives the owner to what it copies and to the folders that it makes, never to a folder that was there.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockopt.analyses.apt import is_root
from dockopt.analyses.writers import ACCOUNT_TOOLS, INSTALLERS, Touch, is_below, makes_folder, touch
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.state import joined
from dockopt.shell.tree import Word

RECURSIVE = ("-R", "--recursive")
HARMLESS_OPTIONS = ("-v", "-c", "-f", "-h", "--verbose", "--changes", "--silent", "--quiet", "--no-dereference")
STANDARD_FOLDERS = frozenset(
    "bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin srv sys tmp usr var".split()
)
FOLDERS_FOR_APPLICATIONS = ("/opt", "/srv", "/usr/src")
EXISTING_FOLDERS = ("", "/opt", "/srv")
PLAIN_IMAGES = frozenset(
    "alpine almalinux amazoncorretto amazonlinux buildpack-deps debian eclipse-temurin fedora httpd nginx"
    " node openjdk perl php python rockylinux ruby rust ubuntu".split()
)
"""Images of which it is known that nothing stands at `/NAME`, `/opt/NAME`, `/srv/NAME` and `/usr/src/NAME`.

From their Dockerfiles, read in 2025; node, perl and python unpack their sources in folders that they remove again.
"""
KEPT_FLAGS = frozenset({"from", "chmod", "chown", "exclude"})
ARCHIVES = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".tbz2", ".txz", ".lzma")
ACCOUNTS = ("/etc/passwd", "/etc/group")
RUNNERS = frozenset("sh bash dash ash busybox make ansible-playbook chroot".split())
SYSTEM_FOLDERS = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")
"""Where what a file runs by its path is a program of the system."""
RENAMING_TOOLS = frozenset({"usermod", "groupmod", "userdel", "groupdel", "deluser", "delgroup", "dpkg", "rpm"})


class Takeover(NamedTuple):
    """A `chown -R` that `--chown` on these COPYs makes pointless.

    `keeps_folder` says that the folder itself was there before the first COPY, so its owner still has to change;
    `path` is the word that names the folder where the command names others too, `copies` the COPYs that need the flag,
    `first` the first of all into the folder. `doubts` are what remains to be believed.
    """

    run: Run
    call: Call
    folder: str
    owner: str
    recursive: Word
    path: Word | None
    copies: tuple[Copy, ...]
    first: Copy
    keeps_folder: bool
    doubts: tuple[str, ...]


def takeovers(file: Dockerfile, run: Run) -> Iterator[Takeover]:
    """The takeovers of a RUN; at most one, so that the next is looked at once the file has changed."""
    if run.opaque or run.state.volumes or not is_root(run):
        return
    for call in run.calls_of("chown"):
        found = _takeover(file, run, call) if call.top and call.sure and not call.wrapper else None
        if found:
            yield found
            return


def _takeover(file: Dockerfile, run: Run, call: Call) -> Takeover | None:
    request = _request(run, call)
    if request is None:
        return None
    recursive, owner, places = request
    for word, folder in places.items():
        others = [place for place in places.values() if place != folder]
        if any(is_below(place, folder) or is_below(folder, place) for place in others):
            return None
        found = _inside(file, run, call, owner, folder)
        if found and not (others and found[2]):
            copies, first, keeps, doubts = found
            return Takeover(run, call, folder, owner, recursive, word if others else None, copies, first, keeps, doubts)
    return None


def _inside(
    file: Dockerfile, run: Run, call: Call, owner: str, folder: str
) -> tuple[tuple[Copy, ...], Copy, bool, tuple[str, ...]] | None:
    """The COPYs to change, the first into the folder, whether that is there before, and the doubts."""
    earlier = file.stages[run.stage].steps[: run.index]
    copies = [step for step in earlier if isinstance(step, Copy)]
    if not _is_for_applications(folder) or any(copy.target is None or _may_hold(copy, folder) for copy in copies):
        return None
    inside = [copy for copy in copies if is_below(copy.target or "", folder)]
    if not inside or not all(_can_own(copy, owner, run) for copy in inside):
        return None
    keeps = _folder_is_there(file, run, inside[0], folder)
    if keeps is None or not (keeps or _is_made_alone(earlier, inside[0], folder)):
        return None
    doubts = _doubts(file, run, call, folder)
    if doubts is None or not _accounts_are_there(file, inside[0], run, call, owner):
        return None
    return tuple(copy for copy in inside if not copy.has_flag("chown")), inside[0], keeps, doubts


def _request(run: Run, call: Call) -> tuple[Word, str, dict[Word, str]] | None:
    """The `-R` word, the owner as an instruction writes it, and the folders by their words, of a plain chown."""
    options = [word for word in call.arguments if (word.value or "").startswith("-")]
    operands = [word for word in call.arguments if word not in options]
    recursive = [word for word in options if word.value in RECURSIVE]
    if len(recursive) != 1 or len(operands) < 2 or call.assignments:
        return None
    if any(word.value not in (*RECURSIVE, *HARMLESS_OPTIONS) for word in options):
        return None
    owner = _expandable(run, call, operands[0])
    places = {word: _folder(run, call, word) for word in operands[1:]}
    known = {word: place for word, place in places.items() if place}
    if owner is None or not _is_pair(run.state.expand(owner) or "") or len(known) < len(places):
        return None
    return recursive[0], owner, known


def _folder(run: Run, call: Call, word: Word) -> str | None:
    """The absolute path that an operand names."""
    path = _expandable(run, call, word)
    value = run.state.expand(path) if path is not None else None
    moved = any(other.is_("cd", "pushd", "popd") for other in run.calls if other.span < call.span)
    if value is None or (moved and not value.startswith("/")) or any(c in value for c in "*?[{~"):
        return None
    return joined(run.state.folder, value)


def _expandable(run: Run, call: Call, word: Word) -> str | None:
    """A word as an instruction may write it, None where the shell would read it otherwise."""
    text = word.value if word.value is not None else word.text.replace('"', "")
    if word.value is None:
        plain = not word.substitutions and word.expansions and "'" not in text and "\\" not in text
        set_here = any(f"{name}=" in run.shell_text[: call.span.start] for name in word.expansions)
        if not plain or set_here or any(run.state.value(name) is None for name in word.expansions):
            return None
    elif "$" in text or "\\" in text or " " in text:
        return None
    return text


def _is_pair(owner: str) -> bool:
    parts = owner.split(":")
    return len(parts) == 2 and all(part and part.replace("-", "").replace("_", "").isalnum() for part in parts)


def _is_for_applications(folder: str) -> bool:
    """Whether this is a folder that no distribution fills."""
    parts = folder.strip("/").split("/")
    if parts[0] not in STANDARD_FOLDERS:
        return bool(parts[0])
    if parts[0] == "home":
        return len(parts) > 2
    return any(is_below(folder, place) and folder != place for place in FOLDERS_FOR_APPLICATIONS)


def _may_hold(copy: Copy, folder: str) -> bool:
    """Whether a COPY to a folder above may bring the folder with it."""
    target = (copy.target or "").rstrip("/")
    if is_below(target, folder) or not is_below(folder, target):
        return False
    return copy.inline or not all("." in source.rpartition("/")[2].strip(".") for source in copy.sources)


def _can_own(copy: Copy, owner: str, run: Run) -> bool:
    """Whether `--chown` on this COPY says the same as the chown of that RUN."""
    if any(flag.name not in KEPT_FLAGS for flag in copy.node.flags):
        return False
    flag = copy.node.flag("chown")
    if flag is not None and flag.value != owner:
        return False
    if copy.state.expand(owner) != run.state.expand(owner) or _may_be_privileged(copy):
        return False
    return copy.keyword == "COPY" or all(_is_plain(source) for source in copy.expanded_sources)


def _gives_privileges(call: Call) -> bool:
    """Whether `chmod` sets bits that a `chown` behind it takes away again."""
    mode = next((value for value in call.values if value and value[:1] != "-"), "")
    return call.is_("chmod") and ("s" in mode.partition("/")[0] or bool(mode.isdigit() and mode.lstrip("0")[3:4]))


def _may_be_privileged(copy: Copy) -> bool:
    """Whether copied files may have setuid bits or capabilities, which `chown` takes away and `--chown` leaves."""
    mode = copy.node.flag("chmod")
    if mode is not None and (mode.value or "").lstrip("0")[3:4]:
        return True
    return copy.from_ is not None and any(word in copy.source.text for word in ("setcap", "u+s", "g+s", "+s ", "4755"))


def _is_plain(source: str | None) -> bool:
    """Whether ADD copies this source as it is."""
    if source is None or "://" in source or "@" in source or any(c in source for c in "*?["):
        return False
    return not source.lower().endswith((*ARCHIVES, ".git"))


def _folder_is_there(file: Dockerfile, run: Run, first: Copy, folder: str) -> bool | None:
    """Whether the folder may be there before the first COPY; None where one within it may be."""
    made = False
    for step in file.before(run):
        if step.keyword == "WORKDIR":
            path = joined(step.state.folder, step.state.expand(step.text))
            if path is None or (is_below(path, folder) and path != folder):
                return None
            made = made or (path == folder and step.index < first.index)
        made = made or any(makes_folder(call, folder) for call in _calls(step))
    return made


def _is_made_alone(earlier: tuple[Step, ...], first: Copy, folder: str) -> bool:
    """Whether the first COPY makes the folder, and none above it."""
    if (first.target or "").rstrip("/") != folder:
        return False
    above = folder.rpartition("/")[0]
    folders = (step.state.folder or "/" for step in (*earlier[1:], first) if step.index <= first.index)
    return above in EXISTING_FOLDERS or any(is_below(place, above) for place in folders)


def _doubts(file: Dockerfile, run: Run, call: Call, folder: str) -> tuple[str, ...] | None:
    """What has to be believed so that only the COPYs put files into the folder, None where something else may."""
    stage = file.stages[run.stage]
    runs = [step for step in file.before(run) if isinstance(step, Run)]
    touches = [touch(run, folder, call), *(touch(step, folder) for step in runs)]
    ancestors = [step for step in file.before(run) if step.stage != stage.index and not isinstance(step, Run)]
    before = [*runs, run]
    if any(_gives_privileges(other) for one in before for other in one.calls):
        return None
    if Touch.MAYBE in touches or any(_is_placed(step, folder) for step in ancestors):
        return None
    doubts = []
    if Touch.HARDLY in touches:
        doubts.append(f"no command that does not name {folder} puts files there")
    if not _is_plain_image(file.root(stage).base):
        doubts.append(f"the base image has no {folder}")
    return tuple(doubts)


def _is_placed(step: Step, folder: str) -> bool:
    if isinstance(step, Copy):
        return step.target is None or is_below(step.target, folder) or is_below(folder, step.target)
    if step.keyword != "WORKDIR":
        return False
    path = joined(step.state.folder, step.state.expand(step.text))
    return path is None or is_below(path, folder)


def _is_plain_image(base: str | None) -> bool:
    name = (base or "").partition("@")[0].partition(":")[0]
    return name.removeprefix("docker.io/").removeprefix("library/") in PLAIN_IMAGES


def _accounts_are_there(file: Dockerfile, first: Copy, run: Run, call: Call, owner: str) -> bool:
    """Whether the names mean the same where the first COPY stands as where chown runs."""
    names = [name for name in (run.state.expand(owner) or "").split(":") if not name.isdigit()]
    steps = file.stages[run.stage].steps[first.index + 1 : run.index]
    between = [c for step in steps for c in _calls(step)]
    between += [other for other in run.calls if other.span < call.span]
    if any(other.name in RENAMING_TOOLS for other in between):
        return not names
    written = any(_is_placed(step, folder) for step in steps if isinstance(step, Copy) for folder in ACCOUNTS)
    if not written and not any(_may_make_accounts(other) for other in between):
        return True
    made = {other.values[-1] for step in file.before(first) for other in _calls(step) if other.name in ACCOUNT_TOOLS}
    return all(name in made or name == "root" for name in names)


def _may_make_accounts(call: Call) -> bool:
    """Whether a command makes accounts, or nobody knows what it does."""
    name = call.name or "$"
    if name in ACCOUNT_TOOLS | INSTALLERS | RUNNERS or name == "$" or name.endswith(".sh"):
        return True
    targets = (redirect.target for redirect in call.redirects if redirect.target)
    if any(place in word.text for word in (*call.arguments, *targets) for place in ACCOUNTS):
        return True
    return not (call.words[0].value or "").startswith((name, *SYSTEM_FOLDERS))


def _calls(step: Step) -> tuple[Call, ...]:
    return step.calls if isinstance(step, Run) else ()
