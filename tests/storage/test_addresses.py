from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.addresses import sqlite_url


@pytest.mark.parametrize(
    "path",
    [
        "/data/broadsheet.sqlite",
        "/team?A/50%/%3F/broadsheet.sqlite",
        "/a#b/c d/e+f/g@h:i/ü/broadsheet.sqlite",
        "/not UTF-8 \udcff/broadsheet.sqlite",
        "of/the/working folder/broadsheet.sqlite",
        r"C:\Users\me\broadsheet.sqlite",
    ],
)
def test_a_file_in_any_folder_is_found_by_its_address(path: str) -> None:
    url = make_url(sqlite_url(Path(path)))

    assert url.database == path
    assert not url.query
