#!/usr/bin/env python3
"""The hunt a second time, written apart from the product so that each can be checked against the other.

Nothing here is shared with the C++ core: other language, other parsers (timetext.py, exports.py), other data structures, and its own copy
of the operation catalogue (catalogue.json beside this file, typed by hand). It is written to be obviously right, not fast: lists and
dictionaries, one small function a rule, the rule in words above it. A file it does not know is an input without events.

Invariant: whatever is printed depends on the events alone, never on the order in which files or records arrive.
"""
import argparse
import json
import os
import sys

import timetext
from exports import COLUMNS, fold, read_file, segment_after
from timetext import TICKS_DAY, TICKS_HOUR, duration, hour_of, instant, parse_duration, parse_zone


def by_bytes(texts):
    """Code points sort as their UTF-8 bytes do."""
    return sorted(texts)


# ---------------------------------------------------------------------------------------------------------------- meaning of values

LIST_KEYS = "microsoft.storage/storageaccounts/listkeys/action"
CONSOLE_WRITE = "microsoft.portal/consoles/write"
CONSOLE_APP = "b677c290-cf4b-4a8e-a60e-91ba650a4abe"
SHELL_APPS = (
    CONSOLE_APP,                             # AzurePortal Console App
    "2233b157-f44d-4812-b777-036cdaf9a96e",  # Azure Cloud Shell
    "b1395854-dccf-4fe6-9186-655f101f919b",  # shell.azure.com
    "245e1dee-74ef-4257-a8c8-8208296e1dfd",  # Cloud Shell in Windows Terminal
)
SETUP_WRITES = (
    "microsoft.resources/subscriptions/resourcegroups/write",
    "microsoft.storage/storageaccounts/write",
    "microsoft.storage/storageaccounts/fileservices/shares/write",
)

def has_shell_storage(group):
    """KQL: ResourceGroup has "cloud-shell-storage". The words stand there as one piece, in any case, and neither neighbour is a letter or
    digit; every non-ASCII neighbour counts as a letter. A hyphen, underscore, dot, blank or the end of the text is no letter."""
    def is_term(char):
        return char.isalnum() if char.isascii() else True
    text, word = fold(group), "cloud-shell-storage"
    at = text.find(word)
    while at >= 0:
        before, after = text[:at][-1:], text[at + len(word):][:1]
        if not (before and is_term(before)) and not (after and is_term(after)):
            return True
        at = text.find(word, at + 1)
    return False


def mapped_status(status):
    """The words of the REST API are those of AzureActivity in another tense; any other word stays as it is."""
    return {"succeeded": "Success", "success": "Success", "started": "Start", "start": "Start", "accepted": "Accept", "accept": "Accept",
            "failed": "Failure", "failure": "Failure"}.get(fold(status), status)


def is_success(status):
    """KQL: ActivityStatusValue =~ "Success"."""
    return fold(status) == "success"


def is_failure(status):
    return fold(status) in ("failure", "failed")


def is_done(status):
    return fold(status) in ("success", "succeeded", "accept", "accepted")


SEVERITIES = ("none", "info", "low", "medium", "high")

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "catalogue.json"), encoding="utf-8") as file:
    CATALOGUE = json.load(file)["entries"]


def matches(segments, pattern):
    """A segment that is an ellipsis stands for any number of segments, also none."""
    if not pattern:
        return not segments
    if pattern[0] == "…":
        return any(matches(segments[skip:], pattern[1:]) for skip in range(len(segments) + 1))
    return bool(segments) and segments[0] == pattern[0] and matches(segments[1:], pattern[1:])


def find_in_catalogue(operation):
    name = fold(operation)
    for entry in CATALOGUE:
        if fold(entry["operation"]) == name:
            return entry
    for entry in CATALOGUE:
        if "…" in entry["operation"] and matches(name.split("/"), fold(entry["operation"]).split("/")):
            return entry
    return None


