import json
import os
from pathlib import Path

import pytest

from bot.errors import InputError, ServiceError
from bot.site.folder import MANIFEST, SiteFolder


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = SiteFolder(tmp_path)
    folder.begin(["a.html"])
    folder.write("a.html", "1", b"whole")

    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ServiceError, match="No space left on device"):
        folder.write("a.html", "2", b"other")

    assert (tmp_path / "a.html").read_bytes() == b"whole"
    assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST, "a.html"]


def test_the_same_content_is_not_written_again(tmp_path: Path) -> None:
    folder = SiteFolder(tmp_path)
    folder.begin(["a.html"])

    assert folder.write("a.html", "1", b"same")
    assert not folder.write("a.html", "2", b"same")
    assert folder.has("a.html", "2")
    assert not folder.has("a.html", "1")


def test_what_was_written_is_known_the_next_time(tmp_path: Path) -> None:
    before = SiteFolder(tmp_path)
    before.begin(["x/a.html"])
    before.write("x/a.html", "1", b"a")
    before.finish(["x/a.html"])

    removed = SiteFolder(tmp_path).clear(["b.html"])

    assert removed == 1
    assert not (tmp_path / "x").exists()


def test_what_a_killed_build_began_to_write_goes_with_its_page(tmp_path: Path) -> None:
    SiteFolder(tmp_path).begin(["x/a.html"])
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / ".a.html.partial").write_text("half a page")

    SiteFolder(tmp_path).clear([])

    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "path", ["../outside.txt", "/etc/hostname", "x/../../outside.txt", "..\\outside.txt", ""]
)
def test_a_manifest_that_names_files_elsewhere_removes_none_of_them(tmp_path: Path, path: str) -> None:
    outside, site = tmp_path / "outside.txt", tmp_path / "site"
    outside.write_text("kept")
    site.mkdir()
    (site / MANIFEST).write_text(json.dumps({"files": {path: "1"}}))
    folder = SiteFolder(site)

    folder.begin([])

    assert folder.finish([]) == 0
    assert outside.read_text() == "kept"


def test_what_cannot_be_removed_is_said_once_all_else_is_gone(tmp_path: Path) -> None:
    folder = SiteFolder(tmp_path)
    folder.begin(["a.html", "b.html", "c.html"])
    for name in ("a.html", "c.html"):
        folder.write(name, "1", b"old")
    (tmp_path / "b.html").mkdir()

    with pytest.raises(ServiceError, match=r"could not be removed from the site: b\.html"):
        folder.clear(["c.html"])

    assert not (tmp_path / "a.html").exists()
    assert (tmp_path / "c.html").exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"files": 3}'])
def test_a_damaged_manifest_is_refused_with_its_remedy(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content)

    with pytest.raises(InputError, match=r"cannot be read\. Delete the folder .*; the next build"):
        SiteFolder(tmp_path)


def test_without_a_manifest_nothing_is_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("whose?")

    with pytest.raises(InputError, match=r"holds a\.html, which Broadsheet did not write"):
        SiteFolder(tmp_path).begin(["a.html"])


def test_the_manifest_is_on_the_disk_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, bool]] = []

    def heard(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_size, (tmp_path / MANIFEST).exists()))

    monkeypatch.setattr(os, "fsync", heard)
    SiteFolder(tmp_path).begin(["a.html"])

    assert synced == [((tmp_path / MANIFEST).stat().st_size, False)]


def test_a_file_that_cannot_be_linked_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a.mp3"
    source.write_bytes(b"sound")
    folder = SiteFolder(tmp_path / "site")
    folder.begin(["audio/a.mp3"])

    def other_disk(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", other_disk)
    folder.add_file("audio/a.mp3", "1", source)

    assert (tmp_path / "site/audio/a.mp3").read_bytes() == b"sound"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError, match="cannot be written to"):
        SiteFolder(tmp_path / "file" / "site").begin(["a.html"])
