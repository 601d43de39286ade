"""What `pipenv install` and `pipenv sync` read of the copied files: `Pipfile` and `Pipfile.lock`."""

import json

from dockopt.analyses.install_needs import NOTHING, Needs, Place, beside, blocked, read_line, words
from dockopt.model.commands import Call

VALUED = words("--python --pypi-mirror --extra-pip-args --categories")
PLAIN = words(
    "--system --deploy --ignore-pipfile --dev -d --verbose -v --quiet -q --clear --three --pre --keep-outdated"
    " --site-packages --version"
)
KEEPS_LOCK = ("--deploy", "--ignore-pipfile")
VARIABLES = words(
    "PIPENV_VENV_IN_PROJECT PIPENV_NOSPIN PIPENV_HIDE_EMOJIS PIPENV_YES PIPENV_VERBOSITY PIPENV_MAX_DEPTH"
    " PIPENV_COLORBLIND PIPENV_CACHE_DIR PIPENV_TIMEOUT PIPENV_INSTALL_TIMEOUT PIPENV_VERSION PIPENV_IGNORE_VIRTUALENVS"
)


def pipenv_needs(call: Call, place: Place) -> Needs:
    """The needs of a pipenv command."""
    line = read_line(call, VALUED, PLAIN)
    if not line.operands and line.options.keys() <= {"--version", "--clear"}:
        return NOTHING
    if line.operands not in (("install",), ("sync",)):
        return blocked(f"pipenv {' '.join(line.operands[:2])} may change the Pipfile")
    if line.obstacle or place.folder is None:
        return blocked(line.obstacle or "the folder that pipenv runs in is not known")
    if line.operands == ("install",) and not line.has(*KEEPS_LOCK):
        return blocked("pipenv install may bring Pipfile.lock up to date: --deploy keeps it")
    for name in place.environment:
        if name.startswith("PIPENV_") and name not in VARIABLES:
            return blocked(f"{name} may name a copied file")
    manifest, lockfile = beside(place.folder, "Pipfile"), beside(place.folder, "Pipfile.lock")
    for path in (manifest, lockfile):
        if place.files.at(path) is None:
            return blocked(f"no {path} is copied")
    obstacle = _of_lock(place.files.text(lockfile))
    if obstacle:
        return blocked(obstacle)
    variables = beside(place.folder, ".env")
    named = variables in place.files.places and "$" in (place.files.text(manifest) or "")
    return Needs(
        (manifest, lockfile, *((variables,) if named else ())), (beside(place.folder, ".venv"),), installs=True
    )


def _of_lock(text: str | None) -> str:
    try:
        groups = json.loads(text or "")
    except (ValueError, RecursionError):
        groups = None
    if not isinstance(groups, dict):
        return "Pipfile.lock is not a JSON object"
    for group in groups.values():
        for name, entry in group.items() if isinstance(group, dict) else ():
            if isinstance(entry, dict) and {"path", "file", "editable"} & entry.keys():
                return f"Pipfile.lock takes {name} from a folder or a file"
    return ""
