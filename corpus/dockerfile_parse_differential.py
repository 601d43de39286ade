"""Count where the package dockerfile-parse reads or writes a Dockerfile otherwise than BuildKit.

Run from the repository root: `python -m corpus.dockerfile_parse_differential`. DOCKOPT_CORPUS names the archive.
"""

import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator

from tests.differential.buildkit import Oracle, comparable
from tests.differential.corpus import CORPUS, corpus_files
from tests.differential.structure import misread, our_structure, parser_of, their_structure

from dockopt.syntax.parser import parse
from dockopt.syntax.tree import Instruction, Tree
from dockopt.syntax.words import expand, parse_name_values, split_words
from dockopt.text.source import SourceText


def base_images(tree: Tree) -> list[str]:
    """The images of all FROM lines, expanded with the ARGs before the first; as written where that cannot be."""
    values: dict[str, str] = {}
    images: list[str] = []
    for node in tree.instructions:
        if node.keyword == "ARG" and not images:
            for pair in parse_name_values(node.argument_text, tree.escape, arguments=True):
                values[pair.name] = expand(pair.value or "", values, tree.escape).value
        elif node.keyword == "FROM":
            words = split_words(node.argument_text)
            images += [expand(words[0].value, values, tree.escape).value] if words else []
    return images


def reading(tree: Tree, data: bytes) -> Iterator[str]:
    """What goes wrong when the file is read."""
    theirs = their_structure(data)
    causes = {cause for _, cause in misread(tree, theirs)}
    for cause in causes:
        yield f"instructions lost or altered: {cause}"
    if theirs != our_structure(tree):
        yield "instructions lost or altered, or lines taken for instructions"
    for altered, image in zip(parser_of(data).parent_images, base_images(tree), strict=False):
        if altered != image and "$" not in image:
            modifier = re.search(r":[-+].*\}", altered)
            yield f"base images altered: {'${V:-x} or ${V:+x}' if modifier else 'other'}"


def inner_comments(node: Instruction) -> int:
    return len(node.comments)


def writing(tree: Tree, data: bytes) -> Iterator[str]:
    """What goes wrong when one value of the last stage is set."""
    for name in ("envs", "labels"):
        parser = parser_of(data)
        values = dict(getattr(parser, name))
        if not values:
            continue
        yield f"files with {name}"
        setattr(parser, name, values)
        if parser.content.encode() != data:
            yield f"files with {name}, changed by writing back the same values"
        key = next(iter(values))
        setattr(parser, name, values | {key: "dockopt"})
        after = parse(SourceText(parser.content))
        if sum(map(inner_comments, after.instructions)) < sum(map(inner_comments, tree.instructions)):
            yield f"files with {name}, comments lost by setting one value"
        if len(parser.lines) < len(SourceText.from_bytes(data).text.splitlines()):
            yield f"files with {name}, lines joined by setting one value"


def main() -> int:
    if not CORPUS.exists():
        print(f"no corpus at {CORPUS}: set DOCKOPT_CORPUS to its archive")
        return 2
    logging.disable()
    oracle = Oracle()
    counts: Counter[str] = Counter()
    for _, data in corpus_files():
        if oracle.ask(comparable(data)).readings is None:
            continue
        counts["files that BuildKit accepts"] += 1
        tree = parse(SourceText.from_bytes(data))
        theirs, ours = set(their_structure(data)), set(our_structure(tree))
        counts["(instructions that are not as BuildKit reads them)"] += len(ours - theirs)
        counts["(instructions that are not in the file)"] += len(theirs - ours)
        for step in (reading, writing):
            try:
                counts.update(set(step(tree, data)))
            except Exception as error:  # noqa: BLE001  (whatever the other package raises is what is counted)
                counts[f"exception while {step.__name__}: {type(error).__name__}"] += 1
    oracle.close()
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
