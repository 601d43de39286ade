"""Words of sources that speak of what an ordinary user may not do, or not everywhere: writing files first of all.

A look at the words, not a parse: a word in a comment counts, which errs on the side of leaving root as it is.
"""

import re
from functools import cache
from typing import NamedTuple


class Language(NamedTuple):
    """`suffixes` of its sources and of the settings that its programs read; `words` tell wherever they stand.

    `pattern` is searched for where one of `starts` is in the text.
    """

    suffixes: tuple[str, ...]
    words: tuple[str, ...]
    starts: tuple[str, ...] = ()
    pattern: str = ""


SETTINGS = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".env", ".properties", ".sh", ".conf")
ANYWHERE = (
    "/var/run/docker /run/docker.sock cap_add privileged: runAsUser runAsNonRoot /root/ ~/. /sys/ SOCK_RAW AF_PACKET"
    " setuid setgid seteuid setegid setreuid setresuid"
)
"""What counts in every file: the engine's socket, rights that compose files ask for, root's home."""

DEVICES = r"/dev/(?!null|stdout|stderr|shm|urandom|random|tcp)"
LOW_PORT = r"(?i:\bport\w*['\"]?\s{0,3}[:=(,|]{1,2}\s{0,3}['\"]?|\blisten\(\s*|['\"](?:0\.0\.0\.0)?:)(\d{1,3})\b(?!\.)"

