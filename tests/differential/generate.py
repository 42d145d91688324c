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
# Operations as the portal and newer Az.Monitor name them; the others stand as they are.
NAMES = {LIST_KEYS: "List Storage Account Keys", "Microsoft.Compute/virtualMachines/runCommand/action": "Run Command on Virtual Machine",
         "Microsoft.Resources/deployments/write": "Create Deployment",
         "Microsoft.Authorization/roleAssignments/write": "Create role assignment"}
SOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
UPN = SOAP + "upn"
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


def civil(ticks, offset_minutes=0):
    """Day of March, hour, minute, second, milliseconds: what a browser prints; the rest is lost."""
    seconds, fraction = divmod(ticks + offset_minutes * 600_000_000, 10_000_000)
    day, seconds = divmod(seconds, 86_400)
    return 14 + day, seconds // 3600, seconds // 60 % 60, seconds % 60, fraction // 10_000


def milliseconds(ticks):
    return "2026-03-%02dT%02d:%02d:%02d.%03d" % civil(ticks)


def kibana(ticks, offset_minutes):
    return "Mar %d, 2026 @ %02d:%02d:%02d.%03d" % civil(ticks, offset_minutes)


MIDNIGHT = 1_773_446_400  # 2026-03-14T00:00Z in seconds since 1970


def epoch(ticks, unit):
    size = {"s": 10_000_000, "ms": 10_000, "us": 10}.get(unit)
    ticks += MIDNIGHT * 10_000_000
    return ticks // size if size else ticks * 100


def dot_net(ticks):
    return "/Date(%d)/" % epoch(ticks, "ms")


def pandas_time(ticks):
    text = milliseconds(ticks).replace("T", " ")[:-4]
    micros = ticks % 10_000_000 // 10
    return text + (".%06d" % micros if micros else "") + "+00:00"


def twelve(hour):
    return (hour + 11) % 12 + 1


# Dates as browsers of several languages print them.
LOCALES = [
    lambda d, h, m, s, f: "%02d/03/2026, %02d:%02d:%02d.%03d" % (d, h, m, s, f),                                          # en-GB
    lambda d, h, m, s, f: "3/%d/2026, %d:%02d:%02d.%03d\u202f%s" % (d, twelve(h), m, s, f, "PM" if h > 11 else "AM"),     # en-US
    lambda d, h, m, s, f: "%02d/03/2026, %02d:%02d:%02d.%03d\u202f%s" % (d, twelve(h), m, s, f, "pm" if h > 11 else "am"),  # en-AU
    lambda d, h, m, s, f: "2026-03-%02d, %d:%02d:%02d.%03d\u202f%s" % (d, twelve(h), m, s, f, "p.m." if h > 11 else "a.m."),  # en-CA
    lambda d, h, m, s, f: "2026/03/%02d, %02d:%02d:%02d,%03d" % (d, h, m, s, f),                                          # en-ZA
    lambda d, h, m, s, f: "%d.3.2026, %02d:%02d:%02d,%03d" % (d, h, m, s, f),                                             # de-DE
    lambda d, h, m, s, f: "2026-03-%02d %02d h %02d min %02d,%03d s" % (d, h, m, s, f),                                   # fr-CA
    lambda d, h, m, s, f: "%d-3-2026, %02d:%02d:%02d,%03d" % (d, h, m, s, f),                                             # nl-NL
    lambda d, h, m, s, f: "%d.3.2026 klo %d.%02d.%02d,%03d" % (d, h, m, s, f),                                            # fi-FI
    lambda d, h, m, s, f: "%d. 3. 2026 %d:%02d:%02d,%03d" % (d, h, m, s, f),                                              # cs-CZ
    lambda d, h, m, s, f: "2026. 03. %02d. %d:%02d:%02d,%03d" % (d, h, m, s, f),                                          # hu-HU
    lambda d, h, m, s, f: "2026. 3. %d. %s %d:%02d:%02d.%03d" % (d, "PM" if h > 11 else "AM", twelve(h), m, s, f),         # ko-KR
    lambda d, h, m, s, f: "2026/3/%d\u2009%s\u5348%d:%02d:%02d.%03d" % (d, "\u4e0b" if h > 11 else "\u4e0a", twelve(h), m, s, f),    # zh-TW
    lambda d, h, m, s, f: "%d/3/2026, %d:%02d:%02d,%03d %s.\u03bc." % (d, twelve(h), m, s, f, "\u03bc" if h > 11 else "\u03c0"),     # el-GR
    lambda d, h, m, s, f: "%d/3/2026, %02d.%02d.%02d,%03d" % (d, h, m, s, f),                                             # id-ID
]


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
    form = rng.randrange(5)
    if form == 4:  # messages whose body is the record itself
        bodies = [dict(rng.choice([{}, {"sequenceNumber": 1}]), body=record) for record in records]
        return dump(rng, bodies) if rng.random() < 0.5 else json_lines(rng, bodies)
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


