r"""Install what `package-lock.json` says with `npm ci` instead of `npm install`.

`npm install` follows the lockfile as long as it fits the manifest; where it does not, it resolves versions anew and
writes another lockfile into the image, so that two builds of the same commit differ.  `npm ci` fails instead.  It also
has less to look up.

The fix changes nothing that is installed today: it is proposed where the lockfile in the build context was written for
this very `package.json`, and holds every package that another one in it asks for, which is what `npm ci` checks.
That npm itself chose the versions in it is trusted: the fix is standard.

Left alone: a lockfile that does not fit, or of npm before 7; workspaces, `overrides`, local packages; settings of npm
in the environment or an `.npmrc` that may change what is installed; a `node_modules` that other instructions made, as
`npm ci` empties it; images for development, in which people go on installing.

See also: hadolint DL3016 for versions of single packages.
"""

from collections.abc import Iterator

from dockopt import api

BEFORE = """
FROM node:20 AS build
WORKDIR /app
COPY package*.json ./
RUN npm install
COPY . .
RUN npm run build
FROM nginx:1.27
COPY --from=build /app/dist /usr/share/nginx/html
"""
AFTER = BEFORE.replace("npm install", "npm ci")
MANIFEST = '{"name": "site", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "^5.4.0"}}'
LOCK = (
    '{"name": "site", "lockfileVersion": 3, "packages": {"": {"name": "site", "devDependencies": {"vite": "^5.4.0"}}, '
    '"node_modules/vite": {"version": "5.4.2", "dev": true, "dependencies": {"rollup": "^4.20.0"}}, '
    '"node_modules/rollup": {"version": "4.21.0", "dev": true}}}'
)
FILES = {"package.json": MANIFEST, "package-lock.json": LOCK, "index.html": "<html></html>\n"}
EXAMPLES = (
    api.changes(BEFORE, AFTER, context=FILES),
    api.changes(
        BEFORE.replace("npm install", "npm i --no-audit \\\n    && rm -rf /tmp/*"),
        BEFORE.replace("npm install", "npm ci --no-audit \\\n    && rm -rf /tmp/*"),
        context=FILES,
    ),
    api.changes(
        BEFORE.replace("RUN npm install", "RUN --mount=type=cache,target=/root/.npm npm install --loglevel=error"),
        BEFORE.replace("RUN npm install", "RUN --mount=type=cache,target=/root/.npm npm ci --loglevel=error"),
        context=FILES,
    ),
    api.changes(
        BEFORE.replace("package*.json", "package.json package-lock.json .npmrc"),
        AFTER.replace("package*.json", "package.json package-lock.json .npmrc"),
        context={**FILES, ".npmrc": "registry=https://packages.example/\n"},
    ),
    api.unchanged(BEFORE, because="the lockfile is not known without the build context"),
    api.unchanged(
        BEFORE,
        because="the manifest asks for another version than the lockfile was written for",
        context={**FILES, "package.json": MANIFEST.replace("^5.4.0", "^6.0.0")},
    ),
    api.unchanged(
        BEFORE,
        because="a package that another one asks for is not in the lockfile",
        context={**FILES, "package-lock.json": LOCK.replace('"node_modules/rollup"', '"node_modules/esbuild"')},
    ),
    api.unchanged(BEFORE.replace("package*.json", "package.json"), because="the lockfile is not copied", context=FILES),
    api.unchanged(
        BEFORE.replace("npm install", "npm install vite@6"), because="it installs something else", context=FILES
    ),
    api.unchanged(
        BEFORE.replace("RUN npm install", "COPY --from=cache /node_modules ./node_modules\nRUN npm install"),
        because="npm ci would empty the folder",
        context=FILES,
    ),
    api.unchanged(
        BEFORE.replace("RUN npm install", "RUN --mount=type=cache,target=/app/node_modules npm install"),
        because="npm ci cannot empty a mount",
        context=FILES,
    ),
    api.unchanged(
        BEFORE.replace("package*.json", "package.json package-lock.json .npmrc"),
        because="a setting changes what is installed",
        context={**FILES, ".npmrc": "legacy-peer-deps=true\n"},
    ),
    api.unchanged(
        BEFORE.replace("RUN npm install", "RUN npm install -g npm@6\nRUN npm install"),
        because="which npm installs is not known",
        context=FILES,
    ),
    api.unchanged(
        BEFORE,
        because="workspaces are checked by npm alone",
        context={**FILES, "package.json": MANIFEST.replace("{", '{"workspaces": ["a"], ', 1)},
    ),
    api.unchanged(BEFORE.replace("node:20", "node:12"), because="npm 6 reads another part of it", context=FILES),
)


@api.transform(
    phase=api.Phase.COMMANDS,
    may_change={api.Aspect.COMMANDS},
    only_with={"npm"},
    examples=EXAMPLES,
    purpose=api.Purpose.CORRECTNESS,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for found in api.locked_installs(file):
        if api.is_development(file):
            return
        yield api.Fix(
            title=f"npm ci installs what {found.lockfile} says",
            edits=api.replace_word(found.run, found.word, "ci"),
            evidence=(
                api.inferred(
                    f"{found.lockfile} fits the manifest and is complete; trusted: npm chose its versions", found.run
                ),
            ),
            span=found.run.span,
            floor=api.Level.STANDARD,
        )
