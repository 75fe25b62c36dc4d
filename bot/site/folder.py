"""The folder that the site is written into: files are written whole, and those of others are left alone."""

import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from bot.disk import flush, size_bytes
from bot.errors import InputError, ServiceError

MANIFEST = ".broadsheet.json"
"""Lists every file that was written, with its fingerprint."""


class SiteFolder:
    """Knows which files it wrote before. Paths are relative, with `/`.

    Each file has a fingerprint of what it was made from; while that is unchanged, it need not be made again.

    Raises:
        InputError: the folder cannot be written to, its manifest cannot be read, or somebody else's file is
            where one of ours belongs.
        ServiceError: the disk is full or fails.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._files = _manifest(folder / MANIFEST)
        self._folders: set[Path] = set()

    def clear(self, planned: Collection[str]) -> int:
        """Remove our files that are not planned, before anything is written; returns how many.

        Raises InputError if somebody else's file is where a planned one belongs.
        """
        removed = self.keep_only(planned)
        for path in planned:
            if path not in self._files and (self.path / path).exists():
                raise InputError(
                    f"The folder {self.path} holds {path}, which Broadsheet did not write. "
                    "Choose another folder."
                )
        return removed

    def keep_only(self, kept: Iterable[str]) -> int:
        """Remove our files that are not in `kept`; returns how many.

        It needs no disk space, and a file that cannot be removed does not stop the removal of the others.
        """
        unwanted = self._files.keys() - set(kept)
        failures = []
        for path in sorted(unwanted):
            try:
                for file in (self.path / path, _partial(self.path / path)):
                    file.unlink(missing_ok=True)
                del self._files[path]
            except OSError as error:
                failures.append(f"{path} ({error.strerror})")
        if failures:
            raise ServiceError(f"What is no longer public could not be removed from the site: {failures[0]}.")
        with _disk_failures():
            self._remove_empty_folders(unwanted)
        return len(unwanted)

    def begin(self, planned: Collection[str]) -> None:
        """Record which files are about to be written, so that they are known as ours even after a crash."""
        self.clear(planned)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"The folder {self.path} cannot be written to: {error.strerror}.") from None
        self._save(dict.fromkeys(planned, "") | self._files)

    def has(self, path: str, fingerprint: str) -> bool:
        """Whether this file exists with this fingerprint; an empty one, from a power cut, does not count."""
        return self._files.get(path) == fingerprint and size_bytes(self.path / path) > 0

    def write(self, path: str, fingerprint: str, content: bytes) -> bool:
        """Write a file unless it already has this content; returns whether it was written."""
        target = self.path / path
        with _disk_failures():
            changed = not target.exists() or target.read_bytes() != content
            if changed:
                self._make_folder(target.parent)
                with _replacing(target) as partial:
                    partial.write_bytes(content)
        self._files[path] = fingerprint
        return changed

    def add_file(self, path: str, fingerprint: str, source: Path) -> None:
        """Add a large file, as a hard link where the file system can and as a copy elsewhere."""
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
        """Keep only these files, and save their fingerprints; returns how many files were removed."""
        removed = self.keep_only(kept)
        self._save(self._files)
        return removed

    def _remove_empty_folders(self, removed: Iterable[str]) -> None:
        folders = {parent for path in removed for parent in PurePosixPath(path).parents if parent.name}
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
            flush(partial)
        self._files = dict(files)


def _manifest(file: Path) -> dict[str, str]:
    """The files in a manifest, without paths that lead outside; empty if there is no manifest.

    A damaged one is refused, not treated as missing: the files it listed could never be removed.
    """
    try:
        files = json.loads(file.read_text(encoding="utf-8"))["files"].items()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            f"The list of the site's files, {file}, cannot be read. Delete the folder {file.parent}; "
            "the next build creates it again."
        ) from None
    return {path: str(fingerprint) for path, fingerprint in files if _is_inside(path)}


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return bool(parts.name) and not parts.is_absolute() and ".." not in parts.parts and "\\" not in path


def _partial(target: Path) -> Path:
    """The temporary file that a file is first written to; a crash leaves it behind."""
    return target.with_name(f".{target.name}.partial")


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A temporary file to write, which replaces the target once it is complete."""
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