def quoted(rng, text, delimiter=","):
    if any(char in text for char in delimiter + '"\r\n') or rng.random() < 0.3:
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


def mixed_case_file(rng, events):
    """Keys in Pascal and camel case mixed, an object a line, as one forensic collector writes them."""
    records = [{key[0].upper() + key[1:] if rng.random() < 0.4 else key: value for key, value in rest_record(rng, event).items()}
               for event in events]
    return json_lines(rng, records)


def powershell_record(rng, event, named, dates):
    """Az.Monitor 3.0.0 and later name an operation for people, and the name of the provider stands elsewhere; before it stood in Value."""
    word = REST_WORD.get(event["status"], event["status"])
    spoken = NAMES.get(event["operation"], event["operation"])
    local = (lambda text: text) if named else (lambda text: {"Value": text, "LocalizedValue": "for people"})
    claims = {"appid": event["app"], OBJECT_ID: "an-object"} if event["app"] else {"ver": "1.0"}
    properties = json.loads(event["properties"] or "{}")
    where = rng.choice(["action", "message", "name"]) if named and event["operation"] in NAMES else rng.choice(["action", "message"])
    if where == "message":
        properties["message"] = event["operation"]
    record = {"Authorization": {"Scope": "/", "Action": event["operation"] if where == "action" else None, "Role": None},
              "Caller": event["caller"], "Claims": {"Content": claims}, "Properties": {"Content": properties},
              "CorrelationId": event["correlation"], "EventDataId": event["event_id"], "Category": local(event["category"]),
              "EventTimestamp": time_text(rng, event, (lambda ticks: dot_net(ticks)) if dates else (lambda ticks: iso(rng, ticks))),
              "OperationName": spoken if named else local(event["operation"]), "Status": local(word),
              "ResourceGroupName": event["group"], "ResourceId": event["resource"], "SubscriptionId": event["subscription"],
              "HttpRequest": {"ClientId": "1", "ClientIpAddress": event["ip"], "Method": "POST", "Url": None} if event["ip"] else None}
    return shuffled(rng, record)


def powershell_file(rng, events):
    named, dates = rng.random() < 0.5, rng.random() < 0.5
    records = [powershell_record(rng, event, named, dates) for event in events]
    if len(records) == 1 and rng.random() < 0.5:
        records = records[0]
    elif rng.random() < 0.2:
        records = {"value": records, "Count": len(records)}
    text = json.dumps(records, ensure_ascii=rng.random() < 0.5, indent=rng.choice([2, 4]))
    if dates:
        text = text.replace('"/Date(', '"\\/Date(').replace(')/"', ')\\/"')
    return rng.choice(["", "\ufeff"]) + (text.replace("\n", "\r\n") if rng.random() < 0.5 else text)


def goose_file(rng, events):
    def record(event):
        word = REST_WORD.get(event["status"], event["status"])
        claims = {"appid": event["app"]} if event["app"] else None
        return shuffled(rng, {
            "event_timestamp": time_text(rng, event, lambda ticks: iso(rng, ticks)), "caller": event["caller"], "claims": claims,
            "operation_name": {"value": event["operation"], "localized_value": "for people"}, "status": {"value": word},
            "category": {"value": event["category"]}, "correlation_id": event["correlation"], "event_data_id": event["event_id"],
            "resource_group_name": event["group"], "resource_id": event["resource"], "subscription_id": event["subscription"],
            "http_request": {"client_ip_address": event["ip"]} if event["ip"] else None,
            "properties": json.loads(event["properties"] or "{}")})
    return json_lines(rng, [record(event) for event in events])