def catalogue_severity(entry, conditions):
    """The highest word of the sources. A word that holds under a condition only counts in full when a record shows the condition, else one
    step lower. No word at all: medium."""
    ranks = []
    for source in entry["sources"]:
        if source["severity"] is None:
            continue
        rank = SEVERITIES.index(source["severity"])
        if source.get("when") and source["when"] not in conditions:
            rank -= 1
        ranks.append(rank)
    return SEVERITIES[max(ranks)] if ranks else "medium"

# ---------------------------------------------------------------------------------------------------------------- the published query

def can_run(source):
    """The query fails where a column that it names does not exist; that is not the same as finding nothing."""
    return bool(source["events"]) and source["present"] == set(COLUMNS)


def effective(event, settings):
    """The status as the query sees it: raw REST words are always mapped, others when Succeeded counts as Success."""
    return mapped_status(event["status"]) if event["raw"] or settings["succeeded_is_success"] else event["status"]


def left_side(events, settings):
    """where ActivityStatusValue =~ "Success" | where ResourceGroup has "cloud-shell-storage"
    | where OperationNameValue =~ ".../listKeys/action" | summarize by Caller, timekey = bin(TimeGenerated, 1h).
    An event without a time makes a null timekey, which no right row can have."""
    return {(event["caller"], hour_of(event["time"])) for event in events
            if is_success(effective(event, settings)) and has_shell_storage(event["group"]) and fold(event["operation"]) == LIST_KEYS
            and event["time"] is not None}


def right_side(events, cut):
    """where TimeGenerated >= ago(look-back) | where OperationNameValue !~ ".../listKeys/action" | where isnotempty(OperationNameValue)
    | summarize make_set(OperationNameValue) by Caller, timekey = bin(TimeGenerated, 1h). No test of status or category; listKeys of every
    account is out; the cut is an instant, not an hour; a null time passes no comparison, and joins nothing without one."""
    sets = {}
    for event in events:
        if event["time"] is None or cut is not None and event["time"] < cut:
            continue
        if fold(event["operation"]) == LIST_KEYS or event["operation"] == "":
            continue
        sets.setdefault((event["caller"], hour_of(event["time"])), set()).add(event["operation"])
    return sets


def published_query(events, settings, cut):
    """join on Caller, timekey: both sides hold each pair once, so one row per pair that both have. Case-sensitive; "" equals ""."""
    sets = right_side(events, cut)
    return {key: by_bytes(sets[key]) for key in sorted(left_side(events, settings)) if key in sets}


# ---------------------------------------------------------------------------------------------------------------- copies of one event

def order_key(event):
    """Ties in time are settled by caller, operation, status (as the file spells it), resource, app id, address, all as bytes."""
    return (event["time"], event["caller"], event["operation"], event["status"], event["resource"], event["app"], event["ip"])


def merge(copies, settings):
    """Several exports of one event: empty fields are filled from the others, of several texts the smallest stays. Preferred are a group
    that is Cloud Shell's and AzureActivity's own word for a status, in any case (Success before Succeeded; all stand for the same), so
    that a signal is judged by what is known, not by which copy came first."""
    if len(copies) == 1:
        return dict(copies[0], effective=effective(copies[0], settings))
    whole = {"time": copies[0]["time"], "raw": any(copy["raw"] for copy in copies), "policy": any(copy["policy"] for copy in copies),
             # A copy whose time is certain settles it for all.
             "odd": copies[0]["odd"] if len({copy["odd"] for copy in copies}) == 1 else None,
             "conditions": set().union(*(copy["conditions"] for copy in copies)), "carries": any(copy["carries"] for copy in copies)}
    for name in ("caller", "operation", "status", "group", "ip", "subscription", "app", "resource", "correlation", "event_id"):
        filled = by_bytes(copy[name] for copy in copies if copy[name])
        preferred = []
        if name == "group":
            preferred = [text for text in filled if has_shell_storage(text)]
        if name == "status":
            preferred = [text for text in filled if fold(mapped_status(text)) == fold(text)]
        whole[name] = (preferred or filled or [""])[0]
    return dict(whole, effective=effective(whole, settings))


