import pytest

from bot.errors import InputError
from bot.rendering.exports.formats import FORMATS, exported, known_formats
from tests.bot.rendering.examples import example_digest


def test_formats_are_known_by_name_each_once() -> None:
    assert known_formats(["csv", "MD", " csv "]) == ("csv", "md")


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"“pdf”\. The formats are md, html, json, bibtex, csv, obsidian"):
        known_formats(["md", "pdf"])


def test_every_format_names_its_files_and_no_two_alike() -> None:
    files = exported(example_digest(), FORMATS)

    single = {name for name in files if "/" not in name}
    assert single == {"digest.md", "digest.html", "digest.json", "digest.bib", "digest.csv"}
    assert len(files) == sum(len(export(example_digest())) for export in FORMATS.values())
