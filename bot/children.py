"""The environment given to child processes."""

import os

_STARTS_PYTHON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What Python needs to start: on Windows, and where its own library is in a place that only these variables
name, as after `module load python` on a university's machines."""


def bare_environment(*more: str) -> dict[str, str]:
    """Only what Python needs to start, and what is set of `more`: above all, no keys."""
    return {name: os.environ[name] for name in (*_STARTS_PYTHON, *more) if name in os.environ}
