"""Build the applications of `corpus/apps`: as they were written, by hand at their best, and as dockopt rewrites them.

Usage: python corpus/builds.py [--case NAME]... [--keep] [--prune] [--no-cache]
Needs docker with BuildKit. Every image has to build and to answer its smoke test as the naive one does; what dockopt
writes must not be larger. Prints a table and writes the figures of the cases that ran to `builds.json`.

`LAB` may name a folder whose `env.sh` sets up an engine. `DOCKOPT_PROBE_IMAGE` is an image with Python that fetches
pages from the others.
"""

import argparse
import fnmatch
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dockopt import optimize
from dockopt.text.source import to_bytes

APPS = Path(__file__).resolve().parent / "apps"
LEDGER = Path(__file__).resolve().parent / "builds.json"
LEVELS = ("safe", "standard")
VARIANTS = ("naive", "expert", *LEVELS)
SECONDS_TO_BUILD = 1200
SECONDS_TO_ANSWER = 40
NOISE = 20_000
"""Bytes by which two builds of one file may differ: logs, caches, dates in compiled files."""
SYNTAX_LINE = re.compile(r"\A((?:[ \t]*#[^\n]*\n|\s*\n)*?)[ \t]*#[ \t]*syntax[ \t]*=[^\n]*", re.IGNORECASE)
CONFIG = "Cmd Entrypoint Env ExposedPorts Healthcheck Labels OnBuild Shell StopSignal User Volumes WorkingDir".split()
GENERATED = ("*/__pycache__", "*/__pycache__/*", "*/node_modules/.package-lock.json")
LISTING = "find {folders} -printf '%y %m %u %g %p %l\\n'"
PROBE = """
import sys, time, urllib.error, urllib.request
end = time.time() + float(sys.argv[2])
while True:
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=5) as reply:
            print(reply.status, reply.read(4000).decode())
            break
    except urllib.error.HTTPError as error:
        print(error.code)
        break
    except OSError as error:
        if time.time() > end:
            sys.exit(str(error))
        time.sleep(0.2)
"""


@dataclass(frozen=True)
class Case:
    """One application. `run` are shell commands, `http` a port and path; both must answer alike in every image.

    `expect` must be in the answers. `listing` are folders whose files, modes and owners dockopt must keep, but for
    those that match `may_differ`. `config` are parts of the image config that may change, `unchanged` says that dockopt
    has nothing to do, `shortfall` why it saves less than the expert. `bases` are the images that the application is
    built on, `touch` is the source file that changes daily. `build_args` (`NAME=value`) and `secrets`
    (`id=NAME,src=FILE`, below the folder) are given to every build; `targets` are further stages to build, each with
    the commands that its image has to answer.
    """

    name: str
    description: str
    run: tuple[str, ...] = ()
    http: str = ""
    expect: str = ""
    listing: tuple[str, ...] = ()
    may_differ: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    unchanged: bool = False
    bases: tuple[str, ...] = ()
    touch: str = ""
    shortfall: str = ""
    build_args: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    targets: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return APPS / self.name

    @property
    def context(self) -> Path:
        return self.folder / "context"


