r"""Install the packages of Node without those for development: `npm ci --omit=dev`.

Test runners, linters and compilers of types are often most of `node_modules`, and nothing in the container calls them.

The fix adds `--omit=dev` to the install of the last stage.  It is standard: it is proposed where nothing builds behind
the install, no script of the project runs with it (`prepare` with husky would fail), and neither what starts nor any
source or settings file in the build context names one of the packages.  What remains to trust is that nobody runs tests
in the image.

Left alone, with the reason where the project has such packages: workspaces and `.npmrc`, stages that others build on,
a development dependency that a source names, repositories whose scripts run something in the image.  Left alone
anyway: images for development, `NODE_ENV` set before the install, Node before 16, whose npm has no such option.  Where
the image is split into stages, `npm prune --omit=dev` in the builder does it.
"""

from collections.abc import Iterator

from dockopt import api

BEFORE = """
FROM node:20-slim
WORKDIR /app
COPY package.json ./
RUN npm install
COPY server.js ./
EXPOSE 3000
CMD ["node", "server.js"]
"""
AFTER = BEFORE.replace("npm install", "npm install --omit=dev")
TWO_STAGES = """
FROM node:20 AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build
FROM node:20-alpine
WORKDIR /app
COPY package.json ./
RUN npm \\
    ci
COPY --from=build /app/dist ./dist
CMD ["npm", "start"]
"""
MANIFEST = '{"dependencies": {"express": "4.19.2"}, "devDependencies": {"mocha": "10.7.0"}}'
FILES = {"package.json": MANIFEST, "server.js": "require('express')().listen(3000)\n"}


def manifest(scripts: str) -> dict[str, str]:
    """The build context with scripts in its manifest."""
    return {**FILES, "package.json": MANIFEST.replace("{", f'{{"scripts": {{{scripts}}}, ', 1)}


EXAMPLES = (
    api.changes(BEFORE, AFTER, context=FILES),
    api.changes(
        BEFORE.replace("npm install", "npm ci --no-audit && npm cache clean --force"),
        BEFORE.replace("npm install", "npm ci --omit=dev --no-audit && npm cache clean --force"),
        context=FILES,
    ),
    api.changes(
        TWO_STAGES,
        TWO_STAGES.replace("\n    ci", "\n    ci --omit=dev"),
        context=manifest('"build": "tsc", "start": "node dist/server.js"'),
    ),
    api.changes(
        BEFORE.replace("npm install", "npm install --ignore-scripts"),
        BEFORE.replace("npm install", "npm install --omit=dev --ignore-scripts"),
        context=manifest('"prepare": "husky"'),
    ),
    api.unchanged(BEFORE, because="prepare runs with the install", context=manifest('"prepare": "husky"')),
    api.unchanged(BEFORE, because="without the build context nobody knows what is used"),
    api.unchanged(
        BEFORE,
        because="a source loads the package",
        context={**FILES, "server.js": "if (process.env.SELF_TEST) require('mocha')\n"},
    ),
    api.unchanged(
        BEFORE.replace('["node", "server.js"]', '["npm", "start"]'),
        because="the start script calls its program",
        context=manifest('"start": "mocha server.js"'),
    ),
    api.unchanged(
        BEFORE.replace("EXPOSE 3000", "RUN npm run build"),
        because="the build needs them",
        context=manifest('"build": "x"'),
    ),
    api.unchanged(BEFORE.replace("EXPOSE 3000", "RUN ./bundle"), because="what it needs is not known", context=FILES),
    api.unchanged(
        BEFORE.replace("WORKDIR", "ENV NODE_ENV=production\nWORKDIR"), because="they are not installed", context=FILES
    ),
    api.unchanged(
        BEFORE.replace("node:20-slim", "node:20-slim AS base") + "FROM base AS test\nRUN npm test\nFROM base\n",
        because="another stage tests with them",
        context=manifest('"test": "mocha"'),
    ),
    api.unchanged(
        BEFORE,
        because="the image is used to test in",
        context={**FILES, "Makefile": "test:\n\tdocker run shop npm test\n"},
    ),
    api.unchanged(BEFORE, because="its settings decide what is left out", context={**FILES, ".npmrc": "include=dev\n"}),
    api.unchanged(
        BEFORE,
        because="there are none",
        context={**FILES, "package.json": '{"dependencies": {"express": "4.19.2"}}'},
    ),
    api.unchanged(
        BEFORE.replace('"node", "server.js"', '"npx", "nodemon", "server.js"'),
        because="the image is for development",
        context=FILES,
    ),
)


@api.transform(
    phase=api.Phase.COMMANDS,
    may_change={api.Aspect.COMMANDS, api.Aspect.DEVELOPMENT},
    only_with={"npm"},
    examples=EXAMPLES,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    found = api.leftover(file)
    if not found:
        return
    if isinstance(found, str):
        yield api.Fix(title=f"development dependencies stay: {found}", edits=(), evidence=())
        return
    first = found.names[0] + (f" and {len(found.names) - 1} more" if len(found.names) > 1 else "")
    yield api.Fix(
        title="install without development dependencies",
        edits=api.append_word(found.run, found.call.words[1], "--omit=dev"),
        evidence=(
            api.inferred(f"what starts and its sources name no development dependency ({first})", found.run),
            api.proven("nothing builds behind the install", found.run),
        ),
        span=found.run.span,
        floor=api.Level.STANDARD,
    )
