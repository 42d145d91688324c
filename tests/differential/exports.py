"""Exports of the Activity log to events, a second time: the standard library's json, one function a shape, nothing shared with the core.

Records are dictionaries whatever they were written as: JSON objects, table rows under their column names, CSV rows. A record is an event,
another kind of log, or rejected; one bad record never costs another.
"""
import ast
import json
import re

import timetext

_FOLD = {ord(c): ord(c) + 32 for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def fold(text):
    """Lower case for ASCII letters alone. Kusto's =~ folds no others, so the Kelvin sign never equals k. No trimming."""
    return text.translate(_FOLD)


# ---------------------------------------------------------------------------------------------------------------- bytes to records

class Unreadable(Exception):
    pass


def parse_json(raw):
    """One JSON text, strictly: valid UTF-8, no NaN, no half of a surrogate pair. Of two keys of equal spelling the last one counts."""
    def refuse(_):
        raise Unreadable("not JSON")
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error


class Repaired(dict):
    """An object that was none as it stood."""


def parse_record(raw):
    """A JSON text, or one of three that are none and yet certain: a dictionary as Python prints it (no string of it then holds an apostrophe, for
    Python would have chosen other quotes); JSON whose keys alone stand in single quotes; and "[ 218 B blob data ]" in place of a value."""
    try:
        return parse_json(raw)
    except Unreadable:
        pass
    try:
        text = raw.decode("utf-8")
    except ValueError as error:
        raise Unreadable(str(error)) from error
    if not re.search(r'["\\\\]', text):
        try:
            value = ast.literal_eval(text)
            if isinstance(value, dict) and repr(value) == text:
                return Repaired(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            pass
    # Pieces outside and inside of double quotes take turns.
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', text)
    for at in range(0, len(pieces), 2):
        pieces[at] = re.sub(r"(?<=[{,])(\s*)'([^'\\]*)'(?=\s*:)", r'\1"\2"', pieces[at])
        pieces[at] = re.sub(r"\[\s*[\d.]+\s*[A-Za-z]*\s+blob data\s*\]", "null", pieces[at])
    return Repaired(parse_json("".join(pieces).encode("utf-8")))


BLANK = b" \t\r\n"


def skip_blank(data, at):
    while at < len(data) and (data[at] in BLANK or data.startswith(b"\xef\xbb\xbf", at)):
        at += 3 if data[at] == 0xEF else 1
    return at


def end_of_value(data, at):
    """Where the object or array that begins at `at` ends, minding strings; None when it does not."""
    depth, in_string = 0, False
    while at < len(data):
        char = data[at]
        if in_string:
            if char == 0x5C:
                at += 1
            elif char == 0x22:
                in_string = False
        elif char == 0x22:
            in_string = True
        elif char in b"{[":
            depth += 1
        elif char in b"}]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return None


def names_of(columns):
    """The names in a list of columns: plain, or objects with a name."""
    names = [text_of(look(column, "name") or look(column, "ColumnName")) if isinstance(column, dict) else text_of(column)
             for column in columns]
    return [read_name(name)[0] for name in names]


def rows_of(columns, rows):
    """Table rows as records; rows of tables that are not the log's are no records. A query that broke off says so in an object between the
    rows, which is a record of another kind."""
    if not is_ours(columns):
        return []
    return [row if isinstance(row, dict) else dict(zip(columns, row)) if isinstance(row, list) and len(row) == len(columns) else None
            for row in rows]


REPLACED = {}  # a row that was sent anew


def frames_records(frames):
    """The frames of a Kusto v2 answer. A progressive answer sends its rows in fragments and may replace those sent so far, which then are
    no events. A frame without rows is an object of a list like any other: a record, of another kind."""
    records, columns, start = [], {}, 0
    for frame in frames:
        kind, table, rows = text_of(look(frame, "FrameType")), look(frame, "TableId"), look(frame, "Rows") or []
        if kind == "DataTable":
            records += rows_of(names_of(look(frame, "Columns") or []), rows)
        elif kind == "TableHeader":
            columns[table], start = names_of(look(frame, "Columns") or []), len(records)
        elif kind == "TableFragment":
            if text_of(look(frame, "TableFragmentType")) == "DataReplace":
                records[start:] = [REPLACED if is_ours(columns.get(table, [])) else record for record in records[start:]]
            records += rows_of(columns.get(table, []), rows)
        else:
            records.append(frame)
    return records


def records_of(value):
    """Lists, pages and answers hold records, also inside each other; any other value is a record."""
    if isinstance(value, list):
        if value and all(isinstance(element, dict) and holds(element, "FrameType") for element in value):
            return frames_records(value)
        return [record for element in value for record in records_of(element)]
    if not isinstance(value, dict):
        return [value]
    if is_event(value):
        return [value]  # whatever list it holds
    columns, rows, data = look(value, "columns"), look(value, "rows"), look(value, "data")
    if isinstance(columns, list) and isinstance(rows, list):
        return rows_of(names_of(columns), rows)
    if isinstance(columns, list) and isinstance(data, list):  # pandas, orient="split"
        return rows_of(names_of(columns), data)
    column = look(value, "TimeGenerated")
    if isinstance(column, dict):  # pandas, orient="columns": {"TimeGenerated": {"0": …, "1": …}, "Caller": {"0": …}}
        return [{name: look(cells, index) for name, cells in value.items() if isinstance(cells, dict)} for index in column]
    if value and all(isinstance(cells, dict) and holds(cells, "OperationNameValue") for cells in value.values()):
        return list(value.values())  # orient="index": {"0": {…}, "1": {…}}
    body = look(value, "body")
    if isinstance(body, dict) and holds(body, "tables"):  # an answer of the batch API
        return records_of(body)
    if isinstance(body, dict) and holds(body, "time") and holds(body, "operationName"):  # a message of an event hub: the record itself
        return [body]
    if isinstance(look(value, "hits"), dict):
        return records_of(look(value, "hits"))
    for key in ("records", "value", "tables", "responses", "results", "hits", "data"):  # data: pandas, orient="table"
        inside = look(value, key)
        if isinstance(inside, list):
            return [record for element in inside for record in records_of(element)]
    return [value]


def is_event(value):
    """A time and an operation of its own make an object a record, whatever else it holds."""
    try:
        event = event_of(value)
    except Unusable:
        return False
    return bool(event) and bool(text_of(event["time"])) and bool(event["operation"])


def records_of_torn(line):
    """The whole records of a page whose line ends before it does, and one that cannot be read: its rest."""
    opening = re.match(rb'\{\s*"(?:records|value)"\s*:\s*\[', line)
    if not opening:
        return [None]
    records, at = [], opening.end()
    while True:
        at = skip_blank(line, at)
        if line[at:at + 1] == b",":
            at += 1
            continue
        if line[at:at + 1] == b"]":
            return records  # it does end, and only its records are bad
        end = end_of_value(line, at) if line[at:at + 1] == b"{" else None
        if end is None:
            return records + [None]
        try:
            records += records_of(parse_json(line[at:end]))
        except Unreadable:
            records.append(None)
        at = end


def json_records(data):
    """All records of a file as (object or None); None is a record that cannot be read. One bad record never costs another."""
    # The common case: nothing is wrong with the file, which is one JSON value after another.
    try:
        values, at = [], skip_blank(data, 0)
        while at < len(data):
            end = end_of_value(data, at)
            if end is None or data[at] not in b"{[":
                raise Unreadable
            values.append((at, data[at:end], parse_json(data[at:end])))
            at = skip_blank(data, end)
        # Where the first line is a value, and most of the values among the first 200 lines are a line each, a record over several lines counts as joined again; a list or page is
        # what it is.
        torn = {at for at, text, _ in values if re.search(rb"[\r\n]", text)}
        begun = [at for at, _, _ in values if len(re.findall(rb"[\r\n]+", data[:at])) < 200]
        alone = values and re.fullmatch(rb"[ \t]*([\r\n].*)?", data[values[0][0] + len(values[0][1]):], re.DOTALL)
        joined = torn if alone and values[0][0] not in torn and 2 * len(torn.intersection(begun)) < len(begun) else set()
        return [Repaired(record) if at in joined and record is value else record for at, _, value in values for record in records_of(value)]
    except Unreadable:
        pass
    # JSON Lines: some line is a value by itself; then every line is judged alone. A first line that only opens a list is no such file.
    lines = [line.replace(b"\xef\xbb\xbf", b"").strip() for line in re.split(b"[\r\n]", data)]
    lines = [line for line in lines if line]
    read = []
    for line in lines:
        try:
            blob = re.fullmatch(rb"\[\s*[\d.]+\s*[A-Za-z]*\s+blob data\s*\]", line)
            read.append(records_of(parse_record(line)) if line[:1] in (b"{", b"[") and not blob else [None])
        except Unreadable:
            read.append(records_of_torn(line))
    opens_list = lines[0][:1] == b"[" and read[0] == [None]
    if not opens_list and any(records != [None] for records in read):
        return [record for records in read for record in records]
    return elements(data)


def elements(data):
    """An array or an envelope around one: its elements are cut out and judged alone, up to where it breaks off."""
    start = data.find(b"[")
    if start < 0:
        return [None]
    records, at = [], start + 1
    while True:
        at = skip_blank(data, at)
        if at >= len(data) or data[at] == 0x5D:
            return records
        if data[at] == 0x2C:
            at += 1
            continue
        end = end_of_value(data, at) if data[at] in b"{[" else None
        if end is None:
            return records + [None]  # the file stops, or no longer makes sense, inside a record
        try:
            records += records_of(parse_json(data[at:end]))
        except Unreadable:
            records.append(None)
        at = end


def csv_rows(data, delimiter):
    """Rows as lists of text, or None for a row that cannot be read. A field in quotes may hold delimiters, line ends and doubled quotes."""
    data = data[3:] if data.startswith(b"\xef\xbb\xbf") else data
    rows, fields, field, at, quoted, bad, blank = [], [], bytearray(), 0, False, False, True

    def end_row():
        nonlocal fields, field, bad, blank
        if not blank:
            fields.append(bytes(field))
            try:
                rows.append(None if bad else [part.decode("utf-8") for part in fields])
            except UnicodeDecodeError:
                rows.append(None)
        fields, field, bad, blank = [], bytearray(), False, True

    while at < len(data):
        char = data[at]
        if quoted:
            if char == 0x22 and data[at + 1:at + 2] == b'"':
                field.append(char)
                at += 1
            elif char == 0x22:
                quoted = False
            else:
                field.append(char)
        elif char == 0x22:
            quoted, blank = True, False
        elif char == delimiter:
            fields.append(bytes(field))
            field, blank = bytearray(), False
        elif char in b"\r\n":
            end_row()
        else:
            field.append(char)
            blank = False
        at += 1
    bad = bad or quoted  # the file stops inside quotes
    end_row()
    return rows

# ---------------------------------------------------------------------------------------------------------------- values in a record

def look(record, name):
    """A key in any case. Of several spellings the first that is filled."""
    found = None
    for key, value in record.items():
        if fold(key) == fold(name):
            if value not in (None, ""):
                return value
            found = value
    return found


def holds(record, *path):
    """Whether the path is there, be it empty: nested, or flattened with dots between the keys."""
    for upto in range(len(path), 0, -1):
        for key, value in record.items():
            if fold(key) == fold(".".join(path[:upto])) and (upto == len(path) or holds(object_of(value), *path[upto:])):
                return True
    return False


def at(record, *path):
    """The value at a path: nested, or flattened with dots between the keys ("claims.appid"). The first filled one."""
    for upto in range(len(path), 0, -1):
        value = look(record, ".".join(path[:upto]))
        if upto < len(path):
            value = at(object_of(value), *path[upto:])
        if value not in (None, ""):
            return value
    return None


def text_of(value):
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (dict, list)):
        return ""
    return json.dumps(value)


def text_at(record, *path):
    return text_of(at(record, *path))


def value_at(record, name):
    """{"value": x, "localizedValue": y} or x itself; the localized word is for people."""
    return text_at(record, name, "value") or text_at(record, name)


def object_of(value):
    """An object, or a text that holds one."""
    if isinstance(value, str):
        try:
            value = parse_json(value.encode("utf-8"))
        except (Unreadable, UnicodeEncodeError):
            return {}
    return value if isinstance(value, dict) else {}


def first_filled(*texts):
    return next((text for text in texts if text), "")


def segment_after(resource_id, word):
    """The path segment behind /word/, in any case: resourceGroups is spelt in several ways."""
    parts = resource_id.split("/")
    for index in range(len(parts) - 1):
        if fold(parts[index]) == word and index > 0:
            return parts[index + 1]
    return ""


SOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
CALLER_CLAIMS = (SOAP + "upn", SOAP + "emailaddress", SOAP + "name", "name", OBJECT_ID, "appid")


def claims_caller(record, *path, dots="."):
    """Records without a caller name one in their claims: user principal name, e-mail address, name (trimmed, without live.com#), object id,
    app id. Elasticsearch writes the dots in a claim's name as underscores."""
    upn, mail, soap_name, name, object_id, app = (text_at(record, *path, claim.replace(".", dots)) for claim in CALLER_CLAIMS)
    name = first_filled(soap_name, name).strip()
    if fold(name).startswith("live.com#"):
        name = name[len("live.com#"):]
    return first_filled(upn, mail, name, object_id, app)


ADMIN_ROLES = (
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",  # Role Based Access Control Administrator
    "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
)


def conditions_of(operation, properties):
    """What a record shows beyond its name: an administrator role given away, public access switched on, soft delete switched off."""
    text = fold(properties if isinstance(properties, str) else json.dumps(properties, ensure_ascii=False))
    text = re.sub(r'[\\\s]', "", text)
    shown, name = set(), fold(operation)
    if name == "microsoft.authorization/roleassignments/write" and any(role in text for role in ADMIN_ROLES):
        shown.add("admin_role")
    if name == "microsoft.storage/storageaccounts/write" and '"allowblobpublicaccess":true' in text:
        shown.add("public_access")
    if name == "microsoft.storage/storageaccounts/blobservices/write" and \
            re.search(r'"deleteretentionpolicy":\{[^}]*"enabled":false', text):
        shown.add("soft_delete_off")
    return shown


# Operations as people read them: those of the scenario and some more, typed by hand from Azure's own pages. A name that is not here stays.
DISPLAY_NAMES = {fold(name): operation for name, operation in (
    ("List Storage Account Keys", "Microsoft.Storage/storageAccounts/listKeys/action"),
    ("Regenerate Storage Account Keys", "Microsoft.Storage/storageAccounts/regenerateKey/action"),
    ("Run Command on Virtual Machine", "Microsoft.Compute/virtualMachines/runCommand/action"),
    ("Create or Update Virtual Machine", "Microsoft.Compute/virtualMachines/write"),
    ("Create or Update Snapshot", "Microsoft.Compute/snapshots/write"),
    ("Get Disk SAS URI", "Microsoft.Compute/disks/beginGetAccess/action"),
    ("Create Deployment", "Microsoft.Resources/deployments/write"),
    ("Create role assignment", "Microsoft.Authorization/roleAssignments/write"),
    ("'audit' Policy action", "Microsoft.Authorization/policies/audit/action"),
)}


def operation_named(name):
    """A name with a slash is an operation already. One full stop at the end does not count."""
    return name if "/" in name else DISPLAY_NAMES.get(fold(name[:-1] if name.endswith(".") else name), name)


# ---------------------------------------------------------------------------------------------------------------- records to events

ACTIVITY_CATEGORIES = ("administrative", "policy", "security", "servicehealth", "resourcehealth", "alert", "autoscale", "recommendation",
                       "write", "delete", "action")
COLUMNS = ("TimeGenerated", "Caller", "OperationNameValue", "ActivityStatusValue", "ResourceGroup")
LOCALIZABLE = "microsoft.azure.management.monitor.models.localizablestring"


class Unusable(Exception):
    """An event whose operation PowerShell replaced by the name of a type, or a record inside another that does not parse."""


def present(*there):
    return {name for name, is_there in zip(COLUMNS, there) if is_there}


def rest_event(record):
    """REST, `az`, forensic collectors, Splunk's audit input, and PowerShell, which wraps claims and properties into Content and from
    Az.Monitor 3.0.0 on names operations for people."""
    powershell = any(holds(record, *path) for path in (("claims", "Content"), ("properties", "Content"), ("httpRequest", "ClientId")))
    content = ("Content",) if powershell else ()
    resource = first_filled(text_at(record, "resourceId"), text_at(record, "resourceUri"))
    name = value_at(record, "operationName")
    # Export-Csv writes the type's name where the operation should be, and nothing of PowerShell but that.
    if powershell or fold(name) == LOCALIZABLE:
        places = (text_at(record, "authorization", "Action"), text_at(record, "properties", "Content", "message"))
        known = [text for text in places if "/" in text]
        if fold(name) == LOCALIZABLE and not known:
            raise Unusable
        name = known[0] if known else name
    name = operation_named(name)
    return {
        "raw": True, "time": at(record, "eventTimestamp"), "caller": text_at(record, "caller"), "operation": name,
        "status": value_at(record, "status"),
        "group": first_filled(text_at(record, "resourceGroupName"), text_at(record, "resourceGroup"),
                              segment_after(resource, "resourcegroups")),
        "ip": first_filled(text_at(record, "httpRequest", "clientIpAddress"), text_at(record, "claims", *content, "ipaddr")),
        "subscription": first_filled(text_at(record, "subscriptionId"), segment_after(resource, "subscriptions")),
        "app": text_at(record, "claims", *content, "appid"), "resource": resource, "correlation": text_at(record, "correlationId"),
        "event_id": text_at(record, "eventDataId"), "policy": fold(value_at(record, "category")) == "policy",
        "conditions": conditions_of(name, look(record, "properties")),
        "present": present(holds(record, "eventTimestamp"), holds(record, "caller"),
                           holds(record, "operationName") or holds(record, "operationName", "value"),
                           holds(record, "status") or holds(record, "status", "value"),
                           any(holds(record, key) for key in ("resourceGroupName", "resourceGroup", "resourceId", "resourceUri"))),
    }


def goose_event(record):
    return {
        "raw": True, "time": at(record, "event_timestamp"), "caller": text_at(record, "caller"),
        "operation": value_at(record, "operation_name"), "status": value_at(record, "status"),
        "group": first_filled(text_at(record, "resource_group_name"), segment_after(text_at(record, "resource_id"), "resourcegroups")),
        "ip": first_filled(text_at(record, "http_request", "client_ip_address"), text_at(record, "claims", "ipaddr")),
        "subscription": first_filled(text_at(record, "subscription_id"), segment_after(text_at(record, "resource_id"), "subscriptions")),
        "app": text_at(record, "claims", "appid"), "resource": text_at(record, "resource_id"),
        "correlation": text_at(record, "correlation_id"), "event_id": text_at(record, "event_data_id"),
        "policy": fold(value_at(record, "category")) == "policy",
        "conditions": conditions_of(value_at(record, "operation_name"), look(record, "properties")),
        "present": present(*(any(holds(record, key) for key in keys) for keys in (
            ("event_timestamp",), ("caller",), ("operation_name",), ("status",), ("resource_group_name", "resource_id")))),
    }


def diagnostic_event(record):
    resource = text_at(record, "resourceId")
    operation = value_at(record, "operationName")
    claims = ("identity", "claims")
    return {
        "raw": False, "time": at(record, "time"), "caller": claims_caller(record, *claims), "operation": operation,
        "status": text_at(record, "resultType"), "group": segment_after(resource, "resourcegroups"),
        "ip": text_at(record, "callerIpAddress"), "subscription": segment_after(resource, "subscriptions"),
        "app": text_at(record, *claims, "appid"), "resource": resource, "correlation": text_at(record, "correlationId"), "event_id": "",
        "policy": fold(text_at(record, "category")) == "policy", "conditions": conditions_of(operation, look(record, "properties")),
        "present": present(holds(record, "time"), any(holds(record, *claims, claim) for claim in CALLER_CLAIMS),
                           holds(record, "operationName"), holds(record, "resultType"), holds(record, "resourceId")),
    }


def elastic_event(record):
    log = ("azure", "activitylogs")
    resource = text_at(record, "azure", "resource", "id")
    operation = first_filled(text_at(record, *log, "operation_name"), text_at(record, "event", "action"))
    claims = log + ("identity", "claims")
    user, domain = text_at(record, "user", "name"), text_at(record, "user", "domain")
    named = log + ("identity", "claims_initiated_by_user", "name")
    return {
        "raw": False, "time": at(record, "@timestamp"),
        "caller": first_filled(text_at(record, *named), claims_caller(record, *claims, dots="_"), text_at(record, "user", "email"),
                               "%s@%s" % (user, domain) if user and domain else ""),
        "operation": operation,
        "status": first_filled(text_at(record, *log, "result_type"), text_at(record, "event", "outcome")),
        "group": first_filled(text_at(record, "azure", "resource", "group"), segment_after(resource, "resourcegroups")),
        "ip": text_at(record, "source", "ip"),
        "subscription": first_filled(text_at(record, "azure", "subscription_id"), segment_after(resource, "subscriptions")),
        "app": text_at(record, *claims, "appid"), "resource": resource, "correlation": text_at(record, "azure", "correlation_id"),
        "event_id": "", "policy": fold(text_at(record, *log, "category")) == "policy",
        "conditions": conditions_of(operation, at(record, *log, "properties")),
        "present": present(holds(record, "@timestamp"),
                           holds(record, *named) or any(holds(record, *claims, claim.replace(".", "_")) for claim in CALLER_CLAIMS) or
                           holds(record, "user", "email") or holds(record, "user", "name") and holds(record, "user", "domain"),
                           holds(record, *log, "operation_name") or holds(record, "event", "action"),
                           holds(record, *log, "result_type") or holds(record, "event", "outcome"),
                           holds(record, "azure", "resource", "group") or holds(record, "azure", "resource", "id")),
    }


def portal_event(record):
    """The portal's own CSV: names for people, neither addresses nor app ids."""
    resource = text_of(look(record, "Resource"))
    operation = operation_named(text_of(look(record, "Operation name")))
    return {
        "raw": True, "time": look(record, "Time"), "caller": text_of(look(record, "Event initiated by")), "operation": operation,
        "status": text_of(look(record, "Status")),
        "group": first_filled(text_of(look(record, "Resource group")), segment_after(resource, "resourcegroups")), "ip": "",
        "subscription": first_filled(text_of(look(record, "Subscription")), segment_after(resource, "subscriptions")), "app": "",
        "resource": resource, "correlation": text_of(look(record, "Correlation id")), "event_id": "",
        "policy": fold(text_of(look(record, "Event category"))) == "policy", "conditions": set(),
        "present": present(*(any(holds(record, key) for key in keys) for keys in (
            ("Time",), ("Event initiated by",), ("Operation name",), ("Status",), ("Resource group", "Resource")))),
    }


def row_event(record):
    """An AzureActivity row. Status words stay as they are; whether Succeeded counts as Success is a setting."""
    resource = first_filled(text_at(record, "_ResourceId"), text_at(record, "ResourceId"))
    old_name = text_at(record, "OperationName")
    operation = first_filled(text_at(record, "OperationNameValue"), old_name if "/" in old_name else "")
    apps = [text_at(record, key, "appid") for key in ("Claims", "Claims_d")]
    properties = first_filled(look(record, "Properties"), look(record, "Properties_d"))
    return {
        "raw": False, "time": at(record, "TimeGenerated"), "caller": text_at(record, "Caller"), "operation": operation,
        "status": first_filled(text_at(record, "ActivityStatusValue"), text_at(record, "ActivityStatus")),
        "group": first_filled(text_at(record, "ResourceGroup"), segment_after(resource, "resourcegroups")),
        "ip": text_at(record, "CallerIpAddress"),
        "subscription": first_filled(text_at(record, "SubscriptionId"), text_at(record, "_SubscriptionId"),
                                     segment_after(resource, "subscriptions")),
        "app": first_filled(*apps), "resource": resource, "correlation": text_at(record, "CorrelationId"),
        "event_id": text_at(record, "EventDataId"),
        "policy": fold(first_filled(text_at(record, "CategoryValue"), text_at(record, "Category"))) == "policy",
        "conditions": conditions_of(operation, properties),
        "present": present(holds(record, "TimeGenerated"), holds(record, "Caller"), holds(record, "OperationNameValue") or "/" in old_name,
                           holds(record, "ActivityStatusValue") or holds(record, "ActivityStatus"),
                           any(holds(record, key) for key in ("ResourceGroup", "_ResourceId", "ResourceId"))),
    }


def unwrapped(record):
    """Elasticsearch and Splunk put the record into one of theirs; Splunk's _raw is the record as it arrived, as text."""
    for key in ("_source", "result"):
        if isinstance(look(record, key), dict):
            record = look(record, key)
    fields = look(record, "fields")
    if isinstance(fields, dict):  # Kibana asks for these: dotted names, each value in a list
        record = {key: value[0] if isinstance(value, list) and value else value for key, value in fields.items()}
    raw = look(record, "_raw")
    if not isinstance(raw, str) or not raw.strip().startswith("{"):
        return record
    try:
        return parse_json(raw.encode("utf-8", "surrogatepass"))
    except Unreadable as error:
        raise Unusable from error  # cut at Splunk's limit, for one


def event_of(record):
    """The event of a record of known shape, or None: another kind of log."""
    if not isinstance(record, dict):
        return None
    record = unwrapped(record)
    if holds(record, "TimeGenerated") and (holds(record, "OperationNameValue") or holds(record, "ActivityStatusValue")) or \
            holds(record, "OperationNameValue") and holds(record, "Caller"):
        kind = text_of(look(record, "Type"))
        return row_event(record) if not kind or fold(kind) == "azureactivity" else None
    if holds(record, "azure", "activitylogs", "operation_name"):
        return elastic_event(record)
    if holds(record, "event_timestamp") and holds(record, "operation_name"):
        return goose_event(record)
    if holds(record, "Operation name") and (holds(record, "Event initiated by") or holds(record, "Time")):
        return portal_event(record)
    if holds(record, "eventTimestamp") or holds(record, "eventDataId"):
        return rest_event(record)
    if holds(record, "operationName") and (holds(record, "time") or holds(record, "resultType")):
        category = fold(text_of(look(record, "category")))
        if isinstance(look(record, "identity"), str) and not object_of(look(record, "identity")):
            return None  # a sign-in log
        if category in ACTIVITY_CATEGORIES or not category and "/" in value_at(record, "operationName"):
            return diagnostic_event(record)
    return None


# ---------------------------------------------------------------------------------------------------------------- files

def read_name(name):
    """A column's name without the zone that Log Analytics writes behind it, and the zone: "utc", "local" or None."""
    match = re.fullmatch(r"(.*) \[(UTC|Local Time)\]", name.strip(), re.I)
    return (match.group(1), "utc" if fold(match.group(2)) == "utc" else "local") if match else (name.strip(), None)


def is_ours(names):
    """Whether a table's columns are those of the log in any shape; the rows of others are not looked at."""
    record = {name: "/" for name in names}
    folded = {fold(name) for name in names}
    return event_of(record) is not None or bool(folded & {"operationnamevalue", "activitystatusvalue", "_raw"}) or \
        {"time", "operationname", "category"} <= folded


def read_csv(data, source):
    """Rows as records. The delimiter is what the header row has more of."""
    header = data.split(b"\n", 1)[0]
    rows = csv_rows(data, ord(";") if header.count(b";") > header.count(b",") else ord(","))
    if not rows or rows[0] is None:
        return [None for _ in rows[1:]]
    names = []
    for name in rows[0]:
        name, zone = read_name(name)
        if fold(name) in ("timegenerated", "time", "@timestamp", "eventtimestamp"):
            source["utc"] = zone == "utc"  # any other column holds UTC only where the text itself says so
        names.append(name)
    if not is_ours(names):
        return []
    return [dict(zip(names, row)) if row is not None and len(row) == len(names) else None for row in rows[1:]]


def as_utf8(data):
    """UTF-16, told by its byte order mark or by the zero bytes of Western text, as UTF-8. Half a surrogate pair stays something that no
    UTF-8 holds."""
    for mark, order, zero in ((b"\xff\xfe", "utf-16-le", 1), (b"\xfe\xff", "utf-16-be", 0)):
        if data.startswith(mark) or len(data) > 3 and data[zero] == data[zero + 2] == 0 and data[1 - zero] and data[3 - zero]:
            return data[:len(data) // 2 * 2].decode(order, "surrogatepass").encode("utf-8", "surrogatepass")
    return data


def read_file(path, name):
    """Everything an input holds, times read as far as the texts go: zone and order of day and month are settled by the hunt."""
    with open(path, "rb") as opened:
        data = opened.read()
    source = {"path": name, "bytes": len(data), "content": data, "utc": False, "framed": 0, "other": 0, "rejected": 0, "repaired": 0, "events": [],
              "present": set(), "duplicates": 0, "proofs": set()}
    data = as_utf8(data)
    start = skip_blank(data, 0)
    if start == len(data):
        return source
    records = json_records(data) if data[start] in b"{[" else read_csv(data, source)
    for record in records:
        source["framed"] += 1
        try:
            event = None if record is None else event_of(record)
        except Unusable:
            record = None
        if record is None:
            source["rejected"] += 1
            continue
        if event is None:
            source["other"] += 1
            continue
        source["present"] |= event.pop("present")
        event["reading"] = timetext.read(text_of(event.pop("time")))
        if event["reading"] is not None and event["reading"].proof:
            source["proofs"].add(event["reading"].proof)
        source["repaired"] += isinstance(record, Repaired)
        source["events"].append(event)
    return source