@dataclass
class Image:
    """One built image: its size in bytes, the same layer by layer, how it answered, and what is wrong with it."""

    size: int = 0
    seconds: float = 0.0
    layers: list[tuple[int, str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    config: dict[str, object] = field(default_factory=dict)
    listing: frozenset[str] = frozenset()
    error: str = ""
    recipe: "Recipe | None" = None


@dataclass(frozen=True)
class Recipe:
    """A Dockerfile to build; for one of dockopt's also its fixes and the bytes that it expects of the image."""

    text: str
    fixes: tuple[str, ...] = ()
    estimate: tuple[int, int, int] = (0, 0, 0)


def main() -> int:
    options = arguments()
    engine_from_lab()
    if not engine():
        print("no container engine answers", file=sys.stderr)
        return 2
    cases = [case for case in all_cases() if not options.case or case.name in options.case]
    planned = [(case, recipes(case)) for case in cases]
    broken = False
    print(HEADER)
    for case, wanted in planned:
        images = build_all(case, wanted, no_cache=options.no_cache)
        word = verdict(case, images)
        print(row(case, images, word), flush=True)
        for line in complaints(case, images):
            print(f"    {line}", flush=True)
        record(case, images, word)
        clean_up(case, keep=options.keep, prune=options.prune)
        broken = broken or word == "broken"
    return 1 if broken else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", default=[], metavar="NAME", help="only this application")
    parser.add_argument("--keep", action="store_true", help="leave the images in the engine")
    parser.add_argument("--prune", action="store_true", help="empty the engine's build cache after each application")
    parser.add_argument("--no-cache", action="store_true", help="build every step anew")
    return parser.parse_args()


def all_cases() -> Iterator[Case]:
    for path in sorted(APPS.glob("*/case.toml")):
        yield load(path.parent.name)


def load(name: str) -> Case:
    values = tomllib.loads((APPS / name / "case.toml").read_text(encoding="utf-8"))
    fields: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in values.items()}
    return Case(name, **fields)


def engine_from_lab() -> None:
    """Take PATH and the engine's address from `$LAB/env.sh`, where there is one."""
    script = Path(os.environ.get("LAB", "")) / "env.sh"
    if os.environ.get("LAB") and script.is_file():
        found = subprocess.run(["sh", "-c", '. "$0" && env -0', str(script)], capture_output=True, check=True)
        os.environ.update(dict(pair.split("=", 1) for pair in found.stdout.decode().split("\0") if "=" in pair))


def engine() -> bool:
    """Whether a container engine answers."""
    try:
        return docker("version", seconds=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def docker(*words: str, seconds: float = 300, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *words], input=text, capture_output=True, text=True, errors="replace", timeout=seconds, check=False
    )


def recipes(case: Case) -> dict[str, Recipe]:
    """The Dockerfile of every variant that there is."""
    naive, expert = case.folder / "Dockerfile", case.folder / "expert.Dockerfile"
    found = {"naive": Recipe(naive.read_text(encoding="utf-8"))}
    if expert.exists():
        found["expert"] = Recipe(expert.read_text(encoding="utf-8"))
    for level in LEVELS:
        result = optimize(naive.read_bytes(), level=level, context=case.context)
        fixes = tuple(fate.transform.label for fate in result.applied)
        size = result.sizes.after.size if result.sizes else None
        found[level] = Recipe(result.text, fixes, (size.low, size.expected, size.high) if size else (0, 0, 0))
    return found


def build_all(case: Case, wanted: Mapping[str, Recipe], *, no_cache: bool = False) -> dict[str, Image]:
    """Every variant of a case, built and asked; one that equals an earlier one is not built again."""
    done: dict[str, Image] = {}
    images: dict[str, Image] = {}
    for variant, recipe in wanted.items():
        if recipe.text not in done:
            done[recipe.text] = build(case, variant, recipe.text, no_cache=no_cache)
        images[variant] = replace(done[recipe.text], recipe=recipe)
    return images


def tag(case: Case, variant: str) -> str:
    return f"dockopt-builds-{os.getpid()}/{case.name}:{variant}"


def build(case: Case, variant: str, text: str, *, no_cache: bool = False) -> Image:
    """Build one Dockerfile and put the questions of its case to the image."""
    name, image = tag(case, variant), Image()
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "Dockerfile"
        file.write_bytes(to_bytes(SYNTAX_LINE.sub(r"\1#", text, count=1)))
        ignore = case.context / ".dockerignore"
        if ignore.exists():
            file.with_name("Dockerfile.dockerignore").write_bytes(ignore.read_bytes())
        words = ["--network=host", "--provenance=false", *(["--no-cache"] if no_cache else []), *inputs(case)]
        started = time.monotonic()
        words += ["-f", str(file), str(case.context)]
        try:
            done = docker("build", *words, "-t", name, seconds=SECONDS_TO_BUILD)
            image.seconds = round(time.monotonic() - started, 1)
            for target in case.targets if not done.returncode else ():
                done = docker("build", *words, "--target", target, "-t", f"{name}-{target}", seconds=SECONDS_TO_BUILD)
                if done.returncode:
                    break
        except subprocess.TimeoutExpired:
            image.error = "the build takes too long"
            return image
    if done.returncode:
        image.error = "does not build: " + " | ".join(error_lines(done.stdout + done.stderr))
    else:
        examine(case, name, image)
    return image


def inputs(case: Case) -> list[str]:
    """The options that give every variant its build arguments and secrets."""
    secrets = (one.replace("src=", f"src={case.folder}/") for one in case.secrets)
    return [f"--build-arg={one}" for one in case.build_args] + [f"--secret={one}" for one in secrets]


def error_lines(log: str) -> list[str]:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    found = [line for line in lines if re.search(r"error|fail|not found|cannot", line, re.IGNORECASE)]
    return (found or lines)[-4:]


def examine(case: Case, name: str, image: Image) -> None:
    """Size, config, listing and answers of a built image."""
    history = docker("history", "--no-trunc", "--human=false", "--format", "{{.Size}}\t{{.CreatedBy}}", name).stdout
    for line in reversed(history.splitlines()):
        size, _, step = line.partition("\t")
        if int(size):
            image.layers.append((int(size), re.sub(r"\s+", " ", step)[:200]))
    image.size = sum(size for size, _ in image.layers)
    config = json.loads(docker("image", "inspect", name).stdout)[0]["Config"]
    image.config = {key: config.get(key) or None for key in CONFIG}
    if case.listing:
        image.listing = listing(case, name)
    image.answers = list(answers(case, name))
    failed = [answer for answer in image.answers if answer.startswith("FAILED")]
    if failed or case.expect not in "\n".join(image.answers):
        image.error = f"does not answer as it should: {(failed or image.answers)[0][-600:]}"


def listing(case: Case, name: str) -> frozenset[str]:
    command = LISTING.format(folders=" ".join(case.listing))
    words = ["run", "--rm", "--network=none", "--user=0", "--entrypoint=/bin/sh", name, "-c", command]
    return frozenset(line.rstrip() for line in docker(*words).stdout.splitlines() if not differs(case, line))


def differs(case: Case, line: str) -> bool:
    """Whether a file of a listing may differ."""
    path = line.split(" ")[4] if line.count(" ") >= 4 else line
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in (*GENERATED, *case.may_differ))


