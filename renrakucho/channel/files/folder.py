"""Files in a folder that the provider's people fetch from and bring to, over SFTP or otherwise."""

import os
import secrets
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

ANSWERS, DONE, RESULTS = "answers", "done", "results"
LARGEST = 5 * 1024 * 1024  # bytes of a file of answers
_SETTLED = 60  # seconds: what was changed later may still be on its way up


class AnotherThere(FileExistsError):
    """There is a file of this name with something else in it; it stays as it is."""


def put(folder: Path, name: str, content: bytes) -> str:
    """Write the file whole or not at all, and its SHA-256 beside it (`<name>.sha256`), which is there last.

    Never overwrites: the same again changes nothing. Returns the SHA-256. Raises AnotherThere, OSError.
    """
    told = sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / name, content)
    _put(folder / f"{name}.sha256", f"{told}  {name}\n".encode())
    return told


def answers(folder: Path) -> Iterator[Path]:
    """Files of answers that have come to rest, the oldest first."""
    if (folder / ANSWERS).is_symlink():
        return
    found = [path for path in (folder / ANSWERS).glob("*.csv") if path.is_file() and not path.is_symlink()]
    for path in sorted(found, key=lambda path: (path.stat().st_mtime, path.name)):
        if time.time() - path.stat().st_mtime >= _SETTLED:
            yield path


def settle(folder: Path, answer: Path, result: bytes) -> None:
    """Put the result beside, and take the answers out of the way: a name that was used before gets the hash in it."""
    name = answer.name
    if (folder / ANSWERS / DONE / name).exists() or (folder / RESULTS / name).exists():
        name = f"{answer.stem}-{sha256(result + answer.read_bytes()).hexdigest()[:12]}.csv"
    put(folder / RESULTS, name, result)
    done = folder / ANSWERS / DONE
    _ours(done)
    done.mkdir(exist_ok=True)
    answer.rename(done / name)


def content(answer: Path) -> bytes | None:
    """What stands in a file of answers; None where it is too large. Raises OSError where it has become another file's
    name meanwhile.
    """
    with os.fdopen(os.open(answer, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        read = file.read(LARGEST + 1)
    return read if len(read) <= LARGEST else None


def _ours(folder: Path) -> None:
    """Whoever may write here must not choose where we write: another provider's answers, for one."""
    if folder.is_symlink():
        raise NotADirectoryError(folder.name)


def _put(path: Path, content: bytes) -> None:
    _ours(path.parent)
    half = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with half.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(half, path)  # unlike a rename, it does not overwrite
        except FileExistsError:
            if path.read_bytes() != content:
                raise AnotherThere(path.name) from None
    finally:
        half.unlink(missing_ok=True)
