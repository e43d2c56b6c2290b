"""The sandbox as a WSGI application: moto's services, mended, seeded and loaded when first used."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from operations.drill import seed
from operations.drill.patches import Registry
from operations.drill.replies import NOT_IMPLEMENTED, error_reply
from state.text import clean

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

_CONCURRENT = frozenset({"sqs", "stepfunctions", "awslambda", "moto_api"})
"""Services whose calls may last or call the sandbox again: they take no lock. The others do one call at a time, since moto's
models are plain dictionaries and half of a retried call done twice would be a fault that no AWS has."""


def build(registry: Registry) -> Wsgi:
    """The application for one sandbox.

    Importing moto happens here, so that the modules of this room stay cheap to import.

    Args:
        registry: The patches, applied to each service before its first call.
    """
    _configure_moto()
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    _mend_core()
    dispatcher: Any = DomainDispatcherApplication
    application: Wsgi = dispatcher(lambda service: _service(service, registry))
    return application


def _configure_moto() -> None:
    import moto.backends
    import moto.core.config
    import moto.moto_server.werkzeug_app

    warnings.filterwarnings("ignore", module="moto")  # moto's remarks on error codes are not for the user
    config: Any = moto.core.config.default_user_config
    config["lambda"]["use_docker"] = False
    config["batch"]["use_docker"] = False
    config["iam"]["load_aws_managed_policies"] = True
    config["stepfunctions"]["execute_state_machine"] = True
    modules = tuple(moto.backends.list_of_moto_modules())
    backends: Any = moto.backends
    backends.list_of_moto_modules = lambda: modules


def _mend_core() -> None:
    """Unimplemented operations answer 400, and the list of a class's methods is made once, not at each call."""
    from functools import lru_cache

    import moto.core.responses as responses
    from moto.core.utils import method_names_from_class

    from operations.drill.patches.support import answer, put, refusal, wrap

    put(
        responses,
        "method_names_from_class",
        lru_cache(maxsize=None)(lambda owner: frozenset(method_names_from_class(owner))),
    )

    def around(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def call_action(self: Any) -> Any:
            try:
                return original(self)
            except NotImplementedError as missing:
                return self.serialized(
                    answer(refusal(NOT_IMPLEMENTED, str(missing) or "not in this sandbox"))
                )

        return call_action

    wrap(responses.BaseResponse, "call_action", around)


def _service(service: str | None, registry: Registry) -> Wsgi:
    """The application of one service, seeded; of `None`, the one that says no service has this name."""
    if service is None:
        return _unknown_service
    import moto.moto_server.werkzeug_app as werkzeug_app

    registry.apply("iam")  # every call asks IAM whose key it was signed with
    registry.apply(service)
    create: Any = werkzeug_app.create_backend_app
    app = create(service)
    app.register_error_handler(Exception, _on_error)
    seed.plant(service)
    return app.wsgi_app if service in _CONCURRENT else _one_at_a_time(app.wsgi_app)


def _one_at_a_time(application: Wsgi) -> Wsgi:
    lock = threading.RLock()

    def guarded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with lock:
            return application(environ, start_response)

    return guarded


def _unknown_service(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    headers, body = error_reply(environ, NOT_IMPLEMENTED, "the sandbox has no such service")
    start_response("400 BAD REQUEST", [*headers.items(), ("Content-Length", str(len(body)))])
    return [body]


def _on_error(error: Exception) -> Any:
    """What a request that moto could not handle is answered: 400 for what is missing, 500 for a fault in the sandbox."""
    from flask import Response, request
    from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

    if isinstance(error, NotImplementedError) or type(error) in (NotFound, MethodNotAllowed):
        message = str(error) if isinstance(error, NotImplementedError) else f"{request.method} {request.path}"
        headers, body = error_reply(request.environ, NOT_IMPLEMENTED, f"not in this sandbox: {message}")
        return Response(body, 400, headers)
    if isinstance(error, HTTPException):
        return error
    said = f"sandbox: {request.method} {request.path} failed: {type(error).__name__}: {error}"
    sys.stderr.write(clean(said) + "\n")
    headers, body = error_reply(request.environ, "InternalFailure", f"{type(error).__name__}: {error}")
    return Response(body, 500, headers)