def elastic_record(rng, event, when):
    """Caller in one of its places; without a caller no app id either, or that would name one."""
    claims, record = {}, {"@timestamp": when, "ecs": {"version": "8.11.0"}, "user": {"name": "a part of it"}}
    log = {"operation_name": event["operation"], "result_type": event["status"], "category": event["category"],
           "identity": {"claims": claims}}
    if event["app"] and event["caller"]:
        claims["appid"] = event["app"]
    if event["caller"]:
        place = rng.choice(["initiated", "upn", "email"] if "appid" not in claims else ["initiated", "upn"])
        if place == "initiated":
            log["identity"]["claims_initiated_by_user"] = {"name": event["caller"], "schema": "http://schemas.xmlsoap.org"}
        elif place == "upn":
            claims[UPN.replace(".", "_")] = event["caller"]
        else:
            record["user"]["email"] = event["caller"]
    if event["status"] in ("Success", "Failure") and rng.random() < 0.3:
        log["result_type"] = rng.choice(["", log["result_type"]])
        record["event"] = {"outcome": event["status"].lower(), "kind": "event"}
    record["azure"] = {"activitylogs": log, "correlation_id": event["correlation"], "subscription_id": event["subscription"],
                       "resource": {"id": event["resource"], "group": event["group"]}}
    if event["ip"]:
        record["source"] = {"ip": event["ip"]}
    return shuffled(rng, record)


def flattened(value, before=""):
    cells = {}
    for key, inner in value.items():
        cells.update(flattened(inner, before + key + ".") if isinstance(inner, dict) else {before + key: inner})
    return cells


def table_text(rng, records, delimiter=","):
    """Records as CSV under all the columns that any of them has."""
    columns = list(dict.fromkeys(key for record in records for key in record))
    rng.shuffle(columns)
    end = rng.choice(["\n", "\r\n"])
    lines = [delimiter.join(quoted(rng, column, delimiter) for column in columns)]
    lines += [delimiter.join(quoted(rng, "" if record.get(column) is None else str(record[column]), delimiter) for column in columns)
              for record in records]
    return end.join(lines) + rng.choice(["", end])


def elastic_file(rng, events):
    if rng.random() < 0.3:  # Discover's CSV, dates in the browser's zone
        return table_text(rng, [flattened(elastic_record(rng, event, time_text(rng, event, lambda ticks: kibana(ticks, 330))))
                                for event in events])
    records = [elastic_record(rng, event, time_text(rng, event, lambda ticks: iso(rng, ticks))) for event in events]
    form = rng.randrange(3)
    if form == 0:
        return json_lines(rng, records)
    hits = [{"_index": "logs", "_id": str(number), "_source": record, "sort": [1]} for number, record in enumerate(records)]
    if form == 1:
        return json_lines(rng, hits)
    answer = {"took": 1, "_shards": {"total": 1}, "hits": {"total": {"value": len(hits), "relation": "eq"}, "hits": hits}}
    return json.dumps(answer, indent=rng.choice([None, 2]))


def splunk_file(rng, events):
    """_raw holds the record as it arrived; else its fields are columns with dotted names."""
    write = rng.choice([rest_record, diagnostic_record])
    records = [write(rng, event) for event in events]
    form = rng.randrange(4)
    if form == 0:
        for record in records:
            record.pop("properties", None)
        return table_text(rng, [dict(flattened(record), _time="x", sourcetype="azure") for record in records])
    results = [shuffled(rng, {"_time": "2026-03-14 09:00:00.000 UTC", "_raw": dump(rng, record), "host": "h"}) for record in records]
    if form == 1:
        return json_lines(rng, [{"preview": False, "offset": number, "result": result} for number, result in enumerate(results)])
    if form == 2:
        return dump(rng, {"preview": False, "messages": [], "results": results})
    return table_text(rng, results)


ROW_COLUMNS = ["TimeGenerated", "Caller", "OperationNameValue", "ActivityStatusValue", "ResourceGroup", "CallerIpAddress", "Claims",
               "CorrelationId", "EventDataId", "CategoryValue", "SubscriptionId", "_ResourceId", "Properties"]
OTHER_TABLE = {"TableName": "Other", "Columns": [{"ColumnName": "Key", "ColumnType": "string"}], "Rows": [["Visualization"], [None]]}


def listed(rng, events, write):
    """Columns in some order, maybe one fewer, and the rows."""
    legacy, columns = rng.random() < 0.3, list(ROW_COLUMNS)
    rng.shuffle(columns)
    if rng.random() < 0.2:
        columns.remove(rng.choice(["Claims", "EventDataId", "ActivityStatusValue", "Caller", "Properties"]))
    records = [row(rng, event, write, legacy) for event in events]
    return columns, [[record[column] for column in columns] for record in records]


