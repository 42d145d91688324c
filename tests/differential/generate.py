#!/usr/bin/env python3
"""Writes small random exports for comparing two implementations: the same few callers, operations and instants again and again, so that
hours, spellings, copies and sessions collide as often as possible.

One world is a pool of events and a handful of files; each file takes some of the events in a shape of its own, so one event stands in
several files, spelt as the shape spells it and with what the shape can hold. Equal seeds give equal bytes.
"""
import argparse
import json
import os
import random

SUBSCRIPTIONS = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-22222222ABCD"]
CALLERS = ["ann@x.example", "Ann@x.example", "ANN@X.EXAMPLE", "bob@x.example", "Bob@x.example", "cl\u00e9o@x.example",
           "0b1ec7ed-0000-4000-8000-00000000000A", "", "dee@x.example", "\u212aim@x.example", "=cmd@x.example"]
LIST_KEYS = "Microsoft.Storage/storageAccounts/listKeys/action"
OPERATIONS = [
    "Microsoft.Portal/consoles/write", "Microsoft.Compute/virtualMachines/runCommand/action", "Microsoft.Resources/deployments/write",
    "Microsoft.Resources/tags/write", "Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/locks/delete",
    "Microsoft.Resources/subscriptions/resourceGroups/write", "Microsoft.Storage/storageAccounts/write",
    "Microsoft.Storage/storageAccounts/fileServices/shares/write", "Microsoft.Storage/storageAccounts/blobServices/write",
    "Microsoft.Authorization/policies/audit/action", "Microsoft.Storage/storageAccounts/list\u212aeys/action",
    "Microsoft.Network/vpnGateways/vpnConnections/startPacketCapture/action", "Microsoft.Compute/disks/delete", "",
]
GROUPS = ["cloud-shell-storage-westeurope", "cloud-shell-storage-eastus", "my-cloud-shell-storage", "cloud-shell-storageeu",
          "mycloud-shell-storage", "x_cloud-shell-storage_y", "cloud-shell-storage\u00e9", "prod", "dev-rg", "prod", ""]