def unique_events(sources, settings):
    """The same event twice counts once: caller, operation, mapped status, time, correlation id and resource id agree and are filled, and
    the event ids, where both are there, agree. Copies without an event id join those with the smallest. The first by path and place
    stays; the others are that input's duplicates. Events without a caller or a time are never copies."""
    whole, families = [], {}
    for source in sources:
        carries = any(event["app"] for event in source["events"])
        for event in source["events"]:
            event["source"], event["carries"] = source, carries
            key = (fold(event["caller"]), fold(event["operation"]), mapped_status(event["status"]), event["time"],
                   fold(event["correlation"]), fold(event["resource"]))
            if event["time"] is None or any(part == "" for part in key):
                whole.append(merge([event], settings))
            else:
                families.setdefault(key, []).append(event)  # in order of path and place, as the sources are sorted
    for family in families.values():
        ids = by_bytes({fold(event["event_id"]) for event in family if event["event_id"]}) or [""]
        for event_id in ids:
            copies = [event for event in family if (fold(event["event_id"]) or ids[0]) == event_id]
            whole.append(merge(copies, settings))
            for copy in copies[1:]:
                copy["source"]["duplicates"] += 1
    return whole


# ---------------------------------------------------------------------------------------------------------------- sessions

def in_shell(event):
    return fold(event["app"]) in SHELL_APPS


def signal_kind(event):
    """The first that fits. storage_listing: the query's left side. console_write: any status but failure (a failed one is an ordinary
    operation). shell_app: anything else done with one of Cloud Shell's app ids."""
    name = fold(event["operation"])
    if is_success(event["effective"]) and has_shell_storage(event["group"]) and name == LIST_KEYS:
        return "storage_listing"
    if name == CONSOLE_WRITE:
        return None if is_failure(event["effective"]) else "console_write"
    if name and in_shell(event):
        return "shell_app"
    return None


def is_operation(event):
    """What was done in a session: not the console start, and not the listing that opened it, except when the listing itself came from
    inside a shell (someone in a shell lists the keys of a Cloud Shell account)."""
    if event["operation"] == "" or event["kind"] == "console_write":
        return False
    return event["kind"] != "storage_listing" or fold(event["app"]) == CONSOLE_APP


def is_setup(event):
    """What a shell does for itself on its own storage."""
    if not has_shell_storage(event["group"]):
        return False
    name = fold(event["operation"])
    if name == LIST_KEYS:
        return not is_failure(event["effective"]) and fold(event["app"]) != CONSOLE_APP
    return name in SETUP_WRITES


def distinct(texts):
    """Compared without case, printed as first met, sorted."""
    seen = {}
    for text in texts:
        if text:
            seen.setdefault(fold(text), text)
    return by_bytes(seen.values())


STRENGTH = ("none", "unknown", "same_window", "in_shell")


def attribution(event):
    """Judged event by event: by the app id; where a file carries none at all it cannot be told; else only the time says so."""
    return "in_shell" if in_shell(event) else "same_window" if event["carries"] else "unknown"


def make_operation(events):
    name = fold(events[0]["operation"])
    entry = find_in_catalogue(name)
    known = entry is not None and "…" not in entry["operation"]
    setup = [event for event in events if is_setup(event)]
    plain = [event for event in events if not is_setup(event) and not event["policy"]]
    statuses = {}
    for event in events:
        statuses[event["effective"]] = statuses.get(event["effective"], 0) + 1
    if plain:
        severity = catalogue_severity(entry, set().union(*(event["conditions"] for event in plain))) if entry else "none"
    else:
        severity = "info" if setup else "none"
    return {
        "name": entry["operation"] if known else events[0]["operation"], "count": len(events), "first": instant(events[0]["time"]),
        "last": instant(events[-1]["time"]), "statuses": {word: statuses[word] for word in by_bytes(statuses)},
        "attribution": max((attribution(event) for event in events), key=STRENGTH.index),
        "in_shell_count": sum(1 for event in events if in_shell(event)), "shell_setup_count": len(setup),
        "shell_setup": len(setup) == len(events), "policy": all(event["policy"] for event in events),
        "calls": len({fold(event["correlation"]) for event in events if event["correlation"]}),
        # Failed: it failed somewhere and came through nowhere. Azure logs a Start for each, which says nothing.
        "failed": any(is_failure(event["effective"]) for event in events) and not any(is_done(event["effective"]) for event in events),
        "severity": severity, "techniques": list(entry["techniques"]) if entry else [],
        "resources": distinct(event["resource"] for event in events), "ips": distinct(event["ip"] for event in events),
    }


