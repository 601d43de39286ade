"""What `bundle install` reads of the copied files: Gemfile and Gemfile.lock, where the Gemfile is a plain list.

A Gemfile is a program. Only lines that name sources, gems and groups are understood; any other is an obstacle.
"""

from dockopt.analyses.install_needs import NOTHING, Needs, Place, beside, blocked
from dockopt.model.commands import Call

VALUED = frozenset({"--jobs", "-j", "--retry", "--without", "--with"})
PLAIN = frozenset({"--quiet", "--no-cache", "--full-index", "--prefer-local", "--force", "--frozen", "--verbose"})
LINE_STARTS = ("source ", "source(", "gem ", "gem(", "group ", "group(", "platforms ", "platform ", "ruby ", "ruby(")
LOCAL_NAMES = frozenset(
    {"path", "file", "File", "Dir", "IO", "Pathname", "gemspec", "require_relative", "eval", "eval_gemfile", "load"}
)
LOCAL_SIGNS = ("`", "%x", "__", "#{")
HARMLESS_VARIABLES = ("BUNDLE_JOBS", "BUNDLE_RETRY", "BUNDLE_WITHOUT", "BUNDLE_WITH", "BUNDLE_FORCE_RUBY_PLATFORM")
GIT_SHORTHANDS = ("git_source(", "git_source ")
OTHER_FILES = (".bundle/config", "gems.rb", "gems.locked")
PLATFORMS = ("  ruby", "-linux")


def bundle_needs(call: Call, place: Place) -> Needs:
    """The needs of a bundle command."""
    values = [value or "$" for value in call.values]
    if values[:1] == ["config"] or values in (["--version"], ["-v"], ["version"]):
        return _config(values)
    if values[:1] not in ([], ["install"]):
        return blocked(f"bundle {values[0]} may read the copied files")
    obstacle = _of_options(values[1:])
    if obstacle or place.folder is None:
        return blocked(obstacle or "the folder that bundle runs in is not known")
    return _gemfile_needs(place, place.folder)


def _config(values: list[str]) -> Needs:
    """Settings that name folders decide where gems go."""
    if any(word in ("path", "gemfile", "deployment", "local", "vendor") or "/" in word for word in values):
        return blocked("bundle config changes where gems are installed")
    return NOTHING


def _of_options(words: list[str]) -> str:
    following = iter(words)
    for word in following:
        name, equals, _ = word.partition("=")
        if name in VALUED and not equals:
            next(following, None)
        elif name not in VALUED | PLAIN and not (name.startswith("-j") and name[2:].isdigit()):
            return f"bundle's option {name} may change where gems are installed"
    return ""


def _gemfile_needs(place: Place, folder: str) -> Needs:
    gemfile, lockfile = beside(folder, "Gemfile"), beside(folder, "Gemfile.lock")
    source = place.files.at(gemfile)
    if source is None:
        return blocked(f"no Gemfile is copied to {folder}")
    obstacle = _of_neighbours(place, folder) or _of_gemfile(place.files.text(gemfile))
    if obstacle:
        return blocked(obstacle)
    if lockfile not in place.files.places:
        return Needs((gemfile,), (beside(folder, ".bundle"),), installs=True)
    locked = place.files.at(lockfile)
    if locked is None or locked.rpartition("/")[0] != source.rpartition("/")[0]:
        return blocked("Gemfile.lock does not stand beside the Gemfile in the build context")
    obstacle = _of_lockfile(place.files.text(lockfile)) or _lacking(
        place.files.text(gemfile), place.files.text(lockfile)
    )
    if obstacle:
        return blocked(obstacle)
    return Needs((gemfile, lockfile), (beside(folder, ".bundle"),), (lockfile,), installs=True)


def _of_neighbours(place: Place, folder: str) -> str:
    for name in OTHER_FILES:
        if beside(folder, name) in place.files.places:
            return f"bundle reads {name}"
    if place.files.any_below(beside(folder, "vendor/bundle")) or place.files.any_below(beside(folder, "vendor/cache")):
        return "the build context holds gems (vendor)"
    for name in place.environment:
        if name.startswith(("BUNDLE_", "RUBYOPT", "RUBYLIB")) and name not in HARMLESS_VARIABLES:
            return f"{name} may name a copied file, or where gems go"
    return ""


def _of_gemfile(text: str | None) -> str:
    if text is None:
        return "the Gemfile cannot be read"
    continued = False
    for number, line in enumerate(text.splitlines(), 1):
        code = line.partition(" # ")[0].strip()
        if not code or code.startswith("#") or code == "end":
            continue
        starts = code.startswith(LINE_STARTS) or (continued and code.startswith(("'", '"', ":", "require:", "git")))
        if code.startswith(GIT_SHORTHANDS) and code.endswith("}") and "https://" in code:
            continue
        if not starts or _names_local_things(code):
            return f"Gemfile:{number} may read copied files"
        continued = code.endswith(",")
    return ""


def _names_local_things(code: str) -> bool:
    names = "".join(character if character.isalnum() or character == "_" else " " for character in code).split()
    return not LOCAL_NAMES.isdisjoint(names) or any(sign in code for sign in LOCAL_SIGNS)


def _lacking(gemfile: str | None, lockfile: str | None) -> str:
    """A gem that bundle would add to the lockfile, which the COPY then puts back."""
    listed = (lockfile or "").partition("\nDEPENDENCIES\n")[2].partition("\n\n")[0]
    locked = {line.split()[0].rstrip("!") for line in listed.splitlines() if line.strip()}
    for line in (gemfile or "").splitlines():
        code = line.strip().replace("gem(", "gem ")
        if locked and code.startswith(("gem '", 'gem "')):
            name = code[5:].partition(code[4])[0]
            if name not in locked:
                return f"Gemfile.lock lacks {name}, which bundle would add"
    return ""


def _of_lockfile(text: str | None) -> str:
    lines = (text or "").splitlines()
    if "PATH" in lines:
        return "Gemfile.lock takes gems from the build context"
    at = lines.index("PLATFORMS") + 1 if "PLATFORMS" in lines else len(lines)
    platforms = [line for line in lines[at : at + 12] if line.startswith("  ")]
    if not any(line == PLATFORMS[0] or line.endswith(PLATFORMS[1]) for line in platforms):
        return "Gemfile.lock names no Linux platform, so bundle would change it"
    return ""
