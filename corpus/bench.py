"""How long dockopt takes: milliseconds a file over the corpus, and CPU of the command beside that of bare click.

Usage: python corpus/bench.py [--corpus FOLDER] [--runs N]
Prints; asserts nothing. Times of this machine mean little elsewhere, the ratios beside them more.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from corpus.survey import LEVELS, dockerfiles  # noqa: E402

from dockopt.config import Settings  # noqa: E402
from dockopt.engine.pipeline import optimize  # noqa: E402
from dockopt.syntax.parser import parse  # noqa: E402
from dockopt.text.source import SourceText  # noqa: E402

SAMPLE = """\
FROM python:3.12
WORKDIR /srv
COPY . .
RUN apt-get update
RUN apt-get install -y gcc libpq-dev
RUN pip install -r requirements.txt
CMD ["python", "main.py"]
"""
BARE_CLICK = "import click; click.command(name='x')(click.version_option('1')(lambda: None))(['--version'])"


def main() -> int:
    options = arguments()
    texts = [text for _, text in dockerfiles(Path(options.corpus) / "dockerfiles.tar.xz")]
    print(f"{len(texts)} files, milliseconds of CPU a file    median     90 %      max")
    line("parse", times(lambda text: parse(SourceText(text)), texts))
    for level in LEVELS:
        line(f"optimise, {level.label}", times(partial(optimize, settings=Settings(level=level)), texts))
    print(f"\n{options.runs} runs, milliseconds of CPU a command     min   median      max   beside bare click")
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "Dockerfile"
        sample.write_text(SAMPLE)
        command = str(Path(sys.executable).parent / "dockopt")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "bare click --version": [sys.executable, "-c", BARE_CLICK],
            "dockopt --version": [command, "--version"],
            "dockopt fix --diff Dockerfile": [command, "fix", "--diff", str(sample)],
        }
        compare(commands, options.runs)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = os.environ.get("DOCKOPT_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    parser.add_argument("--corpus", default=folder, help="the folder of the archives")
    parser.add_argument("--runs", type=int, default=20)
    return parser.parse_args()


def times(work: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """Milliseconds of CPU for each text."""
    found = []
    for text in texts:
        started = time.process_time()
        work(text)
        found.append((time.process_time() - started) * 1000)
    return sorted(found)


def line(name: str, found: list[float]) -> None:
    ninety = found[int(len(found) * 0.9)]
    print(f"{name:38}{statistics.median(found):12.2f}{ninety:9.2f}{found[-1]:9.1f}")


def compare(commands: dict[str, list[str]], runs: int) -> None:
    """CPU of each command, taken in turn so that all see the same machine."""
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(cpu(command))
    base = statistics.median(found["bare click --version"])
    for name, values in found.items():
        middle = statistics.median(values)
        print(f"{name:38}{min(values):8.0f}{middle:9.0f}{max(values):9.0f}{middle / base:12.2f} x")


def cpu(command: list[str]) -> float:
    """Milliseconds of CPU that a child process takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


if __name__ == "__main__":
    sys.exit(main())
