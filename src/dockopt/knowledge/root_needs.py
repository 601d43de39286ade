"""Words of sources that speak of what an ordinary user may not do, or not everywhere: writing files first of all.

A look at the words, not a parse: a word in a comment counts, which errs on the side of leaving root as it is.
"""

import re
from functools import cache
from typing import NamedTuple


class Language(NamedTuple):
    """`suffixes` of its sources and of the settings that its programs read, `marks` a pattern of telling words."""

    suffixes: tuple[str, ...]
    marks: str


SETTINGS = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".env", ".properties", ".sh", ".conf")
ANYWHERE = (
    r"/var/run/docker|/run/docker\.sock|cap_add|privileged:|runAsUser|runAsNonRoot|/root/|~/\.|"
    r"\bset(?:e|re|res)?[ug]id\b|/dev/(?!null|stdout|stderr|shm|urandom|random|tcp)|/sys/|SOCK_RAW|AF_PACKET"
)
"""What counts in every file: the engine's socket, rights that compose files ask for, root's home, devices."""
LOW_PORT = r"(?i:\bport\w*['\"]?\s{0,3}[:=(,|]{1,2}\s{0,3}['\"]?|\blisten\(\s*|['\"](?:0\.0\.0\.0)?:)(\d{1,3})\b(?!\.)"

PYTHON = (
    r"\bopen\([^()\n]*,\s*(?:mode\s*=\s*)?[rbf]?['\"][rbt]*[wxa+]|\bopen\([^()\n]*,\s*(?:mode\s*=\s*)?(?!encoding|errors|newline|buffering)\w+\s*[,)]|"
    r"write_text|write_bytes|mkdir|makedirs|\bos\.(?:remove|unlink|rename|replace|symlink|chmod|chown|link|mkfifo|kill|exec)|"
    r"shutil\.(?:copy|move|rmtree|chown|make|unpack)|\.(?:unlink|touch|rename|chmod)\(|sqlite|shelve|\bdbm\b|FileHandler|"
    r"logging\.config|logger\.add\(|subprocess|os\.system|popen|pexpect|\.save\(|savefig|imwrite|urlretrieve|\bdump\(|"
    r"\.to_(?:csv|excel|parquet|json|pickle|feather|hdf)\(|h5py|diskcache|joblib|\bZODB\b|tinydb|leveldb|lmdb|rocksdb|duckdb|"
    r"whoosh|chromadb|faiss|celery|apscheduler|scapy|\bicmp|pythonping|\bpwd\b|getpass|keyring|\bdocker\b|pyserial|RPi|bluetooth|"
    r"selenium|playwright|pyppeteer|webdriver|nltk|\bspacy\b|torch|tensorflow|transformers|keras|whisper|hugging|gdown|\bRepo\(|"
    r"FileField|ImageField|filebased|MEDIA_ROOT|FileSystemStorage|collectstatic|multiproc|pidfile|errorlog\s*=\s*['\"][^-]|"
    r"accesslog\s*=\s*['\"][^-]|instance_path|upload_folder|UPLOAD_FOLDER|FileSystemCache|flask_session|filesystem|mlflow|"
    r"streamlit|gradio|jupyter|scrapy|airflow|salt\b|ansible|paramiko"
)
NODE = (
    r"writeFile|appendFile|createWriteStream|mkdir|\brename|unlink|\brm(?:Sync|dir)?\(|copyFile|chmod|chown|symlink|multer|"
    r"sqlite|lowdb|nedb|leveldb|\blevel\b|winston|pino/file|log4js|rotating|formidable|busboy|upload|tmpdir|child_process|"
    r"execa|\bspawn|cluster|puppeteer|playwright|next\b|nuxt|prisma|lmdb|keyv|cacache|flat-cache|storage"
)
GO = (
    r"os\.(?:Create|OpenFile|WriteFile|Mkdir|Remove|Rename|Chmod|Chown|Symlink|Link|Truncate|Root|OpenRoot)|ioutil\.(?:WriteFile|TempDir)|"
    r"\bexec\.Command|\bsyscall\.|golang\.org/x/sys|sqlite|\bbolt|bbolt|badger|leveldb|pebble|lumberjack|rotatelogs|\bicmp\b|"
    r"ListenPacket\(\s*\"ip|gopacket|netlink|go-git|docker/docker|containerd|buntdb|diskv|bleve|SaveUploadedFile|autocert|"
    r"user\.(?:Current|Lookup)|UserCacheDir|UserConfigDir|UserHomeDir"
)
RUST = (
    r"fs::(?:write|create|remove|rename|copy|set_permissions|hard_link|soft_link)|File::(?:create|options)|OpenOptions|"
    r"create_dir|process::Command|Command::new|sqlite|\bsled\b|rocksdb|redb|heed|lmdb|nix::|libc::|tracing_appender|log4rs|"
    r"flexi_logger|NamedTempFile|pnet|socket2"
)
JAVA = (
    r"FileWriter|FileOutputStream|FileChannel|RandomAccessFile|PrintWriter\(|PrintStream\(\"|Files\.(?:write|create|copy|move|delete|newB"
    r"ufferedWriter|newOutputStream|set)|\.mkdirs?\(|\.delete\(|\.renameTo\(|createNewFile|ProcessBuilder|getRuntime\(\)\.exec|"
    r"logging\.file|FileAppender|FileHandler|<file>|jdbc:h2:(?!mem)|jdbc:sqlite|jdbc:hsqldb:file|derby|MultipartFile|transferTo|"
    r"lucene|rocksdb|mapdb|user\.home|writeTo(?:File)?\(|tomcat\.basedir|multipart"
)
RUBY = (
    r"File\.(?:open|new)\([^()\n]*,\s*['\"][rbt]*[wa+]|File\.(?:write|delete|rename|unlink|chmod|chown|symlink|open\([^()\n]*,\s*\w)|"
    r"IO\.write|FileUtils|Dir\.(?:mkdir|rmdir)|Logger\.new\(\s*['\"]|sqlite|PStore|YAML::Store|`|%x|\bsystem\b|\bspawn\b|Open3|"
    r"Process\.|pidfile|state_path|rails|hanami|upload|carrierwave|shrine|\.mkpath|\.write\(|Etc\."
)
LANGUAGES = {
    "python": Language((".py",), PYTHON),
    "node": Language((".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"), NODE),
    "go": Language((".go", ".mod"), GO),
    "rust": Language((".rs",), RUST),
    "java": Language((".java", ".kt", ".kts", ".groovy", ".scala", ".xml", ".gradle"), JAVA),
    "ruby": Language((".rb", ".ru", "Gemfile", ".gemspec"), RUBY),
}
MANIFESTS = ("requirements", "constraints", "pipfile", "pyproject", "package.json", "gemfile", "cargo.toml", "go.mod")
"""Files whose names begin like this list packages, the names of which count as words of sources."""


@cache
def marks_of(language: str) -> re.Pattern[str]:
    """What sources of a language, and lists of packages, are searched for."""
    return re.compile(f"{LANGUAGES[language].marks}|{ANYWHERE}")


@cache
def marks_anywhere() -> re.Pattern[str]:
    """What settings and scripts are searched for."""
    return re.compile(ANYWHERE)


@cache
def low_port() -> re.Pattern[str]:
    """A port below 1000 behind a word or sign that makes it one."""
    return re.compile(LOW_PORT)
