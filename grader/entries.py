"""What lies in a folder or in a zip, at a cost that whoever filled it cannot raise.

Nothing is unpacked, no link is followed, nothing is read that is not a plain file of bounded size.
A zip within is looked into like a folder. What one student brings has bounds too. What is beyond
them or cannot be read is an entry that says so: it costs its own student a row, and nobody else
anything.
"""

import io
import os
import stat
import weakref
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from grader import Stop

LARGEST = 100 << 20  # bytes of a file
MOST = 5000  # files and folders of one student
DEEPEST = 20  # folders within each other
LONGEST = 1000  # characters of a path
LARGEST_DIRECTORY = 16 << 20  # bytes of a zip's list of members, some 100,000 of them
ZIPS = 50  # of one student, which are looked into
LARGEST_ZIP = 20 << 20  # bytes of a zip within
PIECE = 1 << 20
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a limit
# Of programs, not of students. Other names with a dot in front are like all others.
IGNORED = {
    *("__MACOSX", "__pycache__", "node_modules", "Thumbs.db", "desktop.ini", "venv"),
    *(".DS_Store", ".Spotlight-V100", ".Trash", ".Trashes", ".fseventsd", ".directory"),
    *(".git", ".github", ".gitattributes", ".gitignore", ".gitkeep", ".idea", ".vscode"),
    *(".cache", ".config", ".ipynb_checkpoints", ".ipython", ".jupyter", ".local", ".venv"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".virtual_documents"),
}
BESIDE = ("._", ".~", "~$")  # what macOS, LibreOffice and Office put beside a file

Reader = Callable[[int], bytes]  # returns a file's first bytes, so many at most


class Unusable(Exception):
    """A file that cannot be graded. The text says why."""


class Entry(NamedTuple):
    """A file, or what should have been one and why it is none."""

    path: str  # from the top of the folder or zip; that of a folder ends with a slash
    changed: float
    read: Reader
    wrong: str = ""


def beginning(read: Reader, most: int) -> bytes:
    """Return the first bytes of a file, or raise Unusable."""
    try:
        return read(most)
    except Unusable:
        raise
    except Exception as error:  # there is no list of what zipfile raises for a zip that lies
        raise Unusable(f"it cannot be read ({type(error).__name__})") from error


def whole(read: Reader) -> bytes:
    """Return all of a file, or raise Unusable."""
    content = beginning(read, LARGEST + 1)
    check_size(len(content))
    return content


def check_size(size: int) -> None:
    """Refuse what is too large, also what only says so."""
    if size > LARGEST:
        raise Unusable(f"it is larger than {LARGEST >> 20} MB")


def plain_file(path: str, most: int) -> bytes:
    """Return the first bytes of a plain file, not of a link, pipe or device."""
    if os.path.islink(path):
        raise Unusable("it is a link to another file")
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unusable("it is not a plain file")
        check_size(status.st_size)
        return file.read(most)


def nothing(_: int) -> bytes:
    """Stand in for the content of what is wrong."""
    return b""


def wrong(path: str, why: str) -> Entry:
    """Return the entry of something that is not looked at."""
    return Entry(path[:LONGEST], 0.0, nothing, why)


def unreadable(path: str, error: Exception) -> Entry:
    """Return the entry of something that cannot be looked at."""
    return wrong(path, f"it cannot be read ({type(error).__name__})")


def outside(path: str) -> str:
    """Return why a path is too deep or too long to be looked at, "" if it is not."""
    if path.count("/") > DEEPEST:
        return f"it lies in more than {DEEPEST} folders within each other"
    return f"its path is longer than {LONGEST} characters" * (len(path) > LONGEST)


def ignored(name: str) -> bool:
    """Whether a file or folder belongs to a program, not to a student."""
    return name in IGNORED or name.startswith(BESIDE)


class Room:
    """How much each student still may bring.

    whose   says of a path which folder holds all of its student, "" if it lies above the students
    """

    def __init__(self, whose: Callable[[str], str]) -> None:
        self.whose, self.brought, self.zips = whose, Counter[str](), Counter[str]()

    def left(self, path: str) -> int | None:
        """Return how many more there may be, None if there is no limit."""
        whose = self.whose(path)
        return max(MOST - self.brought[whose], 0) if whose else None

    def take(self, path: str, number: int) -> str:
        """Count what was found; return that it is too much, but only the first time."""
        whose = self.whose(path)
        self.brought[whose] += number
        if not whose or not self.brought[whose] - number <= MOST < self.brought[whose]:
            return ""
        return f"there are more than {MOST} files and folders, and not all were looked at"

    def take_zip(self, path: str) -> str:
        """Count a zip; return that there are too many."""
        whose = self.whose(path)
        self.zips[whose] += 1
        if not whose or self.zips[whose] <= ZIPS:
            return ""
        return f"it is one of more than {ZIPS} zips, and was not looked into"


def in_folder(root: Path, whose: Callable[[str], str]) -> Iterator[Entry]:
    """Yield what lies in a folder, the nearest first; an empty folder counts as a file."""
    waiting, room = deque([""]), Room(whose)
    while waiting:
        folder = waiting.popleft()
        try:
            found, more = listed(root / folder, room.left(folder))
        except OSError as error:
            if not folder:
                raise Stop(f"{root} cannot be read: {error.strerror}.") from error
            yield unreadable(f"{folder}/", error)
            continue
        if why := room.take(folder, len(found) + more):
            yield wrong(f"{folder}/", why)
        names = [one for one in found if not ignored(one.name)]
        if folder and not names and not more:
            yield Entry(f"{folder}/", 0.0, partial(plain_file, str(root / folder)))
        for one in names:
            path = f"{folder}/{one.name}" if folder else one.name
            if entry := in_listing(path, one):
                yield from unfolded(entry, room)
            else:
                waiting.append(path)


