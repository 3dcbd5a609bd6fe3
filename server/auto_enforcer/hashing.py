"""Digests of what is read in pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing import Self

SIZE = 24
"""Bytes of a digest."""


class Hasher(Protocol):
    """What has been read up to now."""

    def update(self, data: bytes, /) -> None:
        """Read on."""

    def copy(self) -> Self:
        """Another that has read the same."""

    def digest(self) -> bytes:
        """The digest, at its full length."""


def begin(data: bytes = b"") -> Hasher:
    """A cryptographic hash of the data, to be read on.

    BLAKE2b, from the interpreter's own module: `hashlib` would load OpenSSL, 3.6 MB for a hash that it then
    takes from that module too. An interpreter may be built without it; then it is SHA-256.
    """
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import sha256

        return sha256(data)
    return blake2b(data)


def keyed(key: bytes, size: int) -> Callable[[bytes], bytes]:
    """Gives so many bytes that tell data from other data, to those alone who have the key: BLAKE2b."""
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b

    def of(data: bytes) -> bytes:
        return blake2b(data, key=key, digest_size=size).digest()

    return of


def digest(hasher: Hasher) -> bytes:
    """What was read, in SIZE bytes."""
    return hasher.digest()[:SIZE]
