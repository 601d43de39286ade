"""The artifacts of a skaffold file that are built from a Dockerfile, also those of its profiles.

See https://skaffold.dev/docs/references/yaml/: the Dockerfile is looked for in the artifact's context.
"""

from collections.abc import Iterator, Mapping

from dockopt.context.services import Recipe
from dockopt.context.yaml_text import documents, items, mapping, text

OTHER_BUILDERS = ("bazel", "jib", "jibMaven", "jibGradle", "buildpacks", "ko", "custom")


def recipes(content: str) -> Iterator[Recipe]:
    """What a skaffold file builds."""
    for document in documents(content):
        settings = mapping(document)
        if not (text(settings.get("apiVersion")) or "").startswith("skaffold/"):
            continue
        for part in (settings, *map(mapping, items(settings.get("profiles")))):
            for artifact in items(mapping(part.get("build")).get("artifacts")):
                yield from _recipe(mapping(artifact))


def _recipe(artifact: Mapping[str, object]) -> Iterator[Recipe]:
    if any(name in artifact for name in OTHER_BUILDERS):
        return
    builder = mapping(artifact.get("docker")) or mapping(artifact.get("kaniko"))
    context = artifact.get("context", artifact.get("workspace", "."))
    dockerfile = builder.get("dockerfile", builder.get("dockerfilePath", "Dockerfile"))
    target = _plain(builder.get("target", ""))
    arguments = tuple((name, _plain(value)) for name, value in mapping(builder.get("buildArgs")).items())
    known = (("target", target is not None), ("arguments", all(value is not None for _, value in arguments)))
    yield Recipe(
        text(artifact.get("image", artifact.get("imageName"))) or "",
        context=_plain(context),
        dockerfile=_plain(dockerfile),
        target=target or None,
        arguments=arguments,
        unknown=tuple(name for name, is_known in known if not is_known),
    )


def _plain(value: object) -> str | None:
    found = text(value)
    return None if found is None or "{{" in found else found
