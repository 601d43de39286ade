r"""Start a program of Node's as the user `node` (1000), which its images bring, instead of root.

Who breaks into a program that root runs owns the container, and what is mounted into it.

The user has to be able to do what the program does, which a file can only suggest: the fix is aggressive.  It is
proposed for `node FILE` on Node's images where no source of the build context writes files, runs programs or listens
below port 1024, and no instruction sets users, modes or volumes.  Files that are copied stay root's: the program reads
them and cannot change them.  The number and not the name is written, so that an orchestrator sees that it is not root.

Left alone: other images, which have no such user: where its home should be and what it may write is the author's to
say; npm and shell scripts that start something; images for development.

See also: hadolint DL3002.
"""

from collections.abc import Iterator

from dockopt import api

BEFORE = 'FROM node:20-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nEXPOSE 3000\nCMD ["node", "server.js"]\n'
AFTER = BEFORE.replace("CMD", "USER 1000\nCMD")
SOURCES = {"server.js": "app.listen(3000)\n", "package.json": "{}", "package-lock.json": "{}"}
HIGH = api.Level.AGGRESSIVE
EXAMPLES = (
    api.changes(BEFORE, AFTER, context=SOURCES, level=HIGH),
    api.changes(BEFORE.replace("CMD", "ENTRYPOINT"), AFTER.replace("CMD", "ENTRYPOINT"), context=SOURCES, level=HIGH),
    api.changes(
        "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nFROM node:20-slim\nCOPY --from=build /app /app\n"
        "EXPOSE 8080\nCMD node /app/server.js\n",
        "FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nFROM node:20-slim\nCOPY --from=build /app /app\n"
        "EXPOSE 8080\nUSER 1000\nCMD node /app/server.js\n",
        context={**SOURCES, "server.js": "app.listen(8080)\n"},
        level=HIGH,
    ),
    api.unchanged(BEFORE, because="another user is a change of behaviour", context=SOURCES),
    api.unchanged(AFTER, because="it is not root already", context=SOURCES, level=HIGH),
    api.unchanged(BEFORE.replace("3000", "80"), because="port 80 needs a right", context=SOURCES, level=HIGH),
    api.unchanged(
        BEFORE,
        because="the program writes files",
        context={**SOURCES, "save.js": "fs.writeFileSync('x', y)\n"},
        level=HIGH,
    ),
    api.unchanged(
        BEFORE.replace("EXPOSE", "VOLUME /data\nEXPOSE"),
        because="who may write to the volume is not known",
        context=SOURCES,
        level=HIGH,
    ),
    api.unchanged(BEFORE, because="without the build context nobody knows what it writes", level=HIGH),
    api.unchanged(
        BEFORE.replace('"node", "server.js"', '"npm", "start"'),
        because="npm starts something else",
        context=SOURCES,
        level=HIGH,
    ),
)


@api.transform(
    phase=api.Phase.SPELLING, may_change={api.Aspect.CONFIG}, examples=EXAMPLES, purpose=api.Purpose.SECURITY
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if file.context is None or not file.stages:
        return
    step = api.can_run_as_node(file)
    if step is not None:
        yield api.Fix(
            title="the program runs as the user node, not as root",
            edits=api.insert_before(step, f"{api.keyword_like(step, 'USER')} 1000"),
            evidence=(
                api.known("node's images have the user node, 1000, with a home (their Dockerfiles)"),
                api.inferred("no source writes files, runs programs or listens below port 1024", step),
                api.assumed("packages do not either, and all that is copied may be read by everybody", step),
            ),
            span=step.span,
        )
