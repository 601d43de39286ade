"""How images for development give themselves away: watchers, development servers, modes, names of files and stages.

Sources: the command line references of the tools named. A tool that people also run in production (`flask run`,
`manage.py runserver`, `php artisan serve`) is not here.
"""

WATCH_OPTIONS = frozenset(
    "--reload --reload-dir --auto-reload --autoreload --hot --hot-reload --livereload --live-reload --debugger".split()
)
"""Options that make a server read changed sources again."""

WATCHERS = frozenset(
    "nodemon node-dev ts-node-dev tsnd air CompileDaemon reflex modd realize bacon cargo-watch watchmedo watchfiles"
    " watchexec entr webpack-dev-server dlv dlv-dap live-server browser-sync hupper jurigged guard".split()
)
"""Programs that do nothing but run another one again when sources change, and debuggers that wait for somebody."""

SERVERS = {
    "next": ("dev",),
    "nuxt": ("dev",),
    "nuxi": ("dev",),
    "astro": ("dev",),
    "remix": ("dev",),
    "storybook": ("dev",),
    "wrangler": ("dev",),
    "fastapi": ("dev",),
    "ng": ("serve",),
    "vue-cli-service": ("serve",),
    "webpack": ("serve", "--watch", "-w"),
    "gatsby": ("develop",),
    "react-scripts": ("start",),
    "expo": ("start",),
    "cargo": ("watch",),
    "dotnet": ("watch",),
    "tsx": ("watch",),
    "node": ("--watch", "--inspect", "--inspect-brk"),
    "tsc": ("--watch", "-w"),
    "nest": ("--watch", "-w"),
    "bun": ("--watch", "--hot"),
    "deno": ("--watch",),
    "hugo": ("server",),
    "flask": ("--debug",),
    "bin/dev": ("",),
}
"""Programs that are development servers when one of these words is among their arguments."""

SCRIPTS = frozenset("dev develop development watch start:dev start:debug serve:dev dev:server hot debug".split())
"""Scripts of a package.json whose names say that they are for development."""

SCRIPT_RUNNERS = frozenset({"npm", "yarn", "pnpm", "bun"})

MODES = {
    "NODE_ENV": ("development", "dev"),
    "FLASK_ENV": ("development",),
    "FLASK_DEBUG": ("1", "true", "True"),
    "RAILS_ENV": ("development",),
    "RACK_ENV": ("development",),
    "ASPNETCORE_ENVIRONMENT": ("Development", "development"),
    "DOTNET_ENVIRONMENT": ("Development", "development"),
    "APP_ENV": ("dev", "development", "local"),
    "CHOKIDAR_USEPOLLING": ("1", "true"),
    "WATCHPACK_POLLING": ("1", "true"),
    "WATCHFILES_FORCE_POLLING": ("1", "true"),
    "DOTNET_USE_POLLING_FILE_WATCHER": ("1", "true"),
}
"""Values of environment variables that switch an application to development."""

NAMES = frozenset({"dev", "devel", "develop", "development", "devcontainer", "local", "debug"})
"""Words in names of stages and Dockerfiles."""

IMAGES = ("mcr.microsoft.com/devcontainers/", "mcr.microsoft.com/vscode/devcontainers/", "gitpod/workspace")
"""How references to images for development begin."""

REQUIREMENTS = ("dev", "develop", "development", "local", "debug")
"""Words in the names of requirements files."""

DEVELOPMENT_GROUPS = frozenset({"--with=dev", "--only=dev", "--group=dev", "--include=dev", "--dev", "--only-dev"})
"""Options of package managers that ask for development dependencies."""

PRODUCTION_SERVERS = frozenset(
    "gunicorn uvicorn hypercorn daphne waitress-serve uwsgi granian puma unicorn pm2-runtime nginx apache2".split()
)
"""Servers that people start in production: one without an option to reload says more than what is installed beside."""
