"""How versions of papers and their passages are named: `2404.12345v2`, `2404.12345v2#7`."""


def paper_key(paper_id: str, version: int) -> str:
    """The name of a paper's version."""
    return f"{paper_id}v{version}"


def split_key(key: str) -> tuple[str, int]:
    """The paper's id and the version that a key names."""
    paper_id, _, version = key.rpartition("v")
    return paper_id, int(version)


def passage_id(key: str, ordinal: int) -> str:
    """The name of a passage of the paper version with this key."""
    return f"{key}#{ordinal}"


def key_of_passage(name: str) -> str:
    """The key of the paper version that a passage belongs to."""
    return name.rpartition("#")[0]


def passage_place(name: str) -> tuple[str, int, int]:
    """The paper's id, the version, and the passage's position in it."""
    key, _, ordinal = name.rpartition("#")
    return *split_key(key), int(ordinal)