APPS = ["", "", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "b677c290-cf4b-4a8e-a60e-91ba650a4abe", "b677c290-cf4b-4a8e-a60e-91ba650a4abe",
        "2233b157-f44d-4812-b777-036cdaf9a96e", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"]
STATUSES = ["Success", "Success", "Success", "Start", "Failure", "Accept", "Active", ""]
REST_WORD = {"Start": "Started", "Success": "Succeeded", "Accept": "Accepted", "Failure": "Failed"}
ADDRESSES = ["192.0.2.1", "198.51.100.2", "2001:db8::A", "2001:DB8::a", ""]
PROPERTIES = ["", "", '{"requestbody":"{\\"Properties\\":{\\"RoleDefinitionId\\":\\"/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635\\"}}"}',
              '{"requestbody":"{\\"properties\\":{\\"allowBlobPublicAccess\\":true}}"}', '{"eventCategory":"Administrative"}']
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"


def spelt(rng, text):
    """Mostly as it is, sometimes in capitals or in small letters."""
    return rng.choice([text, text, text, ascii_case(text, True), ascii_case(text, False)])


def ascii_case(text, upper):
    return "".join((char.upper() if upper else char.lower()) if char.isascii() else char for char in text)


def make_event(rng, callers, hours):
    """Time in ticks since midnight; most near the edge of an hour or of a half-hour session."""
    hour = rng.randrange(0, 30) if rng.random() < 0.1 else rng.choice(hours)
    ticks = hour * 36_000_000_000 + rng.choice([0, 1, -1, 10_000_000, 18_000_000_000, 17_999_999_999, rng.randrange(36_000_000_000)])
    group = rng.choice(GROUPS)
    operation = LIST_KEYS if rng.random() < 0.4 else rng.choice(OPERATIONS)
    if operation == LIST_KEYS and rng.random() < 0.7:
        group = rng.choice(GROUPS[:3])
    subscription = rng.choice(SUBSCRIPTIONS)
    resource = "/subscriptions/%s" % subscription
    if group:
        resource += "/resourceGroups/%s/providers/Microsoft.Storage/storageAccounts/%s" % (group, rng.choice(["cs1", "CS1", "cs2", "prod"]))
    return {"ticks": max(ticks, 0), "caller": rng.choice(callers), "operation": spelt(rng, operation), "status": rng.choice(STATUSES),
            "group": spelt(rng, group),
            "subscription": subscription, "resource": "" if rng.random() < 0.1 else resource, "app": spelt(rng, rng.choice(APPS)),
            "ip": rng.choice(ADDRESSES), "correlation": rng.choice(["", "c1", "C1", "c2", "c3"]),
            "event_id": rng.choice(["", "e1", "E1", "e2"]),
            "category": rng.choice(["Administrative", "Administrative", "Administrative", "Policy"]), "properties": rng.choice(PROPERTIES),
            "no_time": rng.random() < 0.04}


def iso(rng, ticks):
    """The instant with no more digits than needed, or all of them, or more; in UTC or with an offset."""
    offset = rng.choice([0, 0, 0, 0, 330, -300])
    shifted = max(ticks + offset * 600_000_000, 0)
    if ticks + offset * 600_000_000 < 0:
        offset, shifted = 0, ticks
    seconds, fraction = divmod(shifted, 10_000_000)
    day, seconds = divmod(seconds, 86_400)
    text = "2026-03-%02dT%02d:%02d:%02d" % (14 + day, seconds // 3600, seconds // 60 % 60, seconds % 60)
    digits = "%07d" % fraction
    short = digits.rstrip("0")
    digits = rng.choice([short, digits, digits + "9"])
    text += "." + digits if digits else ""
    if offset:
        return text + "%s%02d:%02d" % ("-" if offset < 0 else "+", abs(offset) // 60, abs(offset) % 60)
    return text + rng.choice(["Z", "Z", "Z", "+00:00"])


def american(ticks, offset_minutes):
    """As a browser in en-US prints it: milliseconds, the rest is lost."""
    seconds, fraction = divmod(ticks + offset_minutes * 600_000_000, 10_000_000)
    day, seconds = divmod(seconds, 86_400)
    hour = seconds // 3600
    return "3/%d/2026, %d:%02d:%02d.%03d %s" % (14 + day, hour % 12 or 12, seconds // 60 % 60, seconds % 60, fraction // 10_000,
                                                 "AM" if hour < 12 else "PM")


def time_text(rng, event, write):
    return rng.choice([None, "", "n/a"]) if event["no_time"] else write(event["ticks"])


def rest_record(rng, event):
    word = REST_WORD.get(event["status"], event["status"])
    record = {"eventTimestamp": time_text(rng, event, lambda ticks: iso(rng, ticks)), "caller": event["caller"],
              "operationName": {"value": event["operation"], "localizedValue": "for people"} if rng.random() < 0.9 else event["operation"],
              "status": {"value": word, "localizedValue": word}, "correlationId": event["correlation"], "eventDataId": event["event_id"],
              "category": {"value": event["category"]}, "subscriptionId": event["subscription"],
              rng.choice(["resourceId", "resourceUri"]): event["resource"],
              rng.choice(["resourceGroupName", "resourceGroup"]): event["group"],
              "claims": {"appid": event["app"], OBJECT_ID: "an-object"} if event["app"] else None,
              "httpRequest": {"clientIpAddress": event["ip"]} if event["ip"] else None}
    if event["properties"]:
        record["properties"] = json.loads(event["properties"])
    return shuffled(rng, record)


def diagnostic_record(rng, event):
    claims = {UPN: event["caller"]} if event["caller"] else {}
    if event["app"] and event["caller"]:
        claims["appid"] = event["app"]
    record = {"time": time_text(rng, event, lambda ticks: iso(rng, ticks)), "operationName": event["operation"],
              "resourceId": event["resource"], "resultType": event["status"], "category": event["category"], "callerIpAddress": event["ip"],
              "correlationId": event["correlation"], "identity": {"claims": claims}}
    if event["properties"]:
        record["properties"] = json.loads(event["properties"]) if rng.random() < 0.5 else event["properties"]
    return shuffled(rng, record)


def row(rng, event, write, legacy):
    word = REST_WORD.get(event["status"], event["status"]) if legacy else event["status"]
    return {"TimeGenerated": time_text(rng, event, write), "Caller": event["caller"], "OperationNameValue": event["operation"],
            "ActivityStatusValue": word, "ResourceGroup": event["group"], "CallerIpAddress": event["ip"],
            "Claims": json.dumps({"appid": event["app"]}) if event["app"] else "", "CorrelationId": event["correlation"],
            "EventDataId": event["event_id"], "CategoryValue": event["category"], "SubscriptionId": event["subscription"],
            "_ResourceId": event["resource"], "Properties": event["properties"]}


def shuffled(rng, record):
    keys = list(record)
    rng.shuffle(keys)
    return {key: record[key] for key in keys}


def dump(rng, value):
    return json.dumps(value, ensure_ascii=rng.random() < 0.5, separators=rng.choice([(",", ":"), (", ", ": ")]))


def rest_file(rng, events):
    records = [rest_record(rng, event) for event in events]
    form = rng.randrange(5)
    if form == 0:
        return json.dumps(records, ensure_ascii=False, indent=rng.choice([1, 2, 4]))
    if form == 1:
        return dump(rng, records)
    if form == 2:
        return dump(rng, {"value": records, "nextLink": "https://management.azure.com/x"})
    if form == 3:
        half = len(records) // 2
        pages = [{"value": records[:half], "nextLink": "x"}, {"value": records[half:]}]
        return dump(rng, pages) if rng.random() < 0.5 else dump(rng, pages[0]) + "\n" + json.dumps(pages[1], indent=2)
    return rng.choice(["\n", "", "\r\n"]).join(json.dumps(record, indent=rng.choice([None, 2])) for record in records)


def json_lines(rng, records):
    """Lines, sometimes with a BOM, CRLF, blank lines, no line end after the last, a line that is no JSON, or a last one cut off."""
    lines = [dump(rng, record).encode("utf-8") for record in records]
    if rng.random() < 0.2 and lines:
        lines.insert(rng.randrange(len(lines) + 1), rng.choice([b"{bad}", b'{"a": [1,,2]}', b'{"time": "\xff"}', b""]))
    if rng.random() < 0.1 and lines:
        lines.append(lines[0][:len(lines[0]) // 2])
    end = rng.choice([b"\n", b"\n", b"\r\n"])
    return (b"\xef\xbb\xbf" if rng.random() < 0.2 else b"") + end.join(lines) + rng.choice([b"", end])


def diagnostic_file(rng, events):
    records = [diagnostic_record(rng, event) for event in events]
    if rng.random() < 0.3:
        sign_in = {"time": "2026-03-14T09:00:00Z", "category": "SignInLogs", "operationName": "Sign-in activity",
                   "resourceId": "/tenants/t", "identity": "Someone"}
        records.insert(rng.randrange(len(records) + 1), sign_in)
    form = rng.randrange(4)
    if form == 0:
        return dump(rng, {"records": records})
    if form == 1:
        return json_lines(rng, [{"records": records[at:at + 3]} for at in range(0, len(records), 3)])
    if form == 2:
        return dump(rng, [{"records": records[at:at + 2]} for at in range(0, len(records), 2)])
    return json_lines(rng, records)


DROPPED = ["Claims", "Claims", "EventDataId", "ResourceGroup", "ActivityStatusValue", "Caller", "CallerIpAddress", "Properties"]


def json_row_file(rng, events):
    legacy, dropped = rng.random() < 0.3, rng.choice(DROPPED) if rng.random() < 0.3 else None
    records = []
    for event in events:
        record = row(rng, event, lambda ticks: iso(rng, ticks), legacy)
        if record["Claims"] and rng.random() < 0.5:
            claims = record.pop("Claims")
            record[rng.choice(["Claims", "Claims_d"])] = json.loads(claims) if rng.random() < 0.5 else claims
        record.pop(dropped, None)
        if dropped == "ResourceGroup":
            record.pop("_ResourceId")
        records.append(shuffled(rng, record))
    return json_lines(rng, records) if rng.random() < 0.7 else dump(rng, records)


def quoted(rng, text):
    if any(char in text for char in ',"\r\n') or rng.random() < 0.3:
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_file(rng, events, local):
    legacy = rng.random() < 0.3
    us_times = local or rng.random() < 0.5
    offset = 330 if local else 0
    write = (lambda ticks: american(ticks, offset)) if us_times else (lambda ticks: iso(rng, ticks))
    name = "TimeGenerated [Local Time]" if local else rng.choice(["TimeGenerated", "TimeGenerated [UTC]"])
    columns = ["TimeGenerated", "Caller", "OperationNameValue", "ActivityStatusValue", "ResourceGroup", "CallerIpAddress", "Claims",
               "CorrelationId", "EventDataId", "CategoryValue", "SubscriptionId", "_ResourceId", "Properties"]
    rng.shuffle(columns)
    if rng.random() < 0.3:
        dropped = rng.choice(DROPPED)
        columns.remove(dropped)
        if dropped == "ResourceGroup":
            columns.remove("_ResourceId")
    end = rng.choice(["\n", "\r\n"])
    lines = [",".join(quoted(rng, name if column == "TimeGenerated" else column) for column in columns)]
    for event in events:
        record = row(rng, event, write, legacy)
        if record["Claims"] and rng.random() < 0.3:
            record["Claims"] = record["Claims"].replace("{", "{" + end + "  ")
        lines.append(",".join(quoted(rng, record[column] or "") for column in columns))
        if rng.random() < 0.03:
            lines.append("one,two")
    return ("\ufeff" if rng.random() < 0.2 else "") + end.join(lines) + rng.choice(["", end])


def world(rng):
    """Files as (name, bytes) and the settings for hunting in them."""
    callers = rng.sample(CALLERS, rng.randrange(1, 4))
    first_hour = rng.randrange(0, 28)
    hours = range(first_hour, first_hour + rng.randrange(1, 4))
    pool = [make_event(rng, callers, hours) for _ in range(rng.randrange(2, 26))]
    files = []
    for number in range(rng.randrange(1, 5)):
        events = rng.sample(pool, rng.randrange(1, len(pool) + 1))
        if rng.random() < 0.2:
            events += rng.sample(events, 1)
        shape = rng.choice(["rest", "diagnostic", "rows_json", "rows_csv", "rows_csv_local"])
        data = {"rest": rest_file, "diagnostic": diagnostic_file, "rows_json": json_row_file, "rows_csv": lambda *a: csv_file(*a, False),
                "rows_csv_local": lambda *a: csv_file(*a, True)}[shape](rng, events)
        files.append(("%d-%s" % (number, shape), data if isinstance(data, bytes) else data.encode("utf-8")))
    settings = {"window": rng.choice(["1h", "1h", "30m", "2h", "10m0.0000001s"]),
                "look_back": rng.choice(["none", "none", "1h", "1d", "30m"]),
                "as_of": rng.choice(["newest", "newest", "2026-03-14T12:30:00.5Z"]),
                "succeeded_is_success": rng.choice(["on", "on", "off"]), "local_offset": "+05:30"}
    return files, settings


def write_world(folder, seed, number):
    """Writes world `number` of `seed` to `folder`; gives the paths and the settings."""
    os.makedirs(folder, exist_ok=True)
    files, settings = world(random.Random("%d/%d" % (seed, number)))
    paths = []
    for name, data in files:
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "wb") as file:
            file.write(data)
    return paths, settings


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10, help="how many worlds")
    parser.add_argument("folder")
    given = parser.parse_args()
    for number in range(given.count):
        folder = os.path.join(given.folder, "%d-%d" % (given.seed, number))
        _, settings = write_world(folder, given.seed, number)
        print(folder, json.dumps(settings))


if __name__ == "__main__":
    main()
