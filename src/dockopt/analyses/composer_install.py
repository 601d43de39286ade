"""What `composer install` reads of the copied files: `composer.json`, `composer.lock` and `symfony.lock`.

Scripts run, and the autoloader is written, with the sources at hand; `--no-scripts --no-autoloader` leaves both to an
install that follows, which finds the packages there.
"""

from dockopt.analyses.install_needs import NOTHING, Ahead, Line, Needs, Place, beside, blocked, read_line, words
from dockopt.context.manifests.composer import ComposerProject
from dockopt.context.manifests.composer import read as read_project
from dockopt.model.commands import Call

VALUED = words("--prefer-install --ignore-platform-req --apcu-autoloader-prefix")
PLAIN = words(
    "--no-dev --dev --no-interaction -n --no-progress --prefer-dist --prefer-source --no-scripts --no-autoloader"
    " --optimize-autoloader -o --classmap-authoritative -a --apcu-autoloader --ignore-platform-reqs --no-suggest"
    " --quiet -q --verbose -v -vv -vvv --ansi --no-ansi --no-cache --audit --no-audit --profile"
)
QUIET_PLUGINS = frozenset(
    {
        *(
            "symfony/flex",
            "symfony/runtime",
            "phpstan/extension-installer",
            "pestphp/pest-plugin",
            "php-http/discovery",
        ),
        *("composer/package-versions-deprecated", "ocramius/package-versions", "infection/extension-installer"),
        *("dealerdirect/phpcodesniffer-composer-installer", "ergebnis/composer-normalize", "tbachert/spi"),
    }
)
"""Plugins that touch nothing outside the vendor folder when single packages are installed, by their own readmes.

Flex also unpacks recipes, of packages that are not in symfony.lock.
"""
VARIABLES = words(
    "COMPOSER_ALLOW_SUPERUSER COMPOSER_HOME COMPOSER_MEMORY_LIMIT COMPOSER_NO_INTERACTION COMPOSER_VERSION"
)
FLEX = "symfony/flex"


def composer_needs(call: Call, place: Place) -> Needs:
    """The needs of a composer command."""
    line = read_line(call, VALUED, PLAIN)
    if not line.operands or line.operands[0] in ("clear-cache", "clearcache", "self-update", "diagnose", "about"):
        return NOTHING
    if line.operands not in (("install",), ("i",)):
        return blocked(f"composer {line.operands[0]} may read the copied files")
    return _install(line, place)


def composer_ahead(call: Call, place: Place) -> Ahead | None:
    """`composer install` without scripts and autoloader."""
    line = read_line(call, VALUED, PLAIN)
    if line.operands not in (("install",), ("i",)):
        return None
    missing = [name for name in ("--no-scripts", "--no-autoloader") if not line.has(name)]
    if not missing:
        return None
    options = {**line.options, "--no-scripts": "", "--no-autoloader": ""}
    return Ahead(_install(line._replace(options=options), place), "".join(f" {one}" for one in missing))


def _install(line: Line, place: Place) -> Needs:
    if line.obstacle or place.folder is None:
        return blocked(line.obstacle or "the folder that composer runs in is not known")
    for name in place.environment:
        if name.startswith("COMPOSER") and name not in VARIABLES:
            return blocked(f"{name} may name a copied file")
    manifest, lockfile = beside(place.folder, "composer.json"), beside(place.folder, "composer.lock")
    source = place.files.at(manifest)
    lock = place.files.at(lockfile)
    if source is None or lock is None:
        return blocked(f"no {'composer.json' if source is None else 'composer.lock'} is copied to {place.folder}")
    if lock != source.removesuffix(".json") + ".lock":
        return blocked("composer.lock does not stand beside composer.json in the build context")
    project = place.files.context.once(read_project, source)
    recipes = beside(place.folder, "symfony.lock")
    obstacle = _of_project(project, line) or _of_plugins(project, has_recipes=recipes in place.files.places)
    if obstacle:
        return blocked(obstacle)
    others = [beside(place.folder, name) for name in ("auth.json", "symfony.lock")]
    vendor = place.path(project.vendor)
    if vendor is None:
        return blocked("where composer puts packages is not known")
    return Needs(
        (manifest, lockfile, *(path for path in others if path in place.files.places)), (vendor,), installs=True
    )


def _of_project(project: ComposerProject, line: Line) -> str:
    if project.problems:
        return project.problems[0]
    if project.local:
        return f"composer.json takes packages from the build context: {project.local[0]}"
    if project.events:
        return f"composer.json runs a script for each package ({project.events[0]})"
    if project.scripts and not line.has("--no-scripts"):
        return "composer.json has scripts that may read the sources"
    written = not line.has("--no-autoloader")
    if written and (
        project.autoloads
        or project.optimizes
        or line.has("-o", "--optimize-autoloader", "-a", "--classmap-authoritative")
    ):
        return "the autoloader lists the project's own classes"
    return ""


def _of_plugins(project: ComposerProject, *, has_recipes: bool) -> str:
    for name in project.plugins:
        if name not in QUIET_PLUGINS or (name == FLEX and not has_recipes):
            return f"the plugin {name} may write or read other files"
    return ""
