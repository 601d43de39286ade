"""What pip commands do in a RUN: which installs keep what they download, and what says where it is kept.

pip knows `--no-cache-dir` since 6.0 (December 2014, its changelog); the pip packages of Debian 8 and Ubuntu 14.04 are
older (1.5.6 and 1.5.4).
"""

from collections.abc import Iterator

from dockopt.analyses.apt import apt_commands
from dockopt.analyses.caches import is_copied_out, may_mount_cache, needs_folder, removes_cache
from dockopt.analyses.words import ToolCall, tool_calls
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.shell.tree import Word

FOLDER, TOOL = ".cache", "pip"
HOME = "XDG_CACHE_HOME"
SETTINGS = ("PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "PIP_CONFIG_FILE")
OTHER_CACHES = ("/.npm", "/.m2", "/.gradle", "/.cargo", "/go/", "/.cache/go-build", "/.cache/uv", "/.cache/yarn")
OLD_IMAGES = {
    "ubuntu": ("10.04", "12.04", "14.04", "lucid", "precise", "trusty"),
    "debian": ("6", "7", "8", "squeeze", "wheezy", "jessie"),
}
OLD_TAGS = frozenset("lucid precise trusty squeeze wheezy jessie ubuntu12.04 ubuntu14.04 debian7 debian8".split())
"""Parts of other images' tags that say which of those they stand on."""
PACKAGED_PIP = ("python-pip", "python3-pip")
OLDEST_PIP = 6
CRASH_WITHOUT_CACHE = ("pip==19", "pip==19.0", "pip==19.0.0")
"""Requirements for the one pip that fails to build with PEP 517 under `--no-cache-dir` (19.0.1 mends it, its news)."""


class Pip(ToolCall):
    """One pip command of a RUN."""

    @property
    def subcommand_word(self) -> Word | None:
        return self.reading.subcommand_word

    @property
    def keeps_cache(self) -> bool:
        """Whether nothing in the command itself says where downloads are kept."""
        if any(name.startswith(("--no-cache", "--cache-dir")) for name, *_ in self.reading.options):
            return False
        if any(assignment.name in SETTINGS for assignment in self.call.assignments):
            return False
        values = (self.run.state.value(name) for word in self.call.words for name in word.expansions)
        return not any(value and "cache" in value for value in values)


def pip_commands(run: Run, *subcommands: str) -> Iterator[Pip]:
    """The pip commands of a body, of these subcommands where any are given."""
    return tool_calls(Pip, run, ("pip",), subcommands)


def pip_cache_is_managed(file: Dockerfile, run: Run) -> str:
    """What else already decides on the pip cache this RUN would leave, or needs it; "" where nothing does."""
    state = run.state
    if any(name in state.environment or name in state.arguments or name in run.shell_text for name in SETTINGS):
        return "pip's cache is set in the environment"
    if _is_named_elsewhere(file, run):
        return "the folder of the caches is set, and named again"
    if may_mount_cache(run, OTHER_CACHES):
        return "the cache may be in a mount"
    if removes_cache(run, FOLDER, TOOL):
        return "the cache is removed in the same RUN"
    if needs_folder(run, FOLDER, TOOL) or any(needs_folder(step, FOLDER, TOOL) for step in file.after(run)):
        return "another command needs the folder"
    if is_copied_out(file, FOLDER, TOOL):
        return "another stage takes the cache"
    if any(
        _sets_or_uses_cache(other) for other in (run, *file.before(run), *file.after(run)) if isinstance(other, Run)
    ):
        return "another command works on the cache"
    return ""


def _is_named_elsewhere(file: Dockerfile, run: Run) -> bool:
    """Whether XDG_CACHE_HOME names a folder that the file speaks of once more: without pip nobody may make it."""
    if HOME not in run.state.environment and HOME not in run.state.arguments and HOME not in run.shell_text:
        return False
    folder = run.state.value(HOME)
    return folder is None or file.text.count(folder) > 1


def _sets_or_uses_cache(run: Run) -> bool:
    for pip in pip_commands(run, "cache", "config"):
        if pip.subcommand == "cache" or any("cache" in word.text for word in pip.reading.operands):
            return True
    return False


def pip_may_be_too_old(file: Dockerfile, run: Run) -> bool | None:
    """Whether pip may not know `--no-cache-dir`; None where pip is a package of a distribution that is not known."""
    before = [step for step in (*file.before(run), run) if isinstance(step, Run)]
    if any(
        _asks_for_old_pip(word) for r in before for pip in pip_commands(r, "install") for word in pip.reading.operands
    ):
        return True
    root = file.root(file.stages[run.stage])
    name, _, tag = (root.base or "").partition("@")[0].rpartition("/")[2].partition(":")
    if name in OLD_IMAGES:
        return tag.removesuffix("-slim").split("-")[0].startswith(OLD_IMAGES[name])
    installed = {package for r in before for apt in apt_commands(r, "install") for package in apt.packages}
    if not installed.isdisjoint(PACKAGED_PIP) and any(part in OLD_TAGS for part in tag.split("-")):
        return True
    return None if "python-pip" in installed else False


def _asks_for_old_pip(word: Word) -> bool:
    """Whether a requirement pins pip itself to a version before 6, or to the one that needs its cache."""
    text = word.value or ""
    if not text.startswith(("pip==", "pip<", "pip~=")):
        return False
    if text in CRASH_WITHOUT_CACHE:
        return True
    major = text[3:].lstrip("=<~").partition(".")[0]
    return not major.isdigit() or int(major) < OLDEST_PIP
