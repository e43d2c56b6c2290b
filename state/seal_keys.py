"""The key that signs heads: made once for a user, kept in a file that nobody else can read."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from state.errors import JournalError
from state.filesystem import sync_folder
from state.seals import Sign, fingerprint

KEY_FILE = "signing.key"


class SealKeyError(JournalError):
    """The signing key, or a public key to compare with, cannot be used."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key ready to sign with; `public_key` is hex."""

    public_key: str
    sign: Sign


def load_signer(keys: Path, published: Path) -> Signer:
    """The user's signing key from the folder `keys`, made when there is none; its public half goes to `published`.

    Raises:
        SealKeyError: it cannot be read or made, or others can read it.
    """
    file = keys / KEY_FILE
    try:
        if not file.exists():
            _make(file)
        signer = _read(file)
        _publish(signer, published)
    except OSError as error:
        raise SealKeyError(f"{file}: no head can be signed: {error.strerror or error}") from error
    return signer


def _make(file: Path) -> None:
    """Write a whole key under another name and give it its own by a link, which fails when there is one by now."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    _write_new(draft, text, 0o600)
    try:
        with suppress(FileExistsError):
            file.hardlink_to(draft)
    finally:
        draft.unlink()
    sync_folder(file.parent)  # heads are signed with it at once: it must not be lost while they are not


def _write_new(file: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(file: Path) -> Signer:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    with open(descriptor, "rb") as opened:  # noqa: PTH123 - the descriptor of a file that was checked
        if os.fstat(descriptor).st_mode & 0o077:
            raise SealKeyError(f"{file}: no head can be signed: others can read the key; chmod 600 it")
        text = opened.read()
    try:
        key = form.load_pem_private_key(text, None)
    except (ValueError, TypeError) as error:
        raise SealKeyError(f"{file}: no head can be signed: not a private key; move it away") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyError(f"{file}: no head can be signed: not an Ed25519 key; move it away")
    return Signer(_hex(key.public_key()), key.sign)


def _publish(signer: Signer, folder: Path) -> None:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer.public_key))
    text = public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):
        _write_new(folder / f"{fingerprint(signer.public_key)}.pub", text, 0o644)


def _hex(public: Any) -> str:
    return str(public.public_bytes_raw().hex())


def read_public_key(file: Path) -> str:
    """A public key as hex, from a PEM file or one with 64 hex digits.

    Raises:
        SealKeyError: the file holds neither.
    """
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        content = file.read_bytes().strip()
        if len(content) == 64:
            return bytes.fromhex(content.decode()).hex()
        public = form.load_pem_public_key(content)
    except OSError as error:
        raise SealKeyError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SealKeyError(f"{file}: not a public key; give the .pub file from beside the anchors") from error
    if not isinstance(public, Ed25519PublicKey):
        raise SealKeyError(f"{file}: not an Ed25519 key; give the .pub file from beside the anchors")
    return _hex(public)