def shell_account(event):
    """The storage account of a listing, from its resource id; without that segment the whole id."""
    resource = fold(event["resource"])
    return segment_after(resource, "storageaccounts") or resource


def cut_sessions(moments, window):
    """Signals in order: the first opens [t, t + window); one before the end moves the end; one at or after the end opens the next."""
    sessions = []
    for event in moments:
        if event["kind"] is None:
            continue
        if sessions and event["time"] < sessions[-1]["end"]:
            sessions[-1]["signals"].append(event)
        else:
            sessions.append({"start": event["time"], "signals": [event]})
        sessions[-1]["end"] = event["time"] + window
    for session in sessions:
        # What belongs to a session is a signal or an operation of it: an event without an operation name is neither.
        session["events"] = [event for event in moments if session["start"] <= event["time"] < session["end"] and event["operation"]]
        session["listings"] = [event for event in session["signals"] if event["kind"] == "storage_listing"]
    return sessions


def why_no_row(session, hours, caller, raw_events, settings, cut, operations):
    """Why the query does not show this session."""
    if not hours:
        return ["no_storage_listing"]
    mine = [event for event in raw_events if fold(event["caller"]) == caller and event["time"] is not None]
    others = [event for event in mine if event["operation"] and fold(event["operation"]) != LIST_KEYS and hour_of(event["time"]) in hours]
    if not others:
        if any(fold(event["operation"]) != LIST_KEYS and hour_of(event["time"]) not in hours for event in operations):
            return ["crosses_bin"]
        return ["list_keys_hidden"] if any(fold(event["operation"]) == LIST_KEYS for event in operations) else ["no_other_operation"]
    if not any(can_run(event["source"]) for event in others):
        return ["input_cannot_run"]

    def rows(cut_at, ignore_case):
        runnable = [dict(event, caller=caller) if ignore_case else event for event in mine if can_run(event["source"])]
        return any(hour in hours for _, hour in published_query(runnable, settings, cut_at))
    reasons = []
    if rows(None, False):
        reasons.append("outside_look_back")
    if rows(cut, True):
        reasons.append("caller_case")
    if not reasons and rows(None, True):
        reasons = ["caller_case", "outside_look_back"]
    return by_bytes(reasons)


def rows_of_session(session, sessions, rows, moments, caller, hours):
    """The rows whose caller (without case) and hour hold one of the session's listings, and which members of their sets are elsewhere."""
    found = []
    for (row_caller, hour), members in rows.items():
        if fold(row_caller) != caller or hour not in hours:
            continue
        row = {"Caller": row_caller, "timekey": instant(hour), "before_start": [], "after_end": [], "in_other_session": []}
        for member in members:
            times = [event["time"] for event in moments if fold(event["operation"]) == fold(member) and hour_of(event["time"]) == hour]
            if any(session["start"] <= at < session["end"] for at in times):
                continue
            other = next((one for one in sessions if one is not session and any(one["start"] <= at < one["end"] for at in times)), None)
            if other:
                row["in_other_session"].append({"operation": member, "session": other["id"]})
            elif min(times) < session["start"]:
                row["before_start"].append(member)
            else:
                row["after_end"].append(member)
        found.append(row)
    return found