PYTHON = """
    write_text write_bytes mkdir makedirs os.remove os.unlink os.rename os.replace os.symlink os.chmod os.chown
    os.link os.mkfifo os.kill os.exec shutil.copy shutil.move shutil.rmtree shutil.chown shutil.make shutil.unpack
    .unlink( .touch( .rename( .chmod( sqlite shelve dbm. FileHandler logging.config logger.add( subprocess os.system
    popen pexpect .save( savefig imwrite urlretrieve .dump( .to_csv( .to_excel( .to_parquet( .to_json( .to_pickle(
    .to_feather( .to_hdf( h5py diskcache joblib ZODB tinydb leveldb lmdb rocksdb duckdb whoosh chromadb faiss celery
    apscheduler scapy icmp pythonping getpwuid getpwnam getpass keyring docker pyserial RPi bluetooth selenium
    playwright pyppeteer webdriver nltk spacy torch tensorflow transformers keras whisper hugging gdown Repo(
    FileField ImageField filebased MEDIA_ROOT FileSystemStorage collectstatic multiproc pidfile instance_path
    upload_folder UPLOAD_FOLDER FileSystemCache flask_session filesystem mlflow streamlit gradio jupyter scrapy
    airflow ansible paramiko Sqlite ExcelWriter savez savetxt VideoWriter save_model FileIO( os.open(
    requests_cache
"""
PYTHON_WRITES = (
    r"\bopen\([^()\n]*,\s*(?:mode\s*=\s*)?[rbf]?['\"][rbt]*[wxa+]|"
    r"\.open\(\s*(?:mode\s*=\s*)?['\"][rbt]*[wxa+]|"
    r"\b(?:ZipFile|PyZipFile)\([^()\n]*,\s*(?:mode\s*=\s*)?['\"][wxa]|\bbasicConfig\([^()]*\bfilename\s*=|"
    r"\bopen\([^()\n]*,\s*(?:mode\s*=\s*)?(?!encoding|errors|newline|buffering)\w+\s*[,)]|"
    r"(?:errorlog|accesslog)\s*=\s*['\"][^-]"
)
NODE = """
    writeFile appendFile createWriteStream mkdir rename unlink rmSync rmdir .rm( copyFile chmod chown symlink multer
    sqlite lowdb nedb leveldb winston pino/file log4js rotating formidable busboy upload tmpdir child_process execa
    spawn cluster puppeteer playwright nuxt prisma lmdb keyv cacache flat-cache storage outputFile ensureDir ensureFile
    outputJ writeJ .toFile( pino.destination file-store node-persist configstore dockerode docker-modem raw-socket
    net-ping serialport onoff
"""
NODE_WRITES = r"\bnext\b|\blevel\b"
GO = """
    os.Create os.OpenFile os.WriteFile os.Mkdir os.Remove os.Rename os.Chmod os.Chown os.Symlink os.Link os.Truncate
    os.OpenRoot ioutil.WriteFile ioutil.TempDir exec.Command syscall. golang.org/x/sys sqlite bolt badger leveldb
    pebble lumberjack rotatelogs icmp gopacket netlink go-git docker/docker containerd buntdb diskv bleve
    SaveUploadedFile SaveAs( OutputFileAndClose WriteConfig OutputPaths moby/moby fsouza/go-dockerclient autocert
    user.Current user.Lookup UserCacheDir UserConfigDir UserHomeDir "HOME" "ip4: "ip6: "ip:
"""
RUST = """
    home_dir HOME whoami users::
    fs::write fs::create fs::remove fs::rename fs::copy fs::set_permissions fs::hard_link fs::soft_link File::create
    File::options OpenOptions create_dir process::Command Command::new sqlite sled rocksdb redb heed lmdb nix::
    libc:: bollard .save( Writer::from_path tracing_appender log4rs flexi_logger NamedTempFile pnet socket2
"""
JAVA = """
    FileWriter FileOutputStream FileChannel RandomAccessFile PrintWriter( Files.write Files.create Files.copy
    Files.move Files.delete Files.newBufferedWriter Files.newOutputStream Files.set .mkdir .delete( .renameTo(
    createNewFile ProcessBuilder Runtime().exec logging.file FileAppender FileHandler <file> jdbc:sqlite
    .writeText( .appendText( .writeBytes( .outputStream( .bufferedWriter( .printWriter(
    ImageIO.write FileUtils. docker-java DockerClient jdbc:hsqldb:file derby MultipartFile transferTo lucene
    rocksdb mapdb user.home writeTo tomcat.basedir multipart
"""
JAVA_WRITES = r"jdbc:h2:(?!mem)|PrintStream\(\""
RUBY = """
    File.write File.delete File.rename File.unlink File.chmod File.chown File.symlink IO.write FileUtils Dir.mkdir
    Dir.rmdir sqlite PStore YAML::Store ` %x Open3 Process. pidfile state_path rails hanami upload carrierwave
    shrine .mkpath Etc. docker-api Docker::
"""
RUBY_WRITES = (
    r"File\.(?:open|new)\([^()\n]*,\s*(?:['\"][rbt]*[wa+]|\w)|\bopen\([^()\n]*,\s*['\"][rbt]*[wa+]|"
    r"Logger\.new\(\s*['\"]|\b(?:system|spawn)\b"
)
LANGUAGES = {
    "python": Language((".py",), tuple(PYTHON.split()), ("open(", "log", "ZipFile"), PYTHON_WRITES),
    "node": Language(
        (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"),
        tuple(NODE.split()),
        ("next", "level"),
        NODE_WRITES,
    ),
    "go": Language((".go", ".mod"), tuple(GO.split())),
    "rust": Language((".rs",), tuple(RUST.split())),
    "java": Language(
        (".java", ".kt", ".kts", ".groovy", ".scala", ".xml", ".gradle"),
        tuple(JAVA.split()),
        ("jdbc:h2", "PrintStream"),
        JAVA_WRITES,
    ),
    "ruby": Language(
        (".rb", ".ru", "Gemfile", ".gemspec"),
        tuple(RUBY.split()),
        ("File.", "open(", "Logger", "system", "spawn"),
        RUBY_WRITES,
    ),
}
MANIFESTS = ("requirements", "constraints", "pipfile", "pyproject", "package.json", "gemfile", "cargo.toml", "go.mod")
"""Files whose names begin like this list packages, the names of which count as words of sources."""


def telling(text: str, language: str = "") -> str:
    """What in a text speaks of root's rights, "" where nothing does; without a language what counts everywhere."""
    if found := next((word for word in ANYWHERE.split() if word in text), ""):
        return found
    if "/dev/" in text and (device := _compiled(DEVICES).search(text)):
        return text[device.start() : device.start() + 20].split(maxsplit=1)[0]
    if not language:
        return ""
    of = LANGUAGES[language]
    if found := next((word for word in of.words if word in text), ""):
        return found
    match = _compiled(of.pattern).search(text) if any(start in text for start in of.starts) else None
    return " ".join(match[0].split())[:40] if match else ""


def low_port(text: str) -> str:
    """A port below 1000 behind a word or sign that makes it one."""
    match = _compiled(LOW_PORT).search(text)
    return match[1] if match else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
