"""Loads botocore's bundled service and waiter models, each once, when first asked for."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from operations.aws.model import names
from operations.aws.model.shapes import Operation, Service
from operations.aws.model.types import UnknownApiError


class ServiceLibrary:
    """The AWS models of one process.

    Reads only what botocore ships: models under the user's home folder are not looked at, so that an audit gives
    the same answer on every host.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loader: Any = None
        self._names: frozenset[str] | None = None
        self._services: dict[str, Service] = {}
        self._waiters: dict[str, dict[str, Mapping[str, Any]]] = {}

    def services(self) -> frozenset[str]:
        """Returns the names of all services that botocore knows."""
        if self._names is None:
            self._names = frozenset(self._load().list_available_services("service-2"))
        return self._names

    def service(self, name: str) -> Service | None:
        """Returns a service's model, or None when botocore has no such service."""
        if name not in self._services:
            if name not in self.services():
                return None
            from botocore.model import ServiceModel

            self._services[name] = ServiceModel(self._load().load_service_model(name, "service-2"), name)
        return self._services[name]

    def operation(self, api: str) -> Operation | None:
        """Returns the model of `service:Action`, or None when there is none."""
        service, action = names.split(api)
        model = self.service(service)
        if model is None or action not in model.operation_names:
            return None
        return model.operation_model(action)

    def need(self, api: str) -> Operation:
        """Returns the model of `service:Action`.

        Raises:
            UnknownApiError: There is none.
        """
        found = self.operation(api)
        if found is None:
            raise UnknownApiError(api, self.nearest(api))
        return found

    def nearest(self, api: str) -> str | None:
        """Returns the existing `service:Action` that is closest to a name, or None."""
        service, action = names.split(api)
        known = service if service in self.services() else names.nearest_service(service, self.services())
        model = self.service(known) if known else None
        if model is None:
            return None
        meant = names.nearest(action, model.operation_names)
        return f"{known}:{meant}" if meant else None

    def waiters(self, service: str) -> Mapping[str, Mapping[str, Any]]:
        """Returns a service's raw waiter configurations by their snake_case names; empty when it has none."""
        if service not in self._waiters:
            self._waiters[service] = self._read_waiters(service)
        return self._waiters[service]

    def _read_waiters(self, service: str) -> dict[str, Mapping[str, Any]]:
        from botocore import xform_name
        from botocore.exceptions import UnknownServiceError

        try:
            raw = self._load().load_service_model(service, "waiters-2")
        except UnknownServiceError:
            return {}
        return {xform_name(name): config for name, config in raw["waiters"].items()}

    def _load(self) -> Any:
        with self._lock:
            if self._loader is None:
                from botocore.loaders import Loader

                self._loader = Loader(
                    extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False
                )
            return self._loader