def listed(folder: Path, most: int | None) -> tuple[list["os.DirEntry[str]"], bool]:
    """Return what a folder holds, so much at most, and whether there is more."""
    with os.scandir(folder) as listing:
        found = sorted(islice(listing, most), key=lambda one: one.name)
        return found, next(listing, None) is not None


def in_listing(path: str, one: "os.DirEntry[str]") -> Entry | None:
    """Return the entry of a file, None for a folder that is to be looked into."""
    try:
        folder = one.is_dir(follow_symlinks=False)
        if why := outside(path):
            return wrong(path + "/" * folder, why)
        if folder:
            return None
        changed = one.stat(follow_symlinks=False).st_mtime
    except OSError as error:
        return unreadable(path, error)
    return Entry(path, changed, partial(plain_file, one.path))


class Bounded(io.BufferedReader):
    """A zip, of which no more is read at a time than an honest one needs."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as ever; refuse what zipfile asks for on the word of the zip alone."""
        if size is not None and size > LARGEST_DIRECTORY:
            raise Unusable("its list of files is too long")
        return super().read(size)


def opened(place: Path) -> zipfile.ZipFile:
    """Return a zip; its list of files is read once, and the zip is closed when it is forgotten."""
    if not zipfile.is_zipfile(place):
        raise Stop(f"{place} is not a folder and not a zip.")
    file = Bounded(io.FileIO(place))
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:  # as above
        file.close()
        why = str(error) if isinstance(error, Unusable) else type(error).__name__
        raise Stop(f"{place} cannot be read as a zip ({why}); unpack it first.") from error
    weakref.finalize(archive, file.close)
    return archive


@lru_cache(maxsize=2)  # what is read of a zip within is mostly read in one go
def opened_within(read: Reader) -> zipfile.ZipFile:
    """Return a zip that lies in a folder or in another zip, or raise Unusable."""
    content = beginning(read, LARGEST_ZIP + 1)
    if len(content) > LARGEST_ZIP:
        raise Unusable(f"it is a zip of more than {LARGEST_ZIP >> 20} MB")
    try:
        return zipfile.ZipFile(Bounded(io.BytesIO(content)))
    except Unusable:
        raise
    except Exception as error:  # as above
        raise Unusable("it is no zip that can be read; ask for the notebook itself") from error


def in_zip(place: Path, whose: Callable[[str], str]) -> Iterator[Entry]:
    """Yield the same of a zip, out of which nothing is unpacked."""
    archive = opened(place)
    yield from members("", archive.infolist(), lambda: archive, Room(whose))


def unfolded(entry: Entry, room: Room) -> Iterator[Entry]:
    """Yield an entry, or what lies in it if it is a zip."""
    if entry.wrong or not entry.path.lower().endswith(".zip"):
        yield entry
        return
    archive = partial(opened_within, entry.read)
    try:
        if why := room.take_zip(entry.path):
            raise Unusable(why)
        listed = archive().infolist()
    except Unusable as unusable:
        yield entry._replace(wrong=str(unusable))
        return
    found = False
    for one in members(f"{entry.path}/", listed, archive, room):
        found = True
        yield one
    if not found:
        yield entry


def members(
    at: str, listed: list[zipfile.ZipInfo], archive: Callable[[], zipfile.ZipFile], room: Room
) -> Iterator[Entry]:
    """Yield what a zip lists, and what lies in the zips among it."""
    shared = overlapping(listed)
    for info in listed:
        parts = PurePosixPath(written(info)).parts
        if not parts or info.is_dir() or any(map(ignored, parts)):
            continue
        path = at + "/".join(parts).replace("//", "/")
        full = room.left(path) == 0
        if why := room.take(path, 1) or ("" if full else outside(path)):
            yield wrong(path, why)
        elif not full:
            # A number that orders as dates do. What a zip calls a date need not be one.
            changed = float("{:04}{:02}{:02}{:02}{:02}{:02}".format(*info.date_time))
            reader = partial(member, archive, info)
            why = "it cannot be read (its data are another file's too)"
            entry = Entry(path, changed, reader, why * (info.header_offset in shared))
            yield from unfolded(entry, room)


def written(info: zipfile.ZipInfo) -> str:
    """Return a file's name as whoever packed it wrote it."""
    name = info.filename
    if not info.flag_bits & 0x800:
        # Without this flag zipfile takes the name for DOS's; macOS and others mean UTF-8.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    # Some programs on Windows write its separator, which a zip does not know.
    return name if "/" in name else name.replace("\\", "/")


def overlapping(members: list[zipfile.ZipInfo]) -> set[int]:
    """Return where those files begin whose data reach into the next: no program writes such."""
    ordered = sorted((info.header_offset, info.compress_size) for info in members)
    return {at for (at, size), (after, _) in pairwise(ordered) if at + size > after or at == after}


def member(archive: Callable[[], zipfile.ZipFile], info: zipfile.ZipInfo, most: int) -> bytes:
    """Return the first bytes of a file in a zip."""
    if info.flag_bits & 1:
        raise Unusable("it cannot be read (its zip is locked by a password)")
    if info.compress_type not in READABLE:
        raise Unusable("it cannot be read (of a zip only what is stored or deflated is)")
    check_size(max(info.file_size, info.compress_size))
    content = bytearray()
    with archive().open(info) as file:
        while piece := file.read(min(most - len(content), PIECE)):
            content += piece
    return bytes(content)