SIGNALS_IN_FULL = 1000


def signals_in_report(session):
    """Up to a thousand signals stand one by one; more are counted by hour and kind."""
    signals = [{"kind": event["kind"], "time": instant(event["time"]), "resource_id": event["resource"], "ip": event["ip"],
                "app_id": event["app"]} for event in session["signals"]]
    if len(signals) <= SIGNALS_IN_FULL:
        return {"signals": signals}
    counts = {}
    for event in session["signals"]:
        key = (hour_of(event["time"]), event["kind"])
        counts[key] = counts.get(key, 0) + 1
    return {"signals": [], "signals_per_hour": [{"hour": instant(hour), "kind": kind, "count": counts[hour, kind]}
                                                for hour, kind in sorted(counts)]}


def make_sessions(events, raw_events, rows, settings, cut):
    callers = {}
    for event in events:
        if event["caller"] and event["time"] is not None:
            event["kind"] = signal_kind(event)
            callers.setdefault(fold(event["caller"]), []).append(event)
    all_hours = {hour_of(event["time"]) for event in raw_events if event["time"] is not None}
    cut_by_caller, account_callers = {}, {}
    for caller, moments in callers.items():
        moments.sort(key=order_key)
        cut_by_caller[caller] = cut_sessions(moments, settings["window"])
        for session in cut_by_caller[caller]:
            session["id"] = "%s|%s|%s" % (caller, instant(session["start"]), session["signals"][0]["kind"])
            session["accounts"] = {shell_account(event) for event in session["listings"]} - {""}
            for account in session["accounts"]:
                account_callers.setdefault(account, set()).add(caller)
    report = []
    for caller, sessions in cut_by_caller.items():
        moments = callers[caller]
        for session in sessions:
            done = [event for event in session["events"] if is_operation(event)]
            by_name = {}
            for event in done:
                by_name.setdefault(fold(event["operation"]), []).append(event)
            operations = sorted((make_operation(group) for group in by_name.values()), key=lambda operation: operation["name"])
            times = [event["time"] for event in session["signals"]]
            gaps = [later - earlier for earlier, later in zip(times, times[1:])]
            ips = distinct(event["ip"] for event in session["events"])
            earlier_ips = {fold(event["ip"]) for event in moments if event["ip"] and event["time"] < session["start"]}
            new_ips = [ip for ip in ips if fold(ip) not in earlier_ips] if earlier_ips else []
            flags = set()
            if session["end"] - session["start"] > TICKS_DAY:
                flags.add("long_chain")
            if len(session["accounts"]) >= 2:
                flags.add("several_shell_accounts")
            if any(len(account_callers[account]) >= 2 for account in session["accounts"]):
                flags.add("shared_shell_account")
            if session is sessions[0]:
                flags.add("first_use")
            if new_ips:
                flags.add("new_address")
            # An hour without any event right before or at the end of the session: what happened there may be missing from the export.
            for hour in (hour_of(session["start"]) - TICKS_HOUR, hour_of(session["end"])):
                if min(all_hours) <= hour <= max(all_hours) and hour not in all_hours:
                    flags.add("beside_gap")
            flags |= {event["odd"] for event in session["events"]} - {None}
            ranks = [SEVERITIES.index(operation["severity"]) for operation in operations if not operation["failed"]]
            if flags & {"several_shell_accounts", "shared_shell_account"}:
                ranks.append(SEVERITIES.index("medium"))
            hours = {hour_of(event["time"]) for event in session["listings"]}
            found = rows_of_session(session, sessions, rows, moments, caller, hours)
            line = {
                "id": session["id"], "caller": moments[0]["caller"], "start": instant(session["start"]), "end": instant(session["end"]),
                "severity": SEVERITIES[max(ranks)] if ranks else "none",
                "attribution": max((operation["attribution"] for operation in operations), key=STRENGTH.index, default="none"),
                "flags": by_bytes(flags), "longest_gap": duration(max(gaps)) if gaps else None, "sentinel_rows": found,
                "why_not": [] if found else why_no_row(session, hours, caller, raw_events, settings, cut, done),
            }
            line.update(signals_in_report(session))
            line.update({
                "operations": operations, "ips": ips, "new_ips": new_ips,
                "subscriptions": distinct(event["subscription"] for event in session["events"]),
                "resource_groups": distinct(event["group"] for event in session["events"]),
                "app_ids": distinct(event["app"] for event in session["events"]),
            })
            report.append((session["start"], line["caller"], line))
    report.sort(key=lambda entry: entry[:2])
    return [line for _, _, line in report]