def query_answer_file(rng, events):
    columns, rows = listed(rng, events, lambda ticks: iso(rng, ticks))
    half = rng.randrange(len(rows) + 1)
    form = rng.randrange(7)
    if form == 0:
        answer = {"tables": [{"name": "PrimaryResult", "columns": [{"name": name, "type": "string"} for name in columns], "rows": rows}]}
    elif form == 1:
        tables = [{"name": "PrimaryResult", "columns": [{"name": name} for name in columns], "rows": part}
                  for part in (rows[:half], rows[half:])]
        answer = {"responses": [{"id": str(number), "status": 200, "body": {"tables": [table]}} for number, table in enumerate(tables)]}
    elif form == 2:
        answer = [dict(sorted(dict(zip(columns, cells), TableName="PrimaryResult").items())) for cells in rows]
    elif form == 3:
        first = {"TableName": "Table_0", "Columns": [{"ColumnName": name, "DataType": "String"} for name in columns], "Rows": rows}
        answer = {"Tables": [first, OTHER_TABLE]}
    elif form == 4:
        answer = [{"FrameType": "DataSetHeader", "Version": "v2.0"}, dict(OTHER_TABLE, FrameType="DataTable", TableId=0),
                  {"FrameType": "DataTable", "TableId": 1, "TableKind": "PrimaryResult",
                   "Columns": [{"ColumnName": name} for name in columns], "Rows": rows},
                  {"FrameType": "DataSetCompletion", "HasErrors": False}]
    elif form == 5:
        parts = [("DataAppend", rows[:half]), ("DataAppend", rows[half:])]
        if rng.random() < 0.4:  # sent anew
            parts = [("DataAppend", rng.sample(rows, half)), ("DataReplace", rows)]
        answer = [{"FrameType": "DataSetHeader", "IsProgressive": True, "Version": "v2.0"},
                  {"FrameType": "TableHeader", "TableId": 1, "TableKind": "PrimaryResult",
                   "Columns": [{"ColumnName": name} for name in columns]}]
        answer += [{"FrameType": "TableFragment", "TableId": 1, "TableFragmentType": kind, "Rows": part} for kind, part in parts]
        answer += [{"FrameType": "TableCompletion", "TableId": 1}, {"FrameType": "DataSetCompletion", "HasErrors": False}]
    else:
        spelt_keys = rng.choice([("Schema", "Results", "Name"), ("schema", "results", "name")])
        answer = {spelt_keys[0]: [{spelt_keys[2]: name, "Type": "String"} for name in columns],
                  spelt_keys[1]: [dict(zip(columns, cells)) for cells in rows]}
    return json.dumps(answer, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, None, 1, 2]))


def pandas_file(rng, events):
    form, unit = rng.randrange(5), rng.choice(["s", "ms", "us", "ns"])
    if form == 4:
        columns, rows = listed(rng, events, pandas_time)
        records = [dict(zip([""] + columns, [number] + cells)) for number, cells in enumerate(rows)]
        return table_text(rng, records)
    columns, rows = listed(rng, events, lambda ticks: epoch(ticks, unit))
    if form == 2:
        return dump(rng, {"columns": columns, "index": list(range(len(rows))), "data": rows})
    records = [dict(zip(columns, cells)) for cells in rows]
    if form == 0:
        return dump(rng, records).replace("/", "\\/")
    if form == 1:
        return json_lines(rng, records)
    return dump(rng, {"schema": {"fields": [{"name": name, "type": "string"} for name in columns], "pandas_version": "1.4.0"},
                      "data": [dict({"index": number}, **record) for number, record in enumerate(records)]})


def portal_file(rng, events):
    records = [{"Correlation id": event["correlation"], "Operation name": NAMES.get(event["operation"], event["operation"]),
                "Status": REST_WORD.get(event["status"], event["status"]), "Event category": event["category"], "Level": "Informational",
                "Time": time_text(rng, event, lambda ticks: milliseconds(ticks) + "Z"), "Subscription": event["subscription"],
                "Event initiated by": event["caller"], "Resource type": "x/y", "Resource group": event["group"],
                "Resource": event["resource"]}
               for event in events]
    return table_text(rng, records)


