"""The folder that the site is written into: whole files only, and hands off what others put there."""

import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from bot.errors import InputError, ServiceError

MANIFEST = ".broadsheet.json"
"""Names each file that was written, with what it was made from."""


class SiteFolder:
    """Knows what it wrote before. Paths are relative, with `/`.

    Each file has a fingerprint of what it was made from: as long as that stays, it need not be made again.

    Raises:
        InputError: the folder cannot be written to, its manifest cannot be read, or it holds somebody else's
            file where one of ours belongs.
        ServiceError: the disk is full, or fails.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._files = _manifest(folder / MANIFEST)
        self._folders: set[Path] = set()

    def clear(self, planned: Collection[str]) -> int:
        """Have nothing there but what stays, before anything is written; how many files were removed."""
        removed = self.keep_only(planned)
        for path in planned:
            if path not in self._files and (self.path / path).exists():
                raise InputError(
                    f"The folder {self.path} holds {path}, which is none of our pages. Choose another folder."
                )
        return removed

    def keep_only(self, kept: Iterable[str]) -> int:
        """Remove what was written earlier and is no part of the site any more; how many files.

        It needs no room on the disk, and one file that cannot be removed keeps no other one there.
        """
        gone = self._files.keys() - set(kept)
        failures = []
        for path in sorted(gone):
            try:
                for file in (self.path / path, _partial(self.path / path)):
                    file.unlink(missing_ok=True)
                del self._files[path]
            except OSError as error:
                failures.append(f"{path} ({error.strerror})")
        if failures:
            raise ServiceError(f"What is public no more could not be removed from the site: {failures[0]}.")
        with _disk_failures():
            self._remove_empty(gone)
        return len(gone)

    def begin(self, planned: Collection[str]) -> None:
        """Note which files are about to be written: even after a sudden end they are known as ours."""
        self.clear(planned)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"The folder {self.path} cannot be written to: {error.strerror}.") from None
        self._save(dict.fromkeys(planned, "") | self._files)

    def has(self, path: str, fingerprint: str) -> bool:
        """Whether this file is there, made from just that; a power cut may leave an empty one."""
        return self._files.get(path) == fingerprint and _has_content(self.path / path)

    def write(self, path: str, fingerprint: str, content: bytes) -> bool:
        """Write a file, unless it has this content already; whether it did."""
        target = self.path / path
        with _disk_failures():
            changed = not target.exists() or target.read_bytes() != content
            if changed:
                self._make_folder(target.parent)
                with _replacing(target) as partial:
                    partial.write_bytes(content)
        self._files[path] = fingerprint
        return changed

    def take(self, path: str, fingerprint: str, source: Path) -> None:
        """Have a large file there too, without a second copy of it where the file system can."""
        target = self.path / path
        with _disk_failures():
            self._make_folder(target.parent)
            with _replacing(target) as partial:
                try:
                    partial.hardlink_to(source)
                except OSError:
                    shutil.copyfile(source, partial)
        self._files[path] = fingerprint

    def finish(self, kept: Iterable[str]) -> int:
        """Keep only this, and note what it was made from; how many files were removed."""
        removed = self.keep_only(kept)
        self._save(self._files)
        return removed

    def _remove_empty(self, gone: Iterable[str]) -> None:
        folders = {parent for path in gone for parent in PurePosixPath(path).parents if parent.name}
        for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
            place = self.path / folder
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
                self._folders.discard(place)

    def _make_folder(self, folder: Path) -> None:
        if folder not in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)

    def _save(self, files: Mapping[str, str]) -> None:
        with _disk_failures(), _replacing(self.path / MANIFEST) as partial:
            partial.write_text(json.dumps({"files": files}, indent=0, sort_keys=True), encoding="utf-8")
            _sync(partial)
        self._files = dict(files)


def _manifest(file: Path) -> dict[str, str]:
    """What a manifest says, without paths that lead elsewhere; nothing where there is none.

    A damaged one is not taken for none: what it named could never be removed any more.
    """
    try:
        files = json.loads(file.read_text(encoding="utf-8"))["files"].items()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            f"The list of the site's files, {file}, cannot be read. Delete the folder {file.parent}: "
            "it is built again."
        ) from None
    return {path: str(fingerprint) for path, fingerprint in files if _is_inside(path)}


def _sync(file: Path) -> None:
    """Have it on the disk: a name that is there after a power cut must not lead to an empty file."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return bool(parts.name) and not parts.is_absolute() and ".." not in parts.parts and "\\" not in path


def _has_content(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False


def _partial(target: Path) -> Path:
    """What a file is written to first; a sudden end leaves it behind."""
    return target.with_name(f".{target.name}.partial")


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A file to write that takes the target's place once it is whole."""
    partial = _partial(target)
    partial.unlink(missing_ok=True)
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _disk_failures() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServiceError(f"The site could not be written: {error.strerror}.") from error
