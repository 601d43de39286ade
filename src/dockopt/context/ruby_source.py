"""What Ruby sources of the build context run: programs, as far as they are written out.

A look at the words, not a parse: a word in a comment counts.  That errs on the side of "there may be others".
"""

from typing import NamedTuple

from dockopt.context.shell_text import programs
from dockopt.context.tree import Context

EXTENSIONS = (".rb", ".ru", ".rake", ".erb", ".gemspec", ".haml", ".slim", ".jbuilder")
NAMES = frozenset({"Rakefile", "Gemfile", "Guardfile", "Capfile", "Procfile", "config.ru"})
FOREIGN = frozenset(("vendor", "node_modules", ".git", "tmp", "log"))
TESTS = frozenset(("spec", "test", "features"))
STARTS = (
    r"""\b(?:system|exec|spawn|popen|popen2e?|popen3|capture2e?|capture3|pipeline\w*)\b[\s(]+"""
    r"""(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|\[\s*['"]([^'"\n]+)['"])?"""
)
CALLS_METHOD = r"\b(?:system|exec|spawn|popen\w*|capture[23]e?|pipeline\w*)\b\s*(?:\(|['\"\[]|\w)"
SHELL = r"`([^`\n]*)`|%x[\[{(|]([^\]})|\n]*)"
UNSEEN = r"\bPTY\.|\bFiddle\b|\bFFI::Library\b|\bopen\(\s*['\"]\||\bsend\(\s*:(?:system|exec|spawn)\b|\bposix-spawn\b"
REQUIRED = r"""(?m)^\s*require\s*\(?\s*['"]([^'"\n]+)['"]"""


class RubySource(NamedTuple):
    """What the sources below a folder name. `requires` are libraries as written, `dynamic` the files that may run
    programs whose names are not written there.
    """

    files: tuple[str, ...]
    commands: frozenset[str]
    requires: frozenset[str]
    dynamic: tuple[str, ...]
    problems: tuple[str, ...] = ()


def scan(context: Context, folder: str = "") -> RubySource:
    """Reads every Ruby file below a folder but tests and installed gems."""
    import re  # noqa: PLC0415 - only where a source is read

    files: list[str] = []
    dynamic: list[str] = []
    problems: list[str] = []
    commands: set[str] = set()
    requires: set[str] = set()
    for file in context.under(folder):
        if not is_ruby(context, file.path):
            continue
        text = context.read(file.path)
        if text is None:
            problems.append(f"{file.path} cannot be read")
            continue
        files.append(file.path)
        requires.update(re.findall(REQUIRED, text))
        found, unsure = programs_in(_code(file.path, text))
        commands |= found
        if unsure:
            dynamic.append(file.path)
    return RubySource(tuple(files), frozenset(commands), frozenset(requires), tuple(dynamic), tuple(problems))


def programs_in(text: str) -> tuple[frozenset[str], bool]:
    """The programs that a source runs, and whether there may be others."""
    import re  # noqa: PLC0415

    commands: set[str] = set()
    unsure = re.search(UNSEEN, text) is not None
    shells = [(match[1] or match[2] or "", True) for match in re.finditer(SHELL, text)]
    starts = [(match[1] or match[2] or match[3] or "", False) for match in re.finditer(STARTS, text)]
    for written, is_shell in (*shells, *starts):
        if "#{" in written.split(" ")[0] or (not written and (is_shell or re.search(CALLS_METHOD, text))):
            unsure = True
            continue
        found, doubt = programs(written.replace("#{", "").replace("}", ""))
        commands |= found
        unsure = unsure or doubt
    return frozenset(commands), unsure


def _code(path: str, text: str) -> str:
    """The text without comment lines; of a template only what is between its marks."""
    import re  # noqa: PLC0415

    if path.endswith(".erb"):
        return "\n".join(re.findall(r"<%(?!#)(.*?)%>", text, re.DOTALL))
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def is_ruby(context: Context, path: str) -> bool:
    """Whether a file is Ruby that may run in the container: by its name, or by its first line."""
    parts = path.split("/")
    if FOREIGN.intersection(parts[:-1]) or TESTS.intersection(parts[:1]):
        return False
    if path.endswith(EXTENSIONS) or parts[-1] in NAMES:
        return True
    return "." not in parts[-1] and "ruby" in (context.read(path) or "").partition("\n")[0]
