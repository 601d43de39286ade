r"""Clean npm's cache in the `RUN` that filled it.

`npm install` and `npm ci` keep every archive they download in `~/.npm/_cacache`: measured on nine projects, a quarter
to two thirds of the layer.  A later `RUN` cannot win the space back.

`npm cache clean --force` runs right behind the install, and only if that succeeded: npm is there, the folder and the
user are the same.  The fix is safe because npm treats its cache as something that may be gone at any time.  It is left
out where the cache is in a mount, set by hand or cleaned already, where a later install works offline or another stage
takes the cache, where npm is called in a condition or a loop only, and in stages whose layers nobody receives.  Behind
an npm that has just replaced itself, which may not run on this Node.js, `rm` removes the folder.  yarn and pnpm have
caches of their own and are not meant here.
"""

from collections.abc import Iterator

from dockopt import api

COMMAND = "npm cache clean --force"
WITHOUT_NPM = "rm -rf ~/.npm/_cacache"

EXAMPLES = (
    api.changes(
        """
        FROM node:20
        RUN npm ci
        """,
        """
        FROM node:20
        RUN npm ci && npm cache clean --force
        """,
    ),
    api.changes(
        """
        FROM node:20
        RUN npm ci --omit=dev && \\
            # what the browser gets
            npm run build && \\
            apt-get purge -y nodejs
        """,
        """
        FROM node:20
        RUN npm ci --omit=dev && \\
            npm cache clean --force && \\
            # what the browser gets
            npm run build && \\
            apt-get purge -y nodejs
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN cd /tmp/tool \\
            && npm install \\
            && npm install -g . \\
            && rm -r /tmp/tool
        """,
        """
        FROM debian:12
        RUN cd /tmp/tool \\
            && npm install \\
            && npm install -g . \\
            && npm cache clean --force \\
            && rm -r /tmp/tool
        """,
    ),
    api.changes(
        """
        FROM node:20
        RUN npm i -g yarn; yarn install
        """,
        """
        FROM node:20
        RUN npm i -g yarn && npm cache clean --force; yarn install
        """,
    ),
    api.changes(
        """
        FROM node:20
        RUN <<EOF
        set -e
        npm ci
        npm run build
        EOF
        """,
        """
        FROM node:20
        RUN <<EOF
        set -e
        npm ci
        npm cache clean --force
        npm run build
        EOF
        """,
    ),
    api.changes(
        """
        FROM node:20
        RUN npm ci || npm install
        """,
        """
        FROM node:20
        RUN npm ci || npm install && npm cache clean --force
        """,
    ),
    api.unchanged(
        """
        FROM node:20
        RUN --mount=type=cache,target=/root/.npm npm ci
        """,
        because="the cache is in a mount",
    ),
    api.unchanged(
        """
        FROM node:20
        RUN npm ci && npm run build && npm cache clean --force
        """,
        because="the cache is cleaned already",
    ),
    api.unchanged(
        """
        FROM node:20
        RUN npm ci && rm -rf ~/.npm
        """,
        because="the cache is removed already",
    ),
    api.unchanged(
        """
        FROM node:20
        RUN npm ci
        RUN npm install --prefer-offline -g serve
        """,
        because="a later install takes what it can from the cache",
    ),
    api.unchanged(
        """
        FROM node:20
        ENV NPM_CONFIG_CACHE=/cache
        RUN npm ci
        """,
        because="the file decides where the cache is",
    ),
    api.changes(
        """
        FROM node:10
        RUN npm install -g npm@latest
        """,
        """
        FROM node:10
        RUN npm install -g npm@latest && rm -rf ~/.npm/_cacache
        """,
    ),
    api.unchanged(
        """
        FROM node:20
        RUN if [ -f package.json ]; then npm ci; fi
        """,
        because="npm is called in a condition only",
    ),
    api.unchanged(
        """
        FROM node:20 AS build
        RUN npm ci
        FROM nginx
        COPY --from=build /app/dist /srv
        """,
        because="nobody receives the layers of the first stage",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN su node -c "npm ci"
        """,
        because="npm runs as another user",
    ),
)


@api.transform(phase=api.Phase.COMMANDS, may_change={api.Aspect.CACHES}, only_with={"npm"}, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        install = api.last_npm_install(run)
        if install is None or run.stage not in file.shipped or api.npm_cache_is_managed(file, run):
            continue
        yield api.Fix(
            title="clean npm's cache in the RUN that filled it",
            edits=api.insert_command(run, install.call, WITHOUT_NPM if install.replaces_npm else COMMAND),
            evidence=(
                api.proven("the install fills the cache, and nothing removes it here", run),
                api.proven("no later command needs the cache", run),
            ),
            span=run.span,
        )