def answers(case: Case, name: str) -> Iterator[str]:
    asked = [(name, command) for command in case.run]
    asked += [(f"{name}-{target}", command) for target, commands in case.targets.items() for command in commands]
    for image, command in asked:
        words = ["run", "--rm", "--network=host", "--entrypoint=", image, *shell_words(command)]
        done = docker(*words)
        yield f"{'FAILED ' if done.returncode else ''}{done.stdout}{done.stderr if done.returncode else ''}".strip()
    if case.http:
        yield ask(case, name)


def shell_words(command: str) -> list[str]:
    """A command for `sh -c`; one that begins with a slash is called without a shell, which an image may lack."""
    return command.split() if command.startswith("/") else ["sh", "-c", command]


def ask(case: Case, name: str) -> str:
    """Start a container as its image says and fetch one page from it, from within its own network."""
    port, _, path = case.http.partition("/")
    container = docker("run", "-d", "--network=none", name).stdout.strip()
    try:
        probe = os.environ.get("DOCKOPT_PROBE_IMAGE", "python:3.11-slim")
        words = ["run", "--rm", "-i", f"--network=container:{container}", probe, "python", "-"]
        done = docker(*words, f"http://127.0.0.1:{port}/{path}", str(SECONDS_TO_ANSWER), text=PROBE)
        if done.returncode:
            logs = docker("logs", container)
            return f"FAILED {done.stderr[-300:]} {logs.stdout[-500:]} {logs.stderr[-800:]}"
        return done.stdout.strip()
    finally:
        docker("rm", "-f", container)


def complaints(case: Case, images: Mapping[str, Image]) -> Iterator[str]:
    """What is wrong with the images of a case, a line each."""
    naive = images["naive"]
    for variant, image in images.items():
        if image.error:
            yield f"{variant}: {image.error}"
        elif variant != "naive" and image.answers != naive.answers:
            yield f"{variant}: answers {image.answers} and not {naive.answers}"
        elif variant in LEVELS:
            yield from (f"{variant}: {line}" for line in differences(case, naive, image))


