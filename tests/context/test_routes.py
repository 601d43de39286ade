"""Where the sources of a web application answer that it is well."""

import pytest

from dockopt.context.routes import Routes, routes
from dockopt.context.tree import MemoryContext

URLS = "urlpatterns = [path('health/', views.health), path('shop/', include('shop.urls'))]\n"
ROOT = "ROOT_URLCONF = 'site.urls'\n"


@pytest.mark.parametrize(
    ("language", "files", "found"),
    [
        ("python", {"a.py": "web = Flask(__name__)\n@web.route('/ping')\n"}, Routes("/ping")),
        ("python", {"a.py": "app = make()\n@app.get('/health')\n"}, Routes("/health")),
        ("python", {"a.py": "app = make()\n@app.get('/')\n"}, Routes("")),
        ("python", {"a.py": "r = APIRouter()\n@r.get('/health')\n"}, Routes("/health")),
        (
            "python",
            {"a.py": "r = APIRouter(prefix='/v1')\n@r.get('/health')\n"},
            Routes("", "whether /health has a prefix is not known"),
        ),
        ("python", {"tests/a.py": "app = make()\n@app.get('/health')\n"}, Routes("")),
        (
            "python",
            {"a.py": "app = FastAPI()\n@app.get('/health')\n", "b.py": "app = FastAPI()\n"},
            Routes("", "there are several applications"),
        ),
        (
            "python",
            {"a.py": "app.add_middleware(TrustedHostMiddleware)\n@app.get('/health')\n"},
            Routes("", "the sources speak of TrustedHost"),
        ),
        ("python", {"site/urls.py": URLS, "s.py": ROOT + "ALLOWED_HOSTS = ['*']\n"}, Routes("/health/")),
        ("python", {"site/urls.py": URLS, "s.py": ROOT + "ALLOWED_HOSTS = ['127.0.0.1', 'a']\n"}, Routes("/health/")),
        (
            "python",
            {"site/urls.py": URLS, "s.py": ROOT + "ALLOWED_HOSTS = env.list('HOSTS')\n"},
            Routes("", "whether ALLOWED_HOSTS lets 127.0.0.1 ask is not known"),
        ),
        (
            "python",
            {"site/urls.py": URLS, "s.py": ROOT + "ALLOWED_HOSTS = ['*']\nSECURE_SSL_REDIRECT = True\n"},
            Routes("", "the sources speak of SECURE_SSL_REDIRECT"),
        ),
        ("python", {"shop/urls.py": URLS, "s.py": ROOT + "ALLOWED_HOSTS = ['*']\n"}, Routes("")),
        ("node", {"a.js": "const api = express()\napi.get('/healthz', f)\n"}, Routes("/healthz")),
        ("node", {"a.js": "const r = express.Router()\nr.get('/healthz', f)\napp.use(r)\n"}, Routes("/healthz")),
        (
            "node",
            {"a.js": "const r = express.Router()\nr.get('/healthz', f)\napp.use('/api', r)\n"},
            Routes("", "whether /healthz has a prefix is not known"),
        ),
        ("node", {"a.js": "// app.get('/health', f)\n/* app.get('/ping', f) */\n"}, Routes("")),
        ("node", {"mock/a.js": "app.get('/health', f)\n"}, Routes("")),
        ("node", {"a.js": "app.get('/health', f)\napp.use('/auth', r)\n"}, Routes("/health")),
        (
            "node",
            {"a.js": "app.use(requireAuth)\napp.get('/health', f)\n"},
            Routes("", "`.use(requireAuth` may turn away who has no password"),
        ),
        (
            "node",
            {"a.js": "app.get('/health', requireAuth, f)\n"},
            Routes("", "who may ask /health, and how, is not known"),
        ),
        (
            "python",
            {"a.py": "app = FastAPI(dependencies=[Depends(known)])\n@app.get('/health')\n"},
            Routes("", "`FastAPI(dependencies=` may turn away who has no password"),
        ),
        (
            "python",
            {"a.py": "@app.route('/health', methods=['POST'])\n"},
            Routes("", "who may ask /health, and how, is not known"),
        ),
        ("python", {"a.py": "@app.route('/health', methods=['GET', 'POST'])\n"}, Routes("/health")),
        (
            "python",
            {"a.py": "@app.get('/health')\n@login_required\n"},
            Routes("", "who may ask /health, and how, is not known"),
        ),
        ("java", {"pom.xml": "spring-boot-starter-actuator"}, Routes("/actuator/health")),
        ("java", {"pom.xml": "spring-boot-starter-web"}, Routes("")),
        (
            "java",
            {"pom.xml": "spring-boot-starter-actuator", "application.yml": "management:\n  server:\n    port: 1\n"},
            Routes("", "what management does to /actuator/health is not known"),
        ),
        ("go", {"a.go": 'http.HandleFunc("/healthz", f)\n'}, Routes("/healthz")),
        ("go", {"a.go": 'mux := http.NewServeMux()\nmux.HandleFunc("GET /livez", f)\n'}, Routes("/livez")),
        (
            "go",
            {"a.go": 'v1 := router.Group("/v1")\nv1.GET("/healthz", f)\n'},
            Routes("", "whether /healthz has a prefix is not known"),
        ),
    ],
)
def test_routes(language: str, files: dict[str, str], found: Routes) -> None:
    assert routes(MemoryContext(files), language) == found
