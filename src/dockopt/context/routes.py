"""Where the sources of a web application answer that it is well: routes of Flask, FastAPI, Django, Express and others.

A look at the words, not a parse.  A route counts where its whole path is written out: on the application itself, or on
a router where no source gives any router a prefix.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dockopt.context.tree import Context

HEALTHY = (
    *("/health", "/healthz", "/healthcheck", "/health-check", "/health/", "/healthz/", "/api/health", "/api/healthz"),
    *("/livez", "/live", "/alive", "/health/live", "/ping", "/status", "/actuator/health", "/_health", "/up"),
)
APPLICATIONS = {
    "python": r"(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)?(?:FastAPI|Flask|Starlette|Sanic|Quart|Bottle|Litestar)\(",
    "node": r"(\w+)\s*(?::\s*[\w.]+\s*)?=\s*(?:await\s+)?(?:express|[fF]astify|new Hono|new Elysia)\s*\(",
    "go": r"(\w+)\s*:?=\s*(?:gin\.(?:Default|New)|echo\.New|chi\.NewRouter|fiber\.New|\w+\.New(?:ServeMux|Router))\(",
}
ROUTERS = {
    "python": r"(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)?(?:APIRouter|Blueprint)\(",
    "node": r"(\w+)\s*=\s*(?:express\.)?Router\(",
}
SERVERS = {
    "python": r"\b(?:FastAPI|Flask|Starlette|Sanic|Quart|Bottle|Litestar)\(",
    "node": r"\.listen\(",
    "go": r"ListenAndServe\(|\.Run\(|\.Start\(|\.Listen\(",
}
METHODS = {
    "python": r"(?:get|route|api_route)\(\s*[\"'](/[\w/-]*)[\"']",
    "node": r"get\(\s*[\"'](/[\w/-]*)[\"']",
    "go": r"(?:GET|Get|HandleFunc|Handle)\(\s*\"(?:GET )?(/[\w/-]*)\"",
}
PREFIXES = {
    "python": r"prefix\s*=|root_path\s*=|\.mount\(|script_name|SCRIPT_NAME",
    "node": r"\.use\(\s*[\"'`]/[\w:]|prefix\s*:|setGlobalPrefix|basePath|\.route\(",
    "go": r"\.Group\(|StripPrefix|\.Route\(|\.Mount\(|PathPrefix|Subrouter",
}
SUFFIXES = {
    "python": (".py",),
    "node": (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"),
    "go": (".go",),
    "java": (".java", ".kt", ".properties", ".yml", ".yaml", "pom.xml", ".gradle", ".kts"),
}
ACTUATOR = "spring-boot-starter-actuator"
SPRING_DECIDES = re.compile(
    r"spring-boot-starter-security|spring-boot-starter-oauth2|spring-cloud|management[.:]|context-path|base-path|"
    r"server\.ssl|\bssl:|spring-boot-starter-parent\s*</artifactId>\s*<version>1\."
)
FILTERS = re.compile(
    r"TrustedHost|SERVER_NAME|host_matching|vhost|ssl_context|createSecureServer|ListenAndServeTLS|RunTLS|https\.createServer"
)
HOSTS = re.compile(r"\bALLOWED_HOSTS\b\s*(?::[^=\n]+)?(\+?=|\.)\s*(\[[^\]]*\])?")
MAY_ASK = re.compile(r"[\"'](?:\*|127\.0\.0\.1)[\"']")
TESTS = frozenset(
    "test tests __tests__ spec e2e node_modules vendor docs examples mock mocks __mocks__ fixtures".split()
)
COMMENTS = {
    "python": r"(?m)^[ \t]*#.*$",
    "node": r"(?ms)/\*.*?\*/|^[ \t]*//[^\n]*$",
    "go": r"(?ms)/\*.*?\*/|^[ \t]*//[^\n]*$",
}
ASKED_FIRST = {
    "python": r"\bbefore_request\b|\b(?:FastAPI|APIRouter)\([^()]*dependencies\s*=|"
    r"add_middleware\(\s*\w*(?:Auth|Token|JWT|Jwt|Key)|\.middleware\(\s*[\"']http",
    "node": r"\.use\(\s*(?![\"'`])[^()\n]*(?:[aA]uth|[jJ]wt|[tT]oken|[kK]eycloak|[aA]piKey)|"
    r"\.addHook\(\s*[\"'](?:onRequest|preHandler)",
    "go": r"\.Use\([^()\n]*(?:[aA]uth|[jJ][wW][tT]|[tT]oken|A[pP][iI]Key)",
}
"""What may turn away who asks without a password, on every route."""
GUARDED = r"[aA]uth|[jJ][wW][tT]|[tT]oken|login_required|\bDepends\(|\bSecurity\(|[pP]ermission|[aA]pi_?[kK]ey"
"""What may do so in the lines of a route."""
NO_GET = r"methods\s*=\s*[\[({](?![^\])}\n]*GET)"


class Routes(NamedTuple):
    """`path` is the route to ask, "" where there is none that can be asked; then `reason` says why, if one is close."""

    path: str
    reason: str = ""


def routes(context: Context, language: str) -> Routes:
    """The route of an application that is there to ask whether it is well."""
    return context.once(_routes, language)


def sources(context: Context, language: str) -> dict[str, str]:
    """The texts of an application's own sources, without tests."""
    return context.once(_sources, language)


