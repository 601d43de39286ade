"""What apk commands do in a RUN: save the package index, install by it, only read it.

`apk add --no-cache` reads the index from the repositories and saves none; without it, apk saves the index in
`/var/cache/apk` or reads the one that is there (apk(8), and `apk_db_open` of apk-tools 2 and 3).
"""

from collections.abc import Iterable, Iterator

from dockopt.analyses.caches import forces_removal
from dockopt.analyses.scripts import scripts_named
from dockopt.analyses.words import Option, ToolCall, tool_calls
from dockopt.lazy import cached_property
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step

INDEX = "/var/cache/apk"
INSTALLING = ("add", "upgrade")
REFRESH = ("--update", "--update-cache", "-U")
OWN_CACHE = ("/etc/apk/cache", "setup-apkcache")
WITHOUT_INDEX = ("del", "audit", "verify", "stats", "index")
INSTALLED_ONLY = {"-e", "--installed", "-v", "-vv", "-q", "--quiet", "-L", "--contents"}
SCRIPTS = (".py", ".js", ".mjs", ".rb", ".pl", ".php")
INTERPRETERS = ("python", "node", "ruby", "perl", "php")
USUAL_SCRIPTS = ("manage.py", "setup.py")
REPOSITORIES = "/etc/apk/repositories"
PLAIN_SCRIPTS = ("configure", "gradlew", "mvnw")
ODD_OPTIONS = ("--no-network", "--cache-dir", "--cache-max-age", "--cache-packages", "--cache-predownload")


class Apk(ToolCall):
    """One apk command of a RUN."""

    @property
    def keeps_nothing(self) -> bool:
        return self.reading.option("--no-cache") is not None

    @property
    def installs(self) -> bool:
        """Whether it needs an index to install by."""
        return self.subcommand in INSTALLING

    @cached_property
    def refresh(self) -> Option | None:
        """The option that makes it fetch the index anew."""
        return self.reading.option(*REFRESH)

    @property
    def fetches(self) -> bool:
        """Whether it certainly leaves a fresh index for the commands behind it."""
        return not self.keeps_nothing and (self.subcommand == "update" or self.refresh is not None)

    @property
    def uses_saved_index(self) -> bool:
        """Whether it installs by a saved index where there is one."""
        return self.installs and not self.keeps_nothing

    @property
    def only_reads(self) -> bool:
        """Whether it may do something else with the index than install by it."""
        if self.reading.option(*ODD_OPTIONS):
            return True
        names = {option.name for option in self.reading.options}
        match self.subcommand:
            case None:
                return bool(self.reading.operands) or self.reading.subcommand_word is not None or self.reading.unknown
            case "add" | "upgrade" | "update":
                return False
            case "info":
                return not names or not names <= INSTALLED_ONLY
            case name:
                return name not in WITHOUT_INDEX


def apk_commands(run: Run, *subcommands: str) -> Iterator[Apk]:
    """The apk commands of a body, of these subcommands where any are given."""
    return tool_calls(Apk, run, ("apk",), subcommands)


def removes_index(run: Run) -> bool:
    """Whether the body itself removes the index behind its last apk command that saves one."""
    return not run.opaque and run.body_facts(_cleans_up)


def _cleans_up(run: Run) -> bool:
    removals = [call for call in run.calls if _removes_index(call) and call.top]
    saving = [apk.call for apk in apk_commands(run) if apk.fetches or apk.uses_saved_index]
    return bool(removals) and all(call.span < removals[-1].span for call in saving)


def _removes_index(call: Call) -> bool:
    return call.is_("rm", "find") and any(word.text.startswith((INDEX, "/var/cache/*")) for word in call.arguments)


def apk_is_out_of_sight(step: Step) -> bool:
    """Whether an instruction uses apk in a way that is not understood, or apk's index by its path."""
    text = step.source.at(step.span)
    if any(mark in text for mark in OWN_CACHE):
        return True
    if step.keyword == "ONBUILD":
        return "apk" in text
    if isinstance(step, Copy):
        return bool(step.from_) and any(_holds_index(source) for source in step.sources)
    if not isinstance(step, Run):
        return False
    if step.opaque:
        return "apk" in step.text or "apk" in step.shell_text
    if any(_holds_index(m.get(key, "")) for m in step.mounts for key in ("target", "dst", "destination", "source")):
        return True
    return step.facts(_calls_are_out_of_sight)


def starts_apk(file: Dockerfile, step: Step) -> bool:
    """Whether a container installs by the saved index when it starts."""
    if step.keyword not in ("CMD", "ENTRYPOINT"):
        return False
    text = step.text.replace('"', " ").replace(",", " ")
    return any(_installs_by_index(" ".join(one.split())) for one in (text, *scripts_named(file, text)))


def _installs_by_index(text: str) -> bool:
    return "apk add" in text and not any(mark in text for mark in ("--no-cache", "apk update", *REFRESH))


def _calls_are_out_of_sight(calls: tuple[Call, ...]) -> bool:
    for call in calls:
        if call.name != "apk" and "apk" in _words(call):
            return True
        if any(INDEX in word.text for word in call.words) and not (forces_removal(call) or call.is_("mkdir")):
            return True
    return False


def _holds_index(path: str) -> bool:
    bare = path.rstrip("/")
    return "$" in path or path.startswith((INDEX, "/etc/apk")) or bare in ("/var", "/var/cache", "/etc")


def _words(call: Call) -> set[str]:
    """The words of a command's arguments, those inside quotes too (`sh -c "apk add x"`)."""
    return {part for word in call.arguments for part in word.text.strip("\"'").split()}


def runs_script(call: Call) -> bool:
    """Whether a command runs a script that may call apk."""
    name = call.name
    if name is None or name in (".", "source"):
        return True
    if name in ("sh", "bash", "ash", "dash"):
        return True
    folder = (call.words[0].value or "").rpartition("/")[0]
    if name.endswith(".sh") or name in ("make", "opam"):
        return True
    scripts = [value.rpartition("/")[2] for value in call.values if value and value.endswith(SCRIPTS)]
    if name.startswith(INTERPRETERS) and any(script not in USUAL_SCRIPTS for script in scripts):
        return True
    return bool(folder) and not folder.endswith("bin") and name not in PLAIN_SCRIPTS


def provides_index(run: Run) -> bool:
    """Whether the body leaves an index behind that it fetched."""
    return any(apk.fetches for apk in apk_commands(run)) and not removes_index(run)


def installs_behind_other_repositories(runs: Iterable[Run]) -> bool:
    """Whether a command installs by a saved index though the list of repositories changed since it was fetched."""
    fetched = changed = False
    for run in runs:
        commands = {apk.call.span: apk for apk in apk_commands(run)}
        for call in run.calls:
            apk = commands.get(call.span)
            if apk is not None and apk.fetches:
                fetched, changed = True, False
            elif apk is not None and apk.uses_saved_index and changed:
                return True
            targets = (redirect.target for redirect in call.redirects if redirect.target)
            changed = changed or (fetched and any(REPOSITORIES in word.text for word in (*call.words, *targets)))
    return False


def relies_on_index(run: Run) -> bool:
    """Whether the body may use an index that an earlier RUN left."""
    for apk in apk_commands(run):
        if apk.fetches:
            return False
        if apk.only_reads or apk.uses_saved_index:
            return True
    return False