def differences(case: Case, naive: Image, image: Image) -> Iterator[str]:
    """In what dockopt's image differs from the naive one where it must not."""
    for key in CONFIG:
        if naive.config[key] != image.config[key] and key not in case.config:
            yield f"{key} is {image.config[key]} and was {naive.config[key]}"
    changed = sorted(naive.listing ^ image.listing)
    for line in changed[:12]:
        yield f"{'only before' if line in naive.listing else 'only after'}: {line}"
    if len(changed) > 12:
        yield f"and {len(changed) - 12} more files"
    if case.unchanged and image.recipe and image.recipe.fixes:
        yield f"changed by {', '.join(image.recipe.fixes)}, where nothing is to be done"
    if image.size > naive.size + NOISE:
        yield f"larger than before by {(image.size - naive.size) / 1e6:.1f} MB"


def verdict(case: Case, images: Mapping[str, Image]) -> str:
    mine = {variant: image for variant, image in images.items() if variant != "expert"}
    if any(complaints(case, mine)):
        return "broken"
    smaller = images["standard"].size < images["naive"].size - NOISE
    return "ok" if smaller or case.unchanged else "not smaller"


HEADER = (
    f"{'':20}{'naive':>8}{'expert':>8}{'safe':>8}{'standard':>9} MB{'less':>6}"
    f"{'of expert':>11}{'estimated':>11} MB  verdict"
)


def row(case: Case, images: Mapping[str, Image], word: str) -> str:
    sizes = [f"{images[v].size / 1e6:.1f}" if v in images and images[v].size else "-" for v in VARIANTS]
    share, guess = expert_share(images), estimate(images["standard"])[1]
    return (
        f"{case.name:20}{sizes[0]:>8}{sizes[1]:>8}{sizes[2]:>8}{sizes[3]:>9}   {reduction(images):>6.0%}"
        f"{'' if share is None else f'{share:.0%}':>11}{f'{guess / 1e6:.1f}' if guess else '':>11}     {word}"
    )


def estimate(image: Image) -> tuple[int, int, int]:
    return image.recipe.estimate if image.recipe else (0, 0, 0)


def reduction(images: Mapping[str, Image]) -> float:
    before, after = images["naive"].size, images["standard"].size
    return 1 - after / before if before and after else 0.0


def expert_share(images: Mapping[str, Image]) -> float | None:
    """How much of what the expert saves dockopt saves, None where the expert saves next to nothing."""
    sizes = [images[variant].size for variant in ("naive", "expert", "standard") if variant in images]
    if len(sizes) < 3 or not all(sizes) or sizes[0] - sizes[1] < 1_000_000:
        return None
    return (sizes[0] - sizes[2]) / (sizes[0] - sizes[1])


def record(case: Case, images: Mapping[str, Image], word: str) -> None:
    """Put the figures of one case into the ledger, and leave those of the others."""
    ledger = json.loads(LEDGER.read_text(encoding="utf-8")) if LEDGER.exists() else {}
    share = expert_share(images)
    ledger[case.name] = {
        "description": case.description,
        "verdict": word,
        "reduction": round(reduction(images), 3),
        "share_of_expert": None if share is None else round(share, 3),
        "bytes": {variant: image.size for variant, image in images.items()},
        "estimated": {variant: list(estimate(images[variant])) for variant in LEVELS},
        "fixes": {variant: list(recipe.fixes) for variant in LEVELS if (recipe := images[variant].recipe)},
    }
    LEDGER.write_text(json.dumps(dict(sorted(ledger.items())), indent=1) + "\n", encoding="utf-8")


def clean_up(case: Case, *, keep: bool, prune: bool) -> None:
    if not keep:
        names = [tag(case, variant) for variant in VARIANTS]
        docker("image", "rm", "-f", *names, *(f"{name}-{target}" for name in names for target in case.targets))
    if prune:
        docker("builder", "prune", "-f")


if __name__ == "__main__":
    sys.exit(main())
