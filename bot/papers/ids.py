"""arXiv identifiers and the links that carry them, as people paste them.

Rules: https://info.arxiv.org/help/arxiv_identifier.html. A text is only *read*: every link Broadsheet shows
or fetches is built from the canonical id. A host that merely looks like arXiv's is refused all the same.
"""

import re
from dataclasses import dataclass

from bot.errors import InputError, echoed

_ARCHIVES = (
    r"acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg"
    r"|comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph"
    r"|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int"
    r"|supr-con"
)
"""The archives of the time when an id began with its archive."""
_FIRST_NEW_MONTH, _FIRST_FIVE_DIGIT_MONTH = 704, 1501
_FIRST_OLD_YEAR = 91
_VERSION = r"(?:v(?P<version>[1-9]\d{0,2}))?"
_NEW = re.compile(
    rf"(?P<month>\d\d(?:0[1-9]|1[0-2]))\.(?P<number>\d{{4,5}}){_VERSION}", re.ASCII | re.IGNORECASE
)
_OLD = re.compile(
    rf"(?P<archive>{_ARCHIVES})(?:\.[a-z-]{{2,10}})?/"
    rf"(?P<month>\d\d(?:0[1-9]|1[0-2]))(?P<number>\d{{3}}){_VERSION}",
    re.ASCII | re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://)?(?P<host>[a-z0-9.-]+)/(?P<path>[^?#\s]+)(?:[?#]\S*)?", re.ASCII | re.IGNORECASE
)
_ARXIV_PATH = re.compile(r"(?:abs|pdf|html)/(?:arxiv:)?(?P<id>.+?)(?:\.pdf)?/?", re.ASCII | re.IGNORECASE)
_DOI_PATH = re.compile(r"10\.48550/arxiv\.(?P<id>.+?)/?", re.ASCII | re.IGNORECASE)
_HUGGINGFACE_PATH = re.compile(r"papers/(?P<id>.+?)(?:\.md)?/?", re.ASCII | re.IGNORECASE)
_ALPHAXIV_PATH = re.compile(
    r"(?:abs|pdf|html|overview)/(?P<id>.+?)(?:\.pdf|\.md)?/?", re.ASCII | re.IGNORECASE
)
_PATHS = {
    "arxiv.org": _ARXIV_PATH,
    "export.arxiv.org": _ARXIV_PATH,
    "doi.org": _DOI_PATH,
    "dx.doi.org": _DOI_PATH,
    "huggingface.co": _HUGGINGFACE_PATH,
    "alphaxiv.org": _ALPHAXIV_PATH,
}
"""Host without `www.` -> where its links keep the id."""
_PREFIX = re.compile(r"(?:arxiv:|(?:doi:)?10\.48550/arxiv\.)\s*", re.ASCII | re.IGNORECASE)
_WRAPPING = " \t\r\n<>()[]{}\"'`*_~|.,;:!?…“”‘’«»"
_BETWEEN_WORDS = re.compile(r"[\s<>|\"]+|\]\(")
"""What separates the words of a message; `](` stands between the text and the target of a Markdown link."""
_BETWEEN_FIELDS = re.compile(r"[\s<>|\"'{}\[\](),;=\\]+")
"""The same in bibliographies and tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A paper, or one version of it, as someone named it."""

    paper_id: str
    """Canonical and versionless: `2404.12345`, `math/0309136`."""
    version: int | None = None
    """None: the newest."""

    @property
    def key_or_id(self) -> str:
        """The key where a version was named, else the id: what arXiv's `id_list` takes."""
        return self.paper_id if self.version is None else f"{self.paper_id}v{self.version}"


def parse(text: str) -> Reference:
    """The paper that `text` names: an id or a link, in any form people paste.

    Raises:
        InputError: it is neither; the message shows what would be.
    """
    reference = _read(text)
    if reference is None:
        echo = echoed(text)
        raise InputError(
            f"“{echo}” is not an arXiv id or link. Use one like 2404.12345, hep-th/9901001 "
            "or https://arxiv.org/abs/2404.12345.",
            echo=echo,
        )
    return reference


def find_first(text: str) -> Reference | None:
    """The first arXiv id or link among the words of a message; None where there is none."""
    words = _BETWEEN_WORDS.split(text)
    return next((reference for word in words if (reference := _read(word)) is not None), None)


def find_all(text: str) -> list[Reference]:
    """Every paper named in a text, a table or a bibliography, each once, in order; versions are left out.

    BibTeX's braces and a table's commas part words here, as they never do in an id.
    """
    found = (_read(word) for word in _BETWEEN_FIELDS.split(text))
    return list(
        {
            reference.paper_id: Reference(paper_id=reference.paper_id)
            for reference in found
            if reference is not None
        }.values()
    )


def _read(text: str) -> Reference | None:
    bare = text.strip(_WRAPPING)
    if prefix := _PREFIX.match(bare):
        return _read_id(bare[prefix.end() :])
    return _read_id(bare) or _read_link(bare)


def _read_link(text: str) -> Reference | None:
    link = _LINK.fullmatch(text)
    if link is None:
        return None
    path = _PATHS.get(link["host"].lower().removeprefix("www."))
    found = path.fullmatch(link["path"]) if path is not None else None
    return _read_id(found["id"]) if found is not None else None


def _read_id(text: str) -> Reference | None:
    if match := _NEW.fullmatch(text):
        return _new_style(match)
    if match := _OLD.fullmatch(text):
        return _old_style(match)
    return None


def _new_style(match: re.Match[str]) -> Reference | None:
    month, number = int(match["month"]), match["number"]
    digits = 5 if month >= _FIRST_FIVE_DIGIT_MONTH else 4
    if month < _FIRST_NEW_MONTH or len(number) != digits or int(number) == 0:
        return None
    return Reference(paper_id=f"{match['month']}.{number}", version=_version(match))


def _old_style(match: re.Match[str]) -> Reference | None:
    archive, month = match["archive"].lower(), int(match["month"])
    in_time = month >= _FIRST_OLD_YEAR * 100 or month < _FIRST_NEW_MONTH
    if not in_time or int(match["number"]) == 0:
        return None
    return Reference(paper_id=f"{archive}/{match['month']}{match['number']}", version=_version(match))


def _version(match: re.Match[str]) -> int | None:
    return int(match["version"]) if match["version"] else None
