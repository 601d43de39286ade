"""Whether the program of an image of Node's could run as the user `node`, which is in it, instead of root."""

import re

from dockopt.analyses.development import is_development
from dockopt.analyses.repository_readers import texts
from dockopt.analyses.started import start_steps, words_of
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Step

WRITES = re.compile(
    r"writeFile|appendFile|createWriteStream|mkdir|\brename|unlink|\brm(?:Sync|dir)?\(|copyFile|chmod|chown|symlink|multer|"
    r"sqlite|lowdb|nedb|leveldb|\blevel\b|winston|pino/file|log4js|rotating|formidable|busboy|upload|tmpdir|child_process|"
    r"execa|\bspawn|cluster|setuid|puppeteer|playwright|next\b|nuxt|prisma|lmdb|keyv|cacache|flat-cache|storage"
)
FIRST_FREE_PORT = 1024


def can_run_as_node(file: Dockerfile) -> Step | None:
    """The instruction that starts the program, None where it may need root or where that is not known."""
    context, stage = file.context, file.final
    base = file.root(stage).base or ""
    steps = start_steps(file, stage)
    if context is None or base.partition(":")[0].rpartition("/")[2] != "node" or len(steps) != 1:
        return None
    if steps[0].stage != stage.index or is_development(file) or _speaks_of_users(file):
        return None
    commands = list(words_of(steps[0]))
    if len(commands) != 1 or commands[0][0] != "node" or any("$" in word for word in commands[0]):
        return None
    found = texts(context)
    if found is None or any(WRITES.search(text) for text in found) or not _ports_are_free(file, found):
        return None
    return steps[0]


def _speaks_of_users(file: Dockerfile) -> bool:
    """Whether somebody else is the user already, or something is kept in root's home or in a volume."""
    chain = file.chain(file.final)
    said = any(step.keyword in ("USER", "VOLUME") for stage in chain for step in stage.steps)
    modes = any(copy.has_flag("chmod") or copy.has_flag("chown") for stage in chain for copy in stage.copies)
    opaque = any(run.opaque for stage in chain for run in stage.runs)
    return said or modes or opaque or "/root" in file.text or "chmod" in file.text or "umask" in file.text


def _ports_are_free(file: Dockerfile, found: tuple[str, ...]) -> bool:
    """Whether a port is exposed that needs no right, and no source listens on another one below."""
    words = [word for stage in file.chain(file.final) for step in stage.of("EXPOSE") for word in step.text.split()]
    numbers = [word.partition("/")[0] for word in words]
    if not numbers or not all(number.isdigit() and int(number) >= FIRST_FREE_PORT for number in numbers):
        return False
    return not any(re.search(r"\b(?:listen\(\s*|PORT\W{1,8})(?:80|443|\d{1,2})\b", text) for text in found)
