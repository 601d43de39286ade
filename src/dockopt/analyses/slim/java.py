"""A Java runtime for a development kit, where all that the container does is start `java`."""

from collections.abc import Iterator

from dockopt.analyses.development import development_sign
from dockopt.analyses.slim.verdict import NotSlim, SlimBase
from dockopt.analyses.split.debian import is_apt_call
from dockopt.analyses.split.needs import found_script, image_files, is_base_command, start_programs
from dockopt.fixes import Evidence, Strength
from dockopt.knowledge.base_commands import WRITES_FILES_ONLY
from dockopt.knowledge.images import Image
from dockopt.knowledge.java_images import KIT_MODULES
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.model.stages import Stage

JAVA = ("java", "$JAVA_HOME/bin/java", "${JAVA_HOME}/bin/java", "/opt/java/openjdk/bin/java")
PLACES = ("JAVA_HOME", "/opt/java", "/usr/local/openjdk", "/docker-java-home", "/usr/lib/jvm", "keytool", "cacerts")
"""Words of steps that work on the files of the development kit."""
COMPILERS = (
    *KIT_MODULES,
    *("javax.tools", "com.sun.tools", "com.sun.source", "com.sun.jdi", "jdk.jshell", "sun.jvmstat", "tools.jar"),
    *("drools", "kie-", "jmxterm", "arthas", "javac"),
    *("jasperreports", "byte-buddy-agent", "kotlin-compiler", "scala-compiler"),
)
"""Words of sources and manifests that speak of the compiler, or of other tools that only the kit has."""
READ = (".java", ".kt", ".kts", ".scala", ".groovy", ".clj", ".gradle", ".sbt", ".sh", ".yml", ".yaml", ".properties")
FILES_AT_MOST = 5000


def slim_java(file: Dockerfile, stage: Stage, image: Image, reference: str) -> SlimBase:
    """The change of a stage that runs Java on an image with the compiler.

    Raises:
        NotSlim: a step or the program may need more than the runtime.
    """
    sign = development_sign(file, stage)
    if sign:
        raise NotSlim(sign)
    for step in stage.steps:
        if step.keyword in ("ONBUILD", "SHELL"):
            raise NotSlim(f"{step.keyword} needs the image as it is")
        if isinstance(step, Run):
            _check_run(step)
        if step.keyword not in ("LABEL", "CMD", "ENTRYPOINT") and any(place in step.text for place in PLACES):
            raise NotSlim(f"`{step.keyword} {step.text[:40]}` works on the files of the development kit")
        if step.keyword == "ENV" and any(word in step.text for word in COMPILERS):
            raise NotSlim(f"`ENV {step.text[:40]}` asks for a part of the development kit")
    if file.built_on(stage):
        raise NotSlim("other stages are built on this one")
    _check_programs(file, stage)
    _check_sources(file)
    return SlimBase(f"start from {reference}", reference, tuple(_evidence(stage, image, reference)))


def _check_run(run: Run) -> None:
    if run.opaque:
        raise NotSlim(f"a RUN cannot be read ({run.opaque})")
    for call in run.calls:
        if not is_apt_call(call) and call.name not in WRITES_FILES_ONLY:
            raise NotSlim(f"a step calls {call.words[0].text}, which may need the development kit")


def _check_programs(file: Dockerfile, stage: Stage) -> None:
    files = image_files(file, stage)
    starts = False
    for program in start_programs(file, stage):
        if program.name in JAVA:
            starts = True
            words = " ".join(word or "" for word in program.arguments)
            if any((word or "").endswith(".java") or word == "--source" for word in program.arguments):
                raise NotSlim(f"{program.where} starts a source file, which java compiles")
            if any(word in words for word in COMPILERS):
                raise NotSlim(f"{program.where} asks for a part of the development kit")
        elif not is_base_command(program.name) and found_script(stage, program, files) not in files:
            raise NotSlim(f"{program.where} calls {program.name}, which the runtime image may not have")
    if not starts:
        raise NotSlim("the container is not seen to start java")


def _check_sources(file: Dockerfile) -> None:
    context = file.context
    if context is None:
        raise NotSlim("the build context is not given, so that nothing shows whether the program compiles Java")
    if not context.complete:
        raise NotSlim("the build context is too large to be read whole")
    read = [path for path in context.files if path.endswith(READ) or path.endswith("pom.xml")]
    if len(read) > FILES_AT_MOST:
        raise NotSlim("the build context is too large to be read whole")
    for path in read:
        if "/test/" in f"/{path}":
            continue
        text = context.read(path) or ""
        for word in COMPILERS:
            if word in text:
                raise NotSlim(f"{path} speaks of {word}, which the runtime image has not")


def _evidence(stage: Stage, image: Image, reference: str) -> Iterator[Evidence]:
    yield Evidence("the container starts java and no other tool of the development kit", Strength.PROVEN)
    claim = f"{reference} is the same Java {image.version} on the same distribution, without compiler and tools"
    yield Evidence(claim, Strength.KNOWN, stage.node.span)
    yield Evidence("trusted: the program compiles no Java as it runs", Strength.INFERRED)
