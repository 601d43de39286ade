"""`dockopt fix`: its options, and what they mean together."""

import os
from typing import TYPE_CHECKING, Any

import click

from dockopt.cli import options
from dockopt.cli.building import Building, building_options
from dockopt.cli.reviewing import Review, review_options
from dockopt.cli.reviewing import demand_sense as demand_sense_of_review

if TYPE_CHECKING:
    from dockopt.fixes import Purpose


@click.command(name="fix")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--diff", is_flag=True, help="Print the diff and write nothing; exit 1 if anything would change.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@options.which_fixes
@click.option("--max-fixes", type=click.IntRange(min=0), metavar="N", help="Stop after N fixes in each file.")
@click.option("--few-layers", is_flag=True, help="Merge RUN instructions also where that saves no bytes.")
@click.option("--buildkit", is_flag=True, help="Use what only BuildKit can build, also where a file does not show it.")
@click.option(
    "--explain-order",
    is_flag=True,
    help="Show what a change of each kind of file costs before and after, by the history of the repository.",
)
@options.context
@options.formats("text", "diff", "json", "csv", "github", "gitlab", "sarif", "rdjson", "markdown", "html", "patch")
@click.option("--output", type=click.Path(), metavar="FILE", help="Write the one rewritten Dockerfile here instead.")
@options.colour
@click.option(
    "--verify",
    is_flag=True,
    help="Apply only what was verified by building before and after; with the options of `dockopt verify`.",
)
@building_options(hidden=True)
@review_options
@options.many_files
def command(
    *,
    paths: tuple[str, ...],
    diff: bool,
    check: bool,
    level: str,
    purposes: "frozenset[Purpose]",
    select: frozenset[str],
    ignore: frozenset[str],
    max_fixes: int | None,
    few_layers: bool,
    buildkit: bool,
    explain_order: bool,
    context: str | None,
    format_: str,
    output: str | None,
    colour: str,
    verify: bool,
    jobs: int | None,
    cached: bool,
    executor: str,
    since: str,
    staged: bool,
    shard: tuple[int, int],
    baseline: str,
    write_baseline: str,
    **others: Any,  # noqa: ANN401 - the options of Review and Building, by their names
) -> int:
    """Rewrite Dockerfiles in place; show what changed and why, the diff, and what it saves.

    PATH is a Dockerfile, a folder to search for Dockerfiles, or - to rewrite standard input to standard output;
    the current folder if there is none.

    Exit status: 0 done, 1 something would change (--diff, --check), 2 a file could not be read or an option is wrong.
    """
    paths = paths or (".",)
    demand_sense(paths, output, dry=diff or check)
    review = Review(**{name: others.pop(name) for name in Review._fields})
    building = others
    decided = bool(output or verify or baseline or write_baseline or explain_order)
    demand_sense_of_review(review, paths=paths, dry=diff or check, others=decided, format_=format_)
    if not verify and building != Building()._asdict():
        raise click.UsageError("options about building go together with --verify")
    if verify and (baseline or executor):
        raise click.UsageError("--verify builds one image after the other: no --baseline, no --executor")
    if since and staged:
        raise click.UsageError("either --since or --staged")
    from dockopt.cli.fixing import Many, Options, fix
    from dockopt.cli.gathering import Wanted

    values = {
        "level": level,
        "preset": purposes,
        "select": select,
        "ignore": ignore,
        "few-layers": few_layers,
        "buildkit": buildkit,
        "context": context,
    }
    given = {key: values[key] for key in options.given(*values)}
    wanted = Wanted(paths, given, max_fixes, since, staged, shard)
    many = Many(jobs, cached, executor, baseline, write_baseline)
    built = Building(**building) if verify else None
    return fix(Options(wanted, diff, check, format_, output, colour, built, explain_order, many, review))


def demand_sense(paths: tuple[str, ...], output: str | None, *, dry: bool) -> None:
    """Refuse what cannot be done together."""
    if output is not None and dry:
        raise click.UsageError("--output writes a file; --diff and --check write nothing")
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("- stands alone: no other PATH beside it")
    if output is not None and (len(paths) > 1 or os.path.isdir(paths[0])):
        raise click.UsageError("--output takes one Dockerfile; name it")
