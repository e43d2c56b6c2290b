"""Route 53: record changes are refused where AWS refuses them, and a DNS answer can be tested."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from operations.drill.patches.support import Method, answer, put, refusal, wrap
from operations.drill.world import World

_WEIGHT_LIMIT = 255
"""Largest weight of a record (Route 53 API Reference, ResourceRecordSet)."""


def apply(_world: World) -> None:
    """Make ChangeResourceRecordSets strict, and answer TestDNSAnswer."""
    from moto.route53 import models, responses, urls

    put(models.Route53Backend, "change_resource_record_sets", change)
    put(responses.Route53, "test_dns_answer", _test_dns_answer)
    wrap(responses.Route53, "change_resource_record_sets", _own_change_id)
    urls.url_paths[r"{0}/(?P<api_version>[\d_-]+)/testdnsanswer/?$"] = responses.Route53.dispatch


def change(self: Any, zoneid: str, change_list: list[dict[str, Any]]) -> None:
    """Carry out a batch of record changes, all or none.

    Raises:
        ServiceException: `InvalidChangeBatch` with every reason why not.
    """
    from moto.route53 import models

    make: Any = models.RecordSet
    zone = self.get_hosted_zone(zoneid)
    records = list(zone.rrsets)
    problems: list[str] = []
    for item in change_list:
        wanted = _flat(item["ResourceRecordSet"])
        problem = _problem(item["Action"], wanted, records, zone.name)
        if problem:
            problems.append(f"[{problem}]")
            continue
        records = [record for record in records if not _same_place(record, wanted)]
        if item["Action"] != "DELETE":
            records.append(make(wanted))
    if problems:
        raise refusal("InvalidChangeBatch", ", ".join(problems))
    zone.rrsets = records


def _flat(wanted: dict[str, Any]) -> dict[str, Any]:
    """A record set as moto keeps it: with a final dot, its values as plain text."""
    flat = dict(wanted)
    flat["Name"] = wanted["Name"].lower().rstrip(".") + "."
    if "ResourceRecords" in flat:
        flat["ResourceRecords"] = [
            item["Value"] if isinstance(item, dict) else item for item in flat["ResourceRecords"]
        ]
    return flat


def _same_place(record: Any, wanted: dict[str, Any]) -> bool:
    place = (wanted["Name"], wanted["Type"], wanted.get("SetIdentifier"))
    return (record.name, record.type, record.set_identifier) == place


def _problem(action: str, wanted: dict[str, Any], records: Iterable[Any], zone: str) -> str:
    """Why a change is not possible; empty when it is."""
    name = f"name='{wanted['Name']}', type='{wanted['Type']}'"
    named = name + (f", set identifier='{wanted['SetIdentifier']}'" if wanted.get("SetIdentifier") else "")
    records = list(records)
    present = next((record for record in records if _same_place(record, wanted)), None)
    if not f".{wanted['Name']}".endswith("." + zone.rstrip(".") + "."):
        return f"RRSet with DNS name {wanted['Name']} is not permitted in zone {zone}"
    if not 0 <= int(wanted.get("Weight") or 0) <= _WEIGHT_LIMIT:
        return f"Invalid weight {wanted['Weight']}: it must be between 0 and {_WEIGHT_LIMIT}"
    if action == "DELETE":
        if present is None:
            return f"Tried to delete resource record set [{named}] but it was not found"
        return (
            ""
            if _same_values(present, wanted)
            else f"Tried to delete resource record set [{named}] but the values provided do not match the current values"
        )
    if action == "CREATE" and present is not None:
        return f"Tried to create resource record set [{named}] but it already exists"
    return _mixture(wanted, records, name)


def _mixture(wanted: dict[str, Any], records: list[Any], name: str) -> str:
    """A plain record beside a weighted one of the same name, or a CNAME beside anything, is impossible."""
    simple = not wanted.get("SetIdentifier")
    for record in records:
        if record.name != wanted["Name"] or _same_place(record, wanted):
            continue
        if record.type == wanted["Type"] and (simple or not record.set_identifier):
            return (
                f"RRSet [{name}] conflicts with another RRSet: one has a set identifier and the other has not"
            )
        if "CNAME" in (record.type, wanted["Type"]) and record.type != wanted["Type"]:
            return f"RRSet of type {wanted['Type']} with DNS name {wanted['Name']} is not permitted as it conflicts with other records with the same DNS name"
    return ""


def _same_values(record: Any, wanted: dict[str, Any]) -> bool:
    from moto.route53 import models

    make: Any = models.RecordSet
    other = make(wanted)
    return all(
        _comparable(record, name) == _comparable(other, name)
        for name in ("ttl", "weight", "records", "alias_target")
    )


def _comparable(record: Any, name: str) -> Any:
    value = getattr(record, name)
    if name == "alias_target" and value:
        return (
            value["HostedZoneId"],
            value["DNSName"].lower().rstrip("."),
            str(value["EvaluateTargetHealth"]).lower(),
        )
    if name == "records":
        return sorted(value or [])
    return None if value is None else str(value)


def _own_change_id(original: Method) -> Method:
    """Every change has an id of its own."""

    def change_resource_record_sets(self: Any) -> Any:
        from moto.moto_api._internal import mock_random

        changed = original(self)
        changed.result["ChangeInfo"]["Id"] = f"/change/C{mock_random.get_random_hex(13).upper()}"
        return changed

    return change_resource_record_sets


def _test_dns_answer(self: Any) -> Any:
    zone = self.backend.get_hosted_zone(self._get_param("HostedZoneId").split("/")[-1])
    name = self._get_param("RecordName").lower().rstrip(".") + "."
    kind = self._get_param("RecordType")
    found = [record for record in zone.rrsets if record.name == name and record.type == kind]
    weighed = [record for record in found if int(record.weight or 0) > 0] or found
    data = [
        value
        for record in weighed[:1]
        for value in (record.records or [(record.alias_target or {}).get("DNSName", "")])
    ]
    return answer(
        {
            "Nameserver": zone.delegation_set.name_servers[0] if zone.delegation_set else "",
            "RecordName": name,
            "RecordType": kind,
            "RecordData": data,
            "ResponseCode": "NOERROR" if found else "NXDOMAIN",
            "Protocol": "UDP",
        }
    )
