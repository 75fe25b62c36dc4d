"""What has to be installed for the package to run, as pyproject.toml says it."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_OURS = ("bot", "cogs", "storage")
_FOR_TYPES_ONLY = frozenset({"_typeshed"})


def test_every_library_that_is_imported_is_a_dependency_of_its_own() -> None:
    """One that comes with another is gone when that one changes, as httpx did from openai."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    declared = {_normal(re.split(r"[^\w.-]", one)[0]) for one in project["dependencies"]}
    distributions = packages_distributions()

    imported = {module for folder in _OURS for path in (_ROOT / folder).rglob("*.py") for module in _of(path)}
    others = imported - sys.stdlib_module_names - _FOR_TYPES_ONLY - set(_OURS)

    assert "discord" in others
    assert {
        module
        for module in others
        if declared.isdisjoint(_normal(name) for name in distributions.get(module, [module]))
    } == set()


def _of(path: Path) -> Iterator[str]:
    """The top-level packages that a module imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]


def _normal(name: str) -> str:
    """A distribution's name in the one form that all its spellings have (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
