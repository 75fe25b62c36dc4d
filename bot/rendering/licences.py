"""Licences as people see them (pure)."""

import re
from dataclasses import dataclass

from storage.model import Paper

_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/"
    r"(?P<terms>licenses/by(?:-nc)?(?:-nd|-sa)?|publicdomain/zero)/(?P<version>\d\.\d)/?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence's short name, and the address of its text."""

    label: str
    url: str


def creative_commons(paper: Paper) -> Licence | None:
    """The paper's Creative Commons licence, such as `CC BY-NC-SA 4.0`; None for any other or an unknown one.

    Other licences, such as arXiv's own, only let people read the paper.
    """
    found = _CREATIVE_COMMONS.fullmatch(paper.licence or "")
    if found is None:
        return None
    terms, version = found["terms"], found["version"]
    name = "CC0" if terms == "publicdomain/zero" else f"CC {terms.removeprefix('licenses/').upper()}"
    return Licence(label=f"{name} {version}", url=f"https://creativecommons.org/{terms}/{version}/")
