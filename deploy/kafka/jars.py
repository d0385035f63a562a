"""Java, Maven and the broker's jars: found or fetched once, or said in words what is missing.

The jars lie in `.data/kafka/libs` beside the pom's digest; another pom fetches them again. A fetch that is cut short leaves
no half folder, and two runs do not fetch at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
POM = HERE / "pom.xml"
LIBS = HERE.parents[1] / ".data" / "kafka" / "libs"
DIGEST = "pom.sha256"
OLDEST_JAVA = 17
VERSION = re.compile(r'version "(\d+)')


class ToolMissing(RuntimeError):
    """Java or Maven is not there, or too old; the message says what to do."""


class NotFetched(RuntimeError):
    """Maven could not bring the jars; the message holds its last words."""


def java() -> str:
    """Find the program that runs the brokers: of JAVA_HOME if that is set, else the one on PATH."""
    home = os.environ.get("JAVA_HOME")
    program = shutil.which(str(Path(home) / "bin" / "java")) if home else shutil.which("java")
    if program is None:
        where = f"JAVA_HOME is {home}, which holds no bin/java" if home else "no java on PATH and no JAVA_HOME"
        raise ToolMissing(f"Apache Kafka needs Java {OLDEST_JAVA} or newer: {where}")
    output = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    version = VERSION.search(output)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise ToolMissing(f"Apache Kafka needs Java {OLDEST_JAVA} or newer, but {program} says: {output.strip()[:80]}")
    return program


def are_here(libs: Path = LIBS) -> bool:
    try:
        return (libs / DIGEST).read_text(encoding="ascii") == _digest()
    except FileNotFoundError:
        return False


def fetch(libs: Path = LIBS) -> Path:
    """Return the folder of the jars, after bringing them if need be."""
    if are_here(libs):
        return libs
    libs.parent.mkdir(parents=True, exist_ok=True)
    with (libs.parent / "fetch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not are_here(libs):
            _fetch_with_maven(libs)
    return libs


def _fetch_with_maven(libs: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise ToolMissing("the jars of Apache Kafka are fetched by Maven, and there is no mvn on PATH: install maven")
    fresh = Path(tempfile.mkdtemp(prefix="fetch-", dir=libs.parent))
    command = [
        maven, "--quiet", "--batch-mode", "--file", str(POM), "dependency:copy-dependencies",
        "-DincludeScope=runtime", f"-DoutputDirectory={fresh}",
    ]  # fmt: skip
    try:
        run = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if run.returncode != 0 or not any(fresh.glob("kafka_*.jar")):
            raise NotFetched(
                "Maven did not bring the jars of Apache Kafka:\n" + "\n".join(run.stdout.splitlines()[-15:])
            )
        (fresh / DIGEST).write_text(_digest(), encoding="ascii")
        shutil.rmtree(libs, ignore_errors=True)
        fresh.rename(libs)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _digest() -> str:
    return hashlib.sha256(POM.read_bytes()).hexdigest()
