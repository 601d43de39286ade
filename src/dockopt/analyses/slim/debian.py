"""Debian's slim image for its full one: the same packages, without manuals, documents and translations.

Both images are one system of required packages; the slim one then loses some folders, for good: dpkg leaves them out
of whatever is installed later.  Source: debuerreotype, `debuerreotype-slimify` and `.slimify-excludes`; up to Debian 10
the full image had more packages.
"""

from collections.abc import Iterator

from dockopt.analyses.apt import apt_commands, bare
from dockopt.analyses.caches import forces_removal
from dockopt.analyses.development import development_sign
from dockopt.analyses.list_readers import Doubt, script_doubt, speaks_of_packages
from dockopt.analyses.slim.verdict import NotSlim, SlimBase
from dockopt.context.sources import is_remote, match
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.image_contents import base_packages
from dockopt.knowledge.images import Image
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Copy, Run, Step
from dockopt.model.stages import Stage
from dockopt.syntax.words import parse_name_values

LEFT_OUT = ("/usr/share/doc", "/usr/share/man", "/usr/share/info", "/usr/share/locale", "/usr/share/groff")
KEPT = "/usr/share/locale/locale.alias"
READERS = frozenset({"man", "mandb", "apropos", "whatis", "info", "install-info", "groff"})
"""Programs whose business is with manuals."""
DOCUMENT_PACKAGES = frozenset({"man-db", "info", "manpages", "manpages-dev", "doc-base", "dwww", "tldr", "yelp"})
LANGUAGE_VARIABLES = frozenset({"LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"})
PLAIN_SUBCOMMANDS = frozenset(
    "update upgrade dist-upgrade full-upgrade install clean autoclean autoremove remove purge download source"
    " dist-clean distclean list show policy search".split()
)
INSTALLING = ("apt-get install", "apt-get -y install", "apt install", "apt -y install", "dpkg -i", "aptitude install")
FILES_AT_MOST = 3000
LARGEST = 300_000
"""Files above this size are data."""


def slim_debian(file: Dockerfile, stage: Stage, image: Image, reference: str) -> SlimBase:
    """The change of a stage on Debian's full image.

    Raises:
        NotSlim: something needs what the slim image leaves out, or may.
    """
    if not all(base_packages(release) for release in image.candidates) or not image.candidates:
        raise NotSlim(f"nothing is known of the packages of {stage.base}")
    sign = development_sign(file, stage)
    if sign:
        raise NotSlim(f"{sign}, and manuals are for people")
    steps = [*stage.steps, *(step for other in file.built_on(stage) for step in other.steps)]
    made: set[str] = set()
    missing: dict[str, str] = {}
    for step in steps:
        _check_step(file, step)
        if isinstance(step, Run):
            for call in step.calls:
                _check_call(file, call, made)
            missing |= _check_packages(step, image, made)
    for other in file.steps:
        if isinstance(other, Copy) and other.from_ and _names_left_out(other.text):
            raise NotSlim(f"`{other.keyword} {other.text}` takes files that the slim image leaves out")
    _check_context(file, steps)
    installs = (f"RUN mkdir -p {' '.join(missing)}",) if missing else ()
    return SlimBase(f"start from {reference}", reference, tuple(_evidence(stage, image, steps, missing)), installs)


def _check_step(file: Dockerfile, step: Step) -> None:
    if step.keyword == "ONBUILD":
        raise NotSlim("ONBUILD is for images built on this one")
    if isinstance(step, Run):
        if step.opaque:
            raise NotSlim(f"a RUN cannot be read ({step.opaque})")
        if any(heredoc for heredoc in step.node.heredocs if _names_left_out(heredoc.content)):
            raise NotSlim("a here-document names folders that the slim image leaves out")
    elif isinstance(step, Copy):
        if step.from_ is None and file.context is None and not step.inline and not _only_remote(step):
            raise NotSlim(f"the build context is not given, and {' '.join(step.sources)} may install or read anything")
    elif step.keyword in ("ENV", "ARG"):
        for pair in parse_name_values(step.text, step.state.escape, arguments=step.keyword == "ARG"):
            if pair.name in LANGUAGE_VARIABLES and not _is_english(step.state.expand(pair.value or "C")):
                raise NotSlim(f"{pair.name}={pair.value} asks for translations, which the slim image leaves out")
    elif _names_left_out(step.text) or READERS & set(step.text.replace('"', " ").replace(",", " ").split()[:4]):
        raise NotSlim(f"{step.keyword} needs manuals or documents, which the slim image leaves out")


