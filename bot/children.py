"""What processes that we start are given of our environment."""

import os

_STARTS_PYTHON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What Python does not start without: on Windows, and where its own library lies in a place that only these
name, as after `module load python` on a university's machines."""


def bare_environment(*more: str) -> dict[str, str]:
    """Only what Python needs to start, and `more` where it is there: above all no key."""
    return {name: os.environ[name] for name in (*_STARTS_PYTHON, *more) if name in os.environ}