# ---------------------------------------------------------------------------------------------------------------- the whole report

def zone_in_report(sources, settings):
    """The zone's offsets from the first to the last that some event is read by. What makes a time odd is the offset behind its own."""
    zone = settings["local_zone"]
    if zone is None or isinstance(zone, int):
        return {"local_offset": None if zone is None else timetext.offset_text(zone * 60), "local_zone": None}
    changes, used = timetext.zone_changes(zone), set()
    for source in sources:
        for event in source["events"]:
            if event["time"] is None or event["reading"].has_offset or source["utc"]:
                continue
            second = (event["time"] - timetext.UNIX_EPOCH) // timetext.TICKS_SECOND
            place = sum(1 for since, _ in changes[1:] if since <= second)
            used.add(place)
            if event["odd"] == "ambiguous_time":
                used.add(place + 1)
            if event["odd"] == "skipped_time":
                used.add(place - 1)
    part = changes[min(used):max(used) + 1] if used else []
    return {"local_offset": None, "local_zone": {"name": zone.key, "offsets": timetext.zone_data(part)}}


def covered(times):
    """First and last event, how many, and the hours between them that hold none."""
    if not times:
        return {"first": None, "last": None, "events": 0, "gaps": []}
    hours = sorted({hour_of(at) for at in times})
    gaps = [{"from": instant(before + TICKS_HOUR), "to": instant(after)} for before, after in zip(hours, hours[1:])
            if after - before > TICKS_HOUR]
    return {"first": instant(min(times)), "last": instant(max(times)), "events": len(times), "gaps": gaps}


