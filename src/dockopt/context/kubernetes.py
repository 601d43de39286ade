"""Manifests of Kubernetes in the build context: what they start in containers, and what asks whether these are well."""

from collections.abc import Iterator

from dockopt.context.tree import Context

MARKS = ("command:", "args:")


def manifests(context: Context) -> tuple[str, ...]:
    """The texts of manifests that start programs; of templates too, as far as they are plain."""
    return context.once(_read, "")


def _read(context: Context, _: str) -> tuple[str, ...]:
    return tuple(_texts(context))


def _texts(context: Context) -> Iterator[str]:
    for path in context.files:
        if path.endswith((".yaml", ".yml")) and "node_modules/" not in path:
            text = context.read(path) or ""
            if "apiVersion:" in text and any(mark in text for mark in MARKS):
                yield text
