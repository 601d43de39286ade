"""Which files are Dockerfiles, as far as a name can say: no texts about them, no templates, no copies of editors."""

NAMES = ("dockerfile", "containerfile")
NOT_DOCKERFILES = (
    ".dockerignore .md .markdown .rst .txt .adoc .html .pdf .json .yml .yaml .toml .xml .lock .py .sh .js .ts .go .rb "
    ".rs .java .php .log .gz .zip .tar .png .svg .jpg .sha256 .asc .sig .patch .diff "
    "~ .orig .rej .bak .backup .old .save .tmp .swp .swo .swx"
)
OTHERS = tuple(NOT_DOCKERFILES.split())
TEMPLATES = ".tmpl .tpl .template .j2 .jinja .jinja2 .erb .hbs .mustache .gotmpl .in .m4 .ejs .mako .envsubst".split()
MARKS_OF_EDITORS = (".#", "#", "~", "._")


def is_compose_name(name: str) -> bool:
    """Whether a file is one for compose, by its name without folders."""
    lower = name.lower()
    return lower.endswith((".yml", ".yaml")) and "compose" in lower


def is_dockerfile_name(name: str) -> bool:
    """Whether a file found in a folder is taken for a Dockerfile by its name, whatever its case."""
    lower = name.lower()
    if lower.startswith(MARKS_OF_EDITORS) or lower.endswith((*OTHERS, *TEMPLATES)):
        return False
    return any(lower == one or lower.startswith(one + ".") or lower.endswith("." + one) for one in NAMES)