def spreadsheet_file(rng, events):
    """Saved again by a spreadsheet: semicolons, minutes, and dates whose order has to be found out; before the 13th nothing proves it
    but a row that was put in."""
    back, day_first = rng.choice([0, 10]), rng.random() < 0.5

    def write(ticks):
        day, hour, minute = (ticks // 864_000_000_000, ticks // 36_000_000_000 % 24, ticks // 600_000_000 % 60)
        day += 14 - back
        return ("%02d/%02d/2026 %02d:%02d" % ((day, 3, hour, minute) if day_first else (3, day, hour, minute)))
    columns, rows = listed(rng, events, write)
    head = rng.choice(["TimeGenerated [UTC]", "TimeGenerated [Local Time]"])
    records = [{head if name == "TimeGenerated" else name: cell for name, cell in zip(columns, cells)} for cells in rows]
    if back and rng.random() < 0.4:
        records.insert(rng.randrange(len(records) + 1), dict(records[0], **{head: rng.choice(["20/03/2026 10:00", "03/20/2026 10:00"])}))
    return rng.choice(["", "\ufeff"]) + table_text(rng, records, ";")


def locale_file(rng, events):
    offset, write = rng.choice([0, 330]), rng.choice(LOCALES)
    columns, rows = listed(rng, events, lambda ticks: write(*civil(ticks, offset)))
    head = "TimeGenerated [Local Time]" if offset else "TimeGenerated [UTC]"
    return table_text(rng, [{head if name == "TimeGenerated" else name: cell for name, cell in zip(columns, cells)} for cells in rows])


# Zones, and the nights on which they put their clocks forward or back.
NIGHTS = {"Europe/Berlin": ("2025-10-26", "2026-03-29"), "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
          "America/New_York": ("2026-03-08", "2025-11-02"), "Asia/Kolkata": ()}


def clock_change_file(rng, events, zone="Europe/Berlin"):
    """Local times around a change of the clocks, whatever the events' own: some name two instants, some none."""
    night = rng.choice(NIGHTS[zone])

    def write(_):
        return "%s %02d:%02d:%02d" % (night, rng.choice([1, 1, 2, 2, 3]), rng.choice([0, 15, 29, 30, 59]), rng.choice([0, 59]))
    columns, rows = listed(rng, events, write)
    head = rng.choice(["TimeGenerated", "TimeGenerated [Local Time]"])
    return table_text(rng, [{head if name == "TimeGenerated" else name: cell for name, cell in zip(columns, cells)} for cells in rows])


SHAPES = {"rest": rest_file, "diagnostic": diagnostic_file, "rows_json": json_row_file,
          "rows_csv": lambda rng, events: csv_file(rng, events, False),
          "rows_csv_local": lambda rng, events: csv_file(rng, events, True), "mixed_case": mixed_case_file, "powershell": powershell_file,
          "goose": goose_file, "elastic": elastic_file, "splunk": splunk_file, "query_answer": query_answer_file, "pandas": pandas_file,
          "portal": portal_file, "spreadsheet": spreadsheet_file, "locale": locale_file, "clock_change": clock_change_file}


def world(rng):
    """Files as (name, bytes) and the settings for hunting in them."""
    callers = rng.sample(CALLERS, rng.randrange(1, 4))
    first_hour = rng.randrange(0, 28)
    hours = range(first_hour, first_hour + rng.randrange(1, 4))
    pool = [make_event(rng, callers, hours) for _ in range(rng.randrange(2, 26))]
    files = []
    zone = rng.choice(["+05:30", "+05:30"] + list(NIGHTS))
    for number in range(rng.randrange(1, 5)):
        events = rng.sample(pool, rng.randrange(1, len(pool) + 1))
        if rng.random() < 0.2:
            events += rng.sample(events, 1)
        shape = rng.choice(list(SHAPES))
        data = SHAPES[shape](rng, events)
        if isinstance(data, str) and rng.random() < 0.1:  # as Windows PowerShell's '>' writes it
            data = "\ufeff%s" % data.lstrip("\ufeff")
            data = data.encode(rng.choice(["utf-16-le", "utf-16-be"]), "surrogatepass")
        files.append(("%d-%s" % (number, shape), data if isinstance(data, bytes) else data.encode("utf-8")))
    if NIGHTS.get(zone) and rng.random() < 0.5:
        files.append(("9-clock_change", clock_change_file(rng, pool, zone).encode("utf-8")))
    settings = {"window": rng.choice(["1h", "1h", "30m", "2h", "10m0.0000001s"]),
                "look_back": rng.choice(["none", "none", "1h", "1d", "30m"]),
                "as_of": rng.choice(["newest", "newest", "2026-03-14T12:30:00.5Z"]),
                "succeeded_is_success": rng.choice(["on", "on", "off"]), "local_zone": zone,
                "date_order": rng.choice(["auto", "auto", "day-first", "month-first"])}
    return files, settings


def claims_of(rng, event):
    """The caller in one of the claims that name one, sometimes dressed in what is taken off again; the app id may be all there is."""
    claims = {"appid": event["app"]} if event["app"] else {}
    if event["caller"]:
        claims[rng.choice([UPN, UPN, SOAP + "emailaddress", SOAP + "name", "name", OBJECT_ID])] = event["caller"]
    for name in (SOAP + "name", "name"):
        if name in claims:
            claims[name] = rng.choice(["", " ", "live.com#", "LIVE.COM#"]) + claims[name] + rng.choice(["", " "])
    return shuffled(rng, claims)


PLAIN_COLUMNS = ["TimeGenerated", "Caller", "OperationNameValue", "ActivityStatusValue", "ResourceGroup", "CallerIpAddress", "Claims",
                 "CorrelationId", "EventDataId", "_ResourceId"]


def plain_lines(rng, events):
    nobody = rng.random() < 0.1  # claims that name no caller: the published query cannot run on the file
    records = [dict(diagnostic_record(rng, event), identity={"claims": {} if nobody else claims_of(rng, event)}) for event in events]
    return "".join(dump(rng, record) + "\n" for record in records)


def plain_list(rng, events):
    return json.dumps([rest_record(rng, event) for event in events], indent=rng.choice([None, 1, 2]), ensure_ascii=rng.random() < 0.5)


def plain_table(rng, events):
    legacy, us_times, end = rng.random() < 0.3, rng.random() < 0.5, rng.choice(["\n", "\r\n"])
    lines = [",".join(PLAIN_COLUMNS).replace("TimeGenerated", "TimeGenerated [UTC]")]
    for event in events:
        record = row(rng, event, (lambda ticks: american(ticks, 0)) if us_times else (lambda ticks: iso(rng, ticks)), legacy)
        if rng.random() < 0.3:
            record["Claims"] = record["Claims"].replace("{", "{" + end + "  ")
        lines.append(",".join(quoted(rng, record[column] or "") for column in PLAIN_COLUMNS))
    return end.join(lines) + end


def plain_world(rng):
    """As world(), in the three forms that a database reads by itself, whole: every record parses, every column is there."""
    callers = rng.sample(CALLERS, rng.randrange(1, 4)) + rng.choice([[], [], [""]])
    first_hour = rng.randrange(0, 28)
    hours = range(first_hour, first_hour + rng.randrange(1, 5))
    pool = [make_event(rng, callers, hours) for _ in range(rng.randrange(2, 50))]
    forms = {"diagnostic.jsonl": plain_lines, "rest.json": plain_list, "rows.csv": plain_table}
    files = []
    for name in sorted(rng.sample(sorted(forms), rng.randrange(1, 4))):
        events = rng.sample(pool, rng.randrange(1, len(pool) + 1))
        events += rng.sample(events, 1) if rng.random() < 0.3 else []
        # One export knows of an event what another leaves out or says otherwise.
        events = [dict(event, group=rng.choice(GROUPS), app=rng.choice(APPS)) if rng.random() < 0.2 else event for event in events]
        files.append((name, forms[name](rng, events).encode("utf-8")))
    settings = {"window": rng.choice(["1h", "1h", "30m", "2h", "10m0.0000001s"]),
                "look_back": rng.choice(["none", "none", "1h", "1d", "30m"]),
                "as_of": rng.choice(["newest", "newest", "2026-03-14T12:30:00.5Z"]),
                "succeeded_is_success": rng.choice(["on", "on", "off"])}
    return files, settings


def write_world(folder, seed, number, make=world):
    """Writes world `number` of `seed` to `folder`; gives the paths and the settings."""
    os.makedirs(folder, exist_ok=True)
    files, settings = make(random.Random("%d/%d" % (seed, number)))
    paths = []
    for name, data in files:
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "wb") as file:
            file.write(data)
    return paths, settings


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10, help="at least so many files")
    parser.add_argument("--plain", action="store_true", help="only what a database reads by itself: duckdb.mjs")
    parser.add_argument("folder")
    given = parser.parse_args()
    files = number = 0
    while files < given.count:
        folder = os.path.join(given.folder, "%d-%d" % (given.seed, number))
        paths, settings = write_world(folder, given.seed, number, plain_world if given.plain else world)
        print(json.dumps({"folder": folder, "files": len(paths), "settings": settings}))
        files += len(paths)
        number += 1


if __name__ == "__main__":
    main()