def _check_call(file: Dockerfile, call: Call, made: set[str]) -> None:
    if call.is_("apt-get", "apt"):
        return
    texts = [word.text for word in call.arguments]
    targets = [redirect.target.text for redirect in call.redirects if redirect.target]
    if call.is_("mkdir") and call.has("-p", "--parents", "-pv"):
        made.update(_unfolded(texts))
    elif not forces_removal(call) and not call.is_("find", "echo") and any(map(_names_left_out, texts)):
        raise NotSlim(f"`{call.words[0].text} {' '.join(texts)}` names a folder that the slim image leaves out")
    if any(map(_names_left_out, targets)):
        raise NotSlim("a file is written to a folder that the slim image leaves out")
    if call.name in READERS:
        raise NotSlim(f"{call.name} reads manuals or documents, which the slim image leaves out")
    if call.is_("update-locale") and not all(_is_english(text.partition("=")[2]) for text in texts):
        raise NotSlim("update-locale asks for translations, which the slim image leaves out")
    unpacks = call.is_("dpkg") and call.has("-i", "--install", "--unpack", "--configure")
    if unpacks or (not call.is_("echo", "printf") and speaks_of_packages(" ".join(texts))):
        raise NotSlim(f"{call.name} installs packages that are not known")
    if (script_doubt(file.context, call) or Doubt.HARDLY) > Doubt.HARDLY:
        name = " ".join(word.text for word in call.words[:2])
        raise NotSlim(f"what `{name}` runs is not known, and may install packages that need folders for manuals")


def _check_packages(run: Run, image: Image, made: set[str]) -> dict[str, str]:
    """Folders that must be made for what a RUN installs, each with the words of the install.

    Raises:
        NotSlim: not everything is known of what is installed.
    """
    from dockopt.knowledge.apt_packages import packages_of  # noqa: PLC0415 - the index takes time to load
    from dockopt.knowledge.manual_folders import manual_folders  # noqa: PLC0415

    needed: dict[str, str] = {}
    for command in apt_commands(run):
        if command.subcommand not in PLAIN_SUBCOMMANDS:
            raise NotSlim(f"what `apt-get {command.subcommand}` installs is not known")
        if command.subcommand != "install":
            continue
        words = [word.value for word in command.reading.operands]
        for release in image.candidates:
            index = packages_of(release)
            for word in words:
                if word is None or "/" in word or "*" in word or not index.has(bare(word)):
                    raise NotSlim(f"package {word or 'of a variable'} is not in the table of {release}'s packages")
                if word in DOCUMENT_PACKAGES or bare(word).endswith("-doc"):
                    raise NotSlim(f"{word} is installed for documents, which the slim image leaves out")
            missing = set(manual_folders([bare(word or "") for word in words], release)) - made
            needed |= dict.fromkeys(sorted(missing), " ".join(word or "" for word in words))
    return needed


def _check_context(file: Dockerfile, steps: list[Step]) -> None:
    """Raise NotSlim where a file of the context installs packages, or speaks of a folder that is left out."""
    context = file.context
    paths: dict[str, None] = {}
    for step in steps:
        if context is None or not isinstance(step, Copy) or step.from_ or step.inline:
            continue
        sources = step.expanded_sources
        if None in sources:
            raise NotSlim(f"what `{step.keyword} {step.text}` brings depends on a variable")
        plain = [source for source in sources if source and not is_remote(source)]
        paths |= dict.fromkeys(path for one in match(context, plain) for path in one.files)
    if context is None or not paths:
        return
    if len(paths) > FILES_AT_MOST or not context.complete:
        raise NotSlim("the build context is too large to be read whole")
    for path in paths:
        known = context.files.get(path)
        text = context.read(path) if known and known.size <= LARGEST else None
        if text and _names_left_out(text):
            raise NotSlim(f"{path} names a folder that the slim image leaves out")
        if text and any(command in text for command in INSTALLING) and not path.endswith((".md", ".rst", ".txt")):
            raise NotSlim(f"{path} installs packages that are not known")


def _evidence(stage: Stage, image: Image, steps: list[Step], missing: dict[str, str]) -> Iterator[Evidence]:
    release = image.release or " or ".join(image.candidates)
    claim = f"the slim image has the packages of {release}'s full one, without manuals, documents and translations"
    yield Evidence(claim, Strength.KNOWN, stage.node.span)
    if any(command.subcommand == "install" for s in steps if isinstance(s, Run) for command in apt_commands(s)):
        yield Evidence("no other package that is installed needs the folders that are left out", Strength.KNOWN)
    for folder, words in missing.items():
        yield Evidence(f"{folder} has to be there for {words} to be set up", Strength.KNOWN)
    yield Evidence(
        "trusted: no program that runs reads manuals or documents, or is to speak another language than English",
        Strength.INFERRED,
    )


def _names_left_out(text: str) -> bool:
    if "/usr/share/" not in text:
        return False
    rest = text.replace(KEPT, "")
    return any(f"{folder}{end}" in rest or rest.endswith(folder) for folder in LEFT_OUT for end in "/ \"'\n,")


def _is_english(value: str | None) -> bool:
    return value is not None and (value.partition(".")[0] in ("C", "POSIX", "") or value.strip("\"'").startswith("en"))


def _only_remote(copy: Copy) -> bool:
    return all(source is not None and is_remote(source) for source in copy.expanded_sources)


def _unfolded(words: list[str]) -> Iterator[str]:
    """Words with one brace list in each written out: `/usr/share/man/man{1,7}`."""
    for word in words:
        head, brace, rest = word.partition("{")
        inner, _, tail = rest.partition("}")
        yield from (f"{head}{one}{tail}".rstrip("/") for one in (inner.split(",") if brace else [""]))
