"""What is installed: the machine, the compiler, our libraries, the peers."""
import dataclasses
import functools
import os
import platform
import re
import subprocess

from rows import PYTHON


@dataclasses.dataclass(frozen=True)
class Peer:
    ask: tuple  # a command that prints the version
    package: str  # Debian's


def module(name, package):
    return Peer((PYTHON, "-c", f"import {name}; print({name}.__version__)"), package)


def r_package(name):
    code = f'cat(as.character(packageVersion("{name}")))'
    return Peer(("Rscript", "--vanilla", "-e", code), f"r-cran-{name.lower()}")


PEERS = {
    "unzip": Peer(("unzip", "-v"), "unzip"),
    "igzip": Peer(("igzip", "--version"), "isal"),
    "cat": Peer(("cat", "--version"), "coreutils"),
    "sleep": Peer(("sleep", "--version"), "coreutils"),
    "numpy": module("numpy", "python3-numpy"),
    "pandas": module("pandas", "python3-pandas"),
    "gensim": module("gensim", "python3-gensim"),
    "scikit-learn": module("sklearn", "python3-sklearn"),
    "opencv": module("cv2", "python3-opencv"),
    "xgboost": module("xgboost", "python3-xgboost"),
    "data.table": r_package("data.table"),
    "ranger": r_package("ranger"),
    "randomForest": r_package("randomForest"),
    # It tells no version; elsewhere than on Debian it is most likely its last release.
    "fastText": Peer(("sh", "-c", "command -v fasttext >/dev/null && "
                      "{ dpkg-query -W fasttext 2>/dev/null || echo 0.9.2; }"), "fasttext"),
    "GloVe": Peer((os.path.join(os.environ.get("GLOVE_REF", ""), "glove"),),
                  "GLOVE_REF=FOLDER of the programs of GloVe's authors"),
}


@functools.lru_cache(maxsize=None)
def version_of(peer):
    """The version, or None where the peer is not installed."""
    return number_in(answer(*PEERS[peer].ask))


def number_in(text):
    found = re.search(r"\d+(\.\d+)+", text)
    return found and found.group()


def answer(*command):
    """What the command prints, or nothing where there is none or it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def first_in(path, pattern, default=""):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
    except OSError:
        return default
    return found.group(1) if found else default


def machine():
    """`AMD EPYC, 2 CPUs, 24 GB`"""
    model = first_in("/proc/cpuinfo", r"^model name\s*: (.*)", platform.machine())
    memory = int(first_in("/proc/meminfo", r"^MemTotal:\s*(\d+)", "0")) * 1024 / 1e9
    flags = first_in("/proc/cpuinfo", r"^flags\s*: (.*)").split()
    level = "AVX-512" if "avx512_vbmi2" in flags else "AVX2" if "avx2" in flags else "no AVX2"
    return f"{model} ({level}), {len(os.sched_getaffinity(0))} CPUs, {memory:.0f} GB"


def system():
    name = first_in("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)', platform.system())
    return f"{name}, Linux {platform.release()}" if platform.system() == "Linux" else name


def build(bin_folder):
    """Compiler and flags as the build noted them beside its programs."""
    flags = first_in(os.path.join(bin_folder, os.pardir, "flags"), r"(.*)")
    compiler = flags.split(" ", 1)[0]
    named = answer(compiler, "--version").split("\n", 1)[0] if compiler else ""
    told = [flag for flag in flags.split() if re.match(r"-(O|g|march|f(lto|profile|sanitize|ffp))", flag)]
    return f"{named or 'compiler not known'}, {' '.join(told)}"


def libraries():
    asked = {"zlib": "zlib", "minizip": "minizip", "ISA-L": "libisal", "msgpack-c": "msgpack-c|msgpack"}
    found = []
    for name, packages in asked.items():
        version = ""
        for package in packages.split("|"):
            version = version or answer("pkg-config", "--modversion", package).strip()
        if version:
            found.append(f"{name} {version}")
    return ", ".join(found)


def describe(place, peers):
    """The lines on top of every table and chart; `peers` are those to name."""
    revision = answer("git", "-C", place.root, "describe", "--always", "--dirty").strip()
    ours = answer("rf-train", "--version").strip()
    there = [f"{peer} {version_of(peer)}" for peer in peers if peer and version_of(peer)]
    lines = {
        "glovepipe": f"{number_in(ours) or ours}{f' ({revision})' if revision else ''}",
        "machine": f"{machine()}; {system()}",
        "build": f"{build(place.bin)}; {libraries()}",
        "peers": ", ".join(there),
        "texts": place.corpus(),
    }
    if place.scale != 1:
        lines["shapes"] = f"{place.scale:g} of the full size: this run shows nothing but that it runs"
    return lines