def hunt(sources, settings):
    """`sources` from read_file. Sorted by path, size and content first, so that their order does not matter."""
    sources.sort(key=lambda source: (source["path"], source["bytes"], source["content"]))
    for source in sources:
        source["duplicates"] = 0
        # Day or month first: what the analyst says; else what the column proves, if it proves one of them and not both.
        order = settings["date_order"] or (min(source["proofs"]) if len(source["proofs"]) == 1 else None)
        for event in source["events"]:
            event["time"], event["odd"] = timetext.settle(event["reading"], order, 0 if source["utc"] else settings["local_zone"])
    raw_events = [event for source in sources for event in source["events"]]
    whole = unique_events(sources, settings)
    times = [event["time"] for event in raw_events if event["time"] is not None]

    as_of = settings["as_of"] if settings["as_of"] is not None else max(times, default=None)
    cut = as_of - settings["look_back"] if settings["look_back"] is not None and as_of is not None else None
    runnable = [event for event in raw_events if can_run(event["source"])]
    rows = published_query(runnable, settings, cut)
    strict_rows = published_query(runnable, dict(settings, succeeded_is_success=False), cut)
    all_rows = published_query(runnable, settings, None)
    sessions = make_sessions(whole, raw_events, rows, settings, cut)

    marks = []
    for key in rows:
        names = (["empty_caller"] if key[0] == "" else []) + (["owed_to_succeeded"] if key not in strict_rows else [])
        if names:
            marks.append({"Caller": key[0], "timekey": instant(key[1]), "marks": names})
    subscriptions = {}
    for event in sorted((event for event in raw_events if event["time"] is not None), key=order_key):
        subscriptions.setdefault(fold(event["subscription"]), []).append(event)
    per_hour = {}
    for at in times:
        per_hour[hour_of(at)] = per_hour.get(hour_of(at), 0) + 1
    sentinel = [{"Caller": caller, "timekey": instant(hour), "Caller1": caller, "timekey1": instant(hour),
                 "set_OperationNameValue": members, "timestamp": instant(hour), "AccountCustomEntity": caller}
                for (caller, hour), members in rows.items()]
    return {
        "settings": zone_in_report(sources, settings),
        "inputs": [{"path": source["path"], "bytes": source["bytes"], "framed": source["framed"], "events": len(source["events"]),
                    "other": source["other"], "rejected": source["rejected"], "repaired": source["repaired"], "duplicates": source["duplicates"],
                    "no_time": sum(1 for event in source["events"] if event["time"] is None),
                    "app_ids": any(event["app"] for event in source["events"]),
                    "missing": [name for name in COLUMNS if source["events"] and name not in source["present"]],
                    "notes": by_bytes({event["odd"] for event in source["events"]} - {None})} for source in sources],
        "sentinel": sentinel if any(can_run(source) for source in sources) else None,
        "sentinel_cannot_run": [{"path": source["path"], "missing": [name for name in COLUMNS if name not in source["present"]]}
                                for source in sources if source["events"] and not can_run(source)],
        "sentinel_marks": marks,
        "sessions": sessions,
        "totals": {"events": len(raw_events), "duplicates": sum(source["duplicates"] for source in sources),
                   "no_caller": sum(1 for event in raw_events if event["caller"] == ""),
                   "no_time": sum(1 for event in raw_events if event["time"] is None), "sessions": len(sessions),
                   "sentinel_rows": len(rows), "rows_owed_to_succeeded": len([key for key in rows if key not in strict_rows]),
                   "rows_lost_to_look_back": len(all_rows) - len(rows)},
        "hours": [{"hour": instant(hour), "events": per_hour[hour]} for hour in sorted(per_hour)],
        "coverage": dict(covered(times), subscriptions=[
            dict({"subscription": events[0]["subscription"]}, **covered([event["time"] for event in events]))
            for events in sorted(subscriptions.values(), key=lambda events: events[0]["subscription"])]),
    }


def make_settings(window="1h", look_back="none", as_of="newest", succeeded_is_success="on", local_offset=None, local_zone=None,
                  date_order="auto"):
    return {"window": parse_duration(window), "look_back": None if look_back == "none" else parse_duration(look_back),
            "as_of": None if as_of == "newest" else timetext.read(as_of).day_first, "succeeded_is_success": succeeded_is_success == "on",
            "local_zone": parse_zone(local_zone or local_offset) if local_zone or local_offset else None,
            "date_order": {"day-first": "day", "month-first": "month"}.get(date_order)}


def hunt_paths(paths, **options):
    """The report over these files, each an input by its base name."""
    return hunt([read_file(path, os.path.basename(path)) for path in paths], make_settings(**options))


def main():
    parser = argparse.ArgumentParser(description="The Cloud Shell hunt, second implementation; prints the checked part of the report.")
    parser.add_argument("--window", default="1h")
    parser.add_argument("--look-back", default="none")
    parser.add_argument("--as-of", default="newest")
    parser.add_argument("--succeeded-is-success", choices=("on", "off"), default="on")
    parser.add_argument("--local-zone", "--local-offset", metavar="NAME|+hh:mm")
    parser.add_argument("--date-order", choices=("auto", "day-first", "month-first"), default="auto")
    parser.add_argument("--each", action="store_true", help="one report a line for each file alone")
    parser.add_argument("paths", nargs="+", metavar="PATH")
    given = vars(parser.parse_args())
    paths, each = given.pop("paths"), given.pop("each")
    if each:
        for path in paths:
            print(json.dumps(hunt_paths([path], **given), ensure_ascii=False))
    else:
        json.dump(hunt_paths(paths, **given), sys.stdout, ensure_ascii=False, indent=1)
        print()


if __name__ == "__main__":
    main()
