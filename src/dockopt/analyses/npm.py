"""What npm commands do in a RUN: which installs fill `~/.npm/_cacache`, and what else decides on that folder."""

from collections.abc import Iterator

from dockopt.analyses.caches import has_no_network, is_copied_out, may_mount_cache, needs_folder, removes_cache
from dockopt.analyses.words import ToolCall, tool_calls
from dockopt.context.tree import Context
from dockopt.knowledge.commands import NPM
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step

FOLDER, TOOL = ".npm", "_cacache"
OTHER_CACHES = ("/.cache/pip", "/.cache/uv", "/.cache/go-build", "/.cache/yarn", "/.m2", "/.gradle", "/.cargo", "/go/")
OFFLINE = ("--offline", "--prefer-offline")
OFFLINE_SETTINGS = ("npm_config_offline", "npm_config_prefer_offline")
HOME_VARIABLES = ("HOME", "PATH")


class Npm(ToolCall):
    """One npm command of a RUN."""

    @property
    def installs(self) -> bool:
        return self.subcommand in NPM.installs and self.reading.option("--dry-run", "--package-lock-only") is None

    @property
    def replaces_npm(self) -> bool:
        """Whether it may install another npm, which may not run on this Node.js."""
        names = (word.text.strip("\"'") for word in self.reading.operands)
        return any(name == "npm" or name.startswith(("npm@", "$")) for name in names)


def npm_commands(run: Run, *subcommands: str) -> Iterator[Npm]:
    """The npm commands of a body, of these subcommands where any are given."""
    return tool_calls(Npm, run, ("npm",), subcommands)


def npm_cache_is_managed(file: Dockerfile, run: Run) -> str:
    """What else already decides on the npm cache this RUN would leave, or needs it; "" where nothing does."""
    state = run.state
    if any(_sets_cache(name) for name in (*state.environment, *state.arguments)) or _sets_cache(run.shell_text):
        return "npm's cache is set in the environment"
    if may_mount_cache(run, OTHER_CACHES):
        return "the cache may be in a mount"
    if removes_cache(run, FOLDER, TOOL) or any(_names_npm_cache(npm) for npm in npm_commands(run)):
        return "the same RUN decides on the cache"
    if needs_folder(run, FOLDER, TOOL) or any(needs_folder(step, FOLDER, TOOL) for step in file.after(run)):
        return "another command needs the folder"
    if is_copied_out(file, FOLDER, TOOL):
        return "another stage takes the cache"
    if file.context is not None and file.context.once(_is_set_in_npmrc, ""):
        return "npm's settings in the build context decide on the cache"
    if any(_works_offline(step) for step in (run, *file.before(run), *file.after(run))):
        return "an install may work without network"
    return ""


def _is_set_in_npmrc(context: Context, _: str) -> bool:
    """Whether a `.npmrc` moves the cache, or makes npm install from it."""
    texts = (context.read(path) or "" for path in context.files if path.rpartition("/")[2] in (".npmrc", "npmrc"))
    lines = (line.replace(" ", "") for text in texts for line in text.splitlines())
    return any(line.startswith(("cache=", "offline=true", "prefer-offline=true")) for line in lines)


def _sets_cache(text: str) -> bool:
    return "npm_config_cache" in text.lower() or "npm_config_offline" in text.lower()


def _names_npm_cache(npm: Npm) -> bool:
    if npm.subcommand == "cache" or npm.reading.option("--cache") is not None:
        return True
    return npm.subcommand in ("config", "set") and any("cache" in word.text for word in npm.reading.operands)


def _works_offline(step: Step) -> bool:
    """Whether a step installs from the cache, asks where it is, or works where there is no network."""
    if isinstance(step, Run) and has_no_network(step):
        return True
    if "config get cache" in step.text or any(setting in step.text.lower() for setting in OFFLINE_SETTINGS):
        return True
    return "offline" in step.text and any(word in step.text or word in step.source.at(step.span) for word in OFFLINE)


def last_npm_install(run: Run) -> Npm | None:
    """The last install of a body's own list, run by the body's own user."""
    installs = [npm for npm in npm_commands(run) if npm.installs]
    if not installs:
        return None
    last = installs[-1]
    call = last.call
    if not call.top or call.wrapper not in ("", "command", "time") or call.words[0].text != "npm":
        return None
    if any(assignment.name in HOME_VARIABLES for assignment in call.assignments):
        return None
    if any(redirect.body for redirect in call.redirects):
        return None
    return last
