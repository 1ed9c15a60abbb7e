"""`python -m tests.lock` writes constraints.txt anew; `python -m tests.lock audit` asks for vulnerabilities of what it names.

Only the standard library is used: both run where nothing is installed yet, with tools in an environment that is thrown away.
"""

import json
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "constraints.txt"
UNKNOWN = 3
_MINUTES = 10
_HEAD = """\
# What `make` installs: every package, also the tools, in the version that nnctl is tested with, and the SHA-256 of each file
# of that release. pip refuses any other file. For Python 3.11 to 3.13 on Linux (x86-64, arm64) and macOS (arm64), where
# TensorFlow has wheels; elsewhere pip names the package that has none. Written by `make lock`, which keeps the versions that
# are still allowed; `make lock ARGS=--upgrade` takes the newest. Not to be changed by hand.
"""


def lock(*arguments: str) -> None:
    """Writes the lock: versions for all platforms at once, those of the present lock where pyproject.toml allows them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / LOCK.name
        path.write_text(LOCK.read_text())
        command = [str(_install("uv", Path(folder))), *("pip", "compile", "pyproject.toml", "--extra", "dev")]
        # No code of a package runs, neither to find out what it needs nor, later, to install it.
        command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-build", "--no-emit-index-url"]
        command += ["--no-header", "--quiet", "--output-file", str(path), *arguments]
        subprocess.run(command, cwd=ROOT, check=True, timeout=60 * _MINUTES)
        LOCK.write_text(_HEAD + path.read_text())


def audit() -> int:
    """0 if no package of the lock is known to be vulnerable, 1 if one is, 3 if that could not be found out for all of them."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        try:
            command = [
                str(_install("pip-audit", Path(folder))),
                "--requirement",
                str(LOCK),
                "--require-hashes",
                "--disable-pip",
            ]
            command += ["--progress-spinner", "off", "--timeout", "15", "--format", "json", "--output", str(found)]
            subprocess.run(command, capture_output=True, check=False, timeout=60 * _MINUTES)
        except (subprocess.SubprocessError, OSError):
            pass
        code, told = judged(found.read_text() if found.exists() else "")
    print(told)
    return code


def judged(report: str) -> tuple[int, str]:
    """The exit code and what is told, from pip-audit's report.

    pip-audit itself ends with 0 and "No known vulnerabilities found" where its database knows none of the packages.
    """
    packages = json.loads(report)["dependencies"] if report else []
    names = sorted(package["name"] for package in packages if "skip_reason" in package)
    lines = [
        f"{package['name']} {package['version']}: {' '.join([found['id'], *found['aliases']])},"
        f" fixed in {', '.join(found['fix_versions']) or 'no version'}"
        for package in packages
        for found in package.get("vulns", [])
    ]
    code = 1 if lines else 0
    if len(names) == len(packages):
        return UNKNOWN, "make audit: cannot tell: the database of known vulnerabilities is out of reach"
    if names:
        lines.append(f"make audit: cannot tell for {', '.join(names)}: the database does not know them")
        code = code or UNKNOWN
    return code, "\n".join(lines) or f"make audit: {len(packages)} packages, no known vulnerability"


def read(text: str) -> dict[str, tuple[str, list[str]]]:
    """The version and the hashes of each package of a lock, by its normalized name."""
    entries = re.split(r"^(?=[A-Za-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)[1:]
    found = {}
    for entry in entries:
        name, _, version = entry.split(maxsplit=1)[0].partition("==")
        found[re.sub(r"[-_.]+", "-", name).lower()] = (version, re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry))
    return found


def _install(tool: str, folder: Path) -> Path:
    """A tool of this name in an environment below the folder."""
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / "bin"
    command = [str(programs / "python"), *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", tool)]
    subprocess.run(command, check=True, timeout=60 * _MINUTES, stderr=subprocess.PIPE)
    return programs / tool


if __name__ == "__main__":
    if sys.argv[1:2] == ["audit"]:
        sys.exit(audit())
    lock(*sys.argv[1:])