def _sources(context: Context, language: str) -> dict[str, str]:
    paths = [path for path in context.files if path.endswith(SUFFIXES[language]) and not _is_test(path)]
    return {path: context.read(path) or "" for path in paths}


def _is_test(path: str) -> bool:
    *folders, name = path.split("/")
    return (
        not TESTS.isdisjoint(folders) or name.startswith(("test_", "conftest")) or ".test." in name or "_test." in name
    )


def _routes(context: Context, language: str) -> Routes:
    texts = sources(context, language)
    if language == "java":
        return _spring("\n".join(texts.values()))
    texts = {path: re.sub(COMMENTS[language], "", text) for path, text in texts.items()}
    everything = "\n".join(texts.values())
    named = next((path for path in HEALTHY if f"{path}'" in everything or f'{path}"' in everything), "")
    django = language == "python" and "urlpatterns" in everything
    if not named and not django:
        return Routes("")
    if any(len(re.findall(pattern[language], everything)) > 1 for pattern in (SERVERS, APPLICATIONS)):
        return Routes("", "there are several applications")
    if found := FILTERS.search(everything):
        return Routes("", f"the sources speak of {found[0]}")
    if found := re.search(ASKED_FIRST[language], everything):
        return Routes("", f"`{found[0].split(chr(10))[0]}` may turn away who has no password")
    if django:
        return _django(texts, everything)
    everybody: dict[str, bool] = {}
    for one, open_ in (*_direct(everything, language), *_by_router(everything, language)):
        everybody[one] = everybody.get(one, True) and open_
    path = next((path for path in HEALTHY if everybody.get(path)), "")
    close = f"who may ask {named}, and how," if named in everybody else f"whether {named} has a prefix"
    return Routes(path, "" if path else f"{close} is not known")


def _direct(text: str, language: str) -> Iterator[tuple[str, bool]]:
    """Routes on the application itself."""
    names = {"app", "application", "server", *re.findall(APPLICATIONS[language], text)}
    if language == "go":
        names |= {"http"}
    yield from _on(names, text, language)


def _by_router(text: str, language: str) -> Iterator[tuple[str, bool]]:
    """Routes on routers, where no source gives one a prefix."""
    if language in ROUTERS and not re.search(PREFIXES[language], text):
        yield from _on(set(re.findall(ROUTERS[language], text)), text, language)


def _on(names: set[str], text: str, language: str) -> Iterator[tuple[str, bool]]:
    """Routes, and whether everybody may get them."""
    lines = r"([^\n]*\n?[^\n]*)" if language == "python" else r"([^\n]*)"
    if names:
        for route in re.finditer(rf"\b(?:{'|'.join(sorted(names))})\s*\.\s*{METHODS[language]}{lines}", text):
            yield route[1], not re.search(GUARDED, route[2]) and not re.search(NO_GET, route[2])


def _django(texts: dict[str, str], everything: str) -> Routes:
    """A route of the module that ROOT_URLCONF names, for hosts that may ask."""
    roots = set(re.findall(r"ROOT_URLCONF\s*=\s*[\"']([\w.]+)[\"']", everything))
    module = f"{next(iter(roots), '').replace('.', '/')}.py"
    patterns = [text for path, text in texts.items() if path == module or path.endswith(f"/{module}")]
    if len(roots) != 1 or len(patterns) != 1:
        return Routes("")
    found = {f"/{one}" for one in re.findall(r"\bpath\(\s*[\"']([\w/-]+)[\"']\s*,(?!\s*include)", patterns[0])}
    path = next((path for path in HEALTHY if path in found), "")
    if not path:
        return Routes("")
    hosts = HOSTS.findall(everything)
    if not hosts or not all(
        sign == "=" and re.search(r"[\"'](?:\*|127\.0\.0\.1)[\"']", value) for sign, value in hosts
    ):
        return Routes("", "whether ALLOWED_HOSTS lets 127.0.0.1 ask is not known")
    if "SECURE_SSL_REDIRECT" in everything:
        return Routes("", "the sources speak of SECURE_SSL_REDIRECT")
    return Routes(path)


def _spring(everything: str) -> Routes:
    """The health endpoint of Spring Boot's actuator, which answers everybody where nothing else is set."""
    if ACTUATOR not in everything:
        return Routes("")
    if found := SPRING_DECIDES.search(everything):
        return Routes("", f"what {found[0].strip(':.')} does to /actuator/health is not known")
    return Routes("/actuator/health")
