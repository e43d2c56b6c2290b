"""Finds credentials unattended: whatever botocore would ask a person for is refused, and no child gets a terminal."""

# ruff: noqa: SLF001 - aiobotocore, which is pinned, has no public hook for any of this

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from operations.aws.outcome import CredentialsError

PROCESS_SECONDS = 60.0
"""How long a `credential_process` may take: one that waits for somebody to type would wait for ever."""
_TALKATIVE = ("botocore.credentials", "botocore.tokens", "aiobotocore.credentials", "aiobotocore.tokens")
"""Loggers that print failed refreshes with everything a `credential_process` wrote to standard error."""
_SILENT = logging.CRITICAL + 1


def hush() -> None:
    """Keep botocore's warnings about failed refreshes off our output: their texts are not ours to print."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(_SILENT)


def never_prompt(session: Any, profile: str | None) -> None:
    """See to it that nothing this session does to find credentials can ask anybody for anything.

    A `credential_process` gets neither a terminal nor an open standard input, and a role that needs an MFA code is
    refused. The hooks are private to the pinned aiobotocore; `test_credentials_unattended.py` notices when they move.
    """
    from aiobotocore.credentials import AioProcessProvider

    hush()
    resolver = session.get_component("credential_provider")
    assume = resolver.get_provider("assume-role")
    assume._prompter = _refuse_mfa(profile)
    builder = assume._profile_provider_builder
    make = builder._create_process_provider

    def without_terminal(name: str) -> Any:
        return _quiet(make(name))

    builder._create_process_provider = without_terminal
    for provider in resolver.providers:
        if isinstance(provider, AioProcessProvider):
            _quiet(provider)


def _refuse_mfa(profile: str | None) -> Callable[[str], str]:
    def refuse(prompt: str) -> str:
        del prompt
        raise CredentialsError(
            f"profile {profile or 'default'} needs an MFA code and nothing here ever asks for one: get a session in"
            " another terminal (`aws sts get-session-token --serial-number … --token-code …`) and choose its profile"
        )

    return refuse


def _quiet(provider: Any) -> Any:
    provider._retrieve_credentials_using = lambda command: _ask_process(provider, command)
    return provider


async def _ask_process(provider: Any, command: str) -> dict[str, Any]:
    """What a `credential_process` answers; its standard error goes nowhere, because it may hold anything."""
    from botocore.compat import compat_shell_split

    name = provider._profile_name
    hint = "run it yourself to see why"
    try:
        process = await asyncio.create_subprocess_exec(
            *compat_shell_split(command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise CredentialsError(f"credential_process of profile {name} cannot be started: {error}") from error
    try:
        said, _ = await asyncio.wait_for(process.communicate(), PROCESS_SECONDS)
    except TimeoutError as error:
        raise CredentialsError(
            f"credential_process of profile {name} took longer than {PROCESS_SECONDS:g} s; {hint}"
        ) from error
    finally:
        if process.returncode is None:
            _end(process.pid)
            await process.wait()
    if process.returncode:
        raise CredentialsError(
            f"credential_process of profile {name} ended with {process.returncode}; {hint}"
        )
    return _understood(said, name)


def _end(pid: int) -> None:
    """Kill a process and what it started: it leads a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _understood(said: bytes, name: str) -> dict[str, Any]:
    try:
        answer = json.loads(said)
        if answer.get("Version") != 1:
            raise ValueError("no version 1")
        return {
            "access_key": answer["AccessKeyId"],
            "secret_key": answer["SecretAccessKey"],
            "token": answer.get("SessionToken"),
            "expiry_time": answer.get("Expiration"),
            "account_id": answer.get("AccountId"),
        }
    except (ValueError, KeyError, AttributeError):
        # no chaining: the error would carry what the process said, secrets included
        raise CredentialsError(
            f"credential_process of profile {name} answered something other than version 1 credentials"
        ) from None
