"""pyproject.toml states the environment; conda's file, the lock and the workflow must agree."""

import json
import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
NODE_LOCK = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# conda-forge's `matplotlib` also installs Qt.
CONDA_NAMES = {"matplotlib-base": "matplotlib"}


def ranges(lines: list[str]) -> dict[str, SpecifierSet]:
    requirements = [Requirement(line) for line in lines]
    return {
        canonicalize_name(r.name): r.specifier for r in requirements if r.name != PROJECT["name"]
    }


EXTRAS = {name: ranges(lines) for name, lines in PROJECT["optional-dependencies"].items()}
RUNTIME = ranges(PROJECT["dependencies"])
READING = RUNTIME | EXTRAS["lab"]
ALL = RUNTIME.copy()
for extra in EXTRAS.values():
    ALL |= extra


def locked() -> list[tuple[str, str, int]]:
    """Each locked package's name, version and number of hashes."""
    entries = re.findall(
        r"^(\S+)==([^\s;]+).*\n((?: +--hash=sha256:[0-9a-f]{64}.*\n)*)", LOCK, re.M
    )
    return [(name, version, hashes.count("sha256")) for name, version, hashes in entries]


def test_conda_has_the_same_names_and_ranges() -> None:
    conda = ranges([line for line in CONDA["dependencies"] if isinstance(line, str)])
    assert conda.pop("pip") == SpecifierSet()
    assert conda.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert {CONDA_NAMES.get(name, name): range_ for name, range_ in conda.items()} == READING


def test_conda_names_the_project_and_asks_conda_forge_alone() -> None:
    assert CONDA["name"] == PROJECT["name"]
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]


def test_every_lower_bound_is_stated() -> None:
    for name, range_ in ALL.items():
        assert any(s.operator == ">=" for s in range_), name


def test_the_lock_holds_every_dependency_within_its_range() -> None:
    for name, range_ in ALL.items():
        versions = [version for locked_name, version, _ in locked() if locked_name == name]
        assert versions, f"{name} is not in the lock: run `nox -s lock`"
        assert all(version in range_ for version in versions), f"{name} {versions}: {range_}"


def test_every_locked_package_has_hashes() -> None:
    assert len(locked()) == len(re.findall(r"^[a-z]", LOCK, re.M))
    assert all(hashes for _, _, hashes in locked())


def test_the_lock_names_no_host_and_no_folder() -> None:
    assert not re.findall(r"^-.*|.*://.*|.*(?<![\w.])/\w.*", LOCK, re.M)


def test_the_lock_of_node_packages_has_hashes_and_names_no_registry() -> None:
    packages = {name: package for name, package in NODE_LOCK["packages"].items() if name}
    assert all("integrity" in package for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_ci_tests_the_oldest_python() -> None:
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["python"][0] == oldest
    setup = WORKFLOW["jobs"]["lowest"]["steps"][1]
    assert setup["with"]["python-version"] == oldest
