"""What tests/golden/run.py and tests/differential/run.py share: running a build of the hunt and naming where two reports differ.

A report is made of text and small numbers, so a difference is named by where it stands and printed in pure ASCII: the evidence in it may
hold control and bidirectional characters.
"""
import json
import os
import subprocess

import timetext


def shorten(value):
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 300 else text[:300] + "..."


def differences(expected, actual, where="report"):
    """What is in `expected` and not so in `actual`. Objects may hold more than expected, except the map of statuses; lists may not."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return ["%s: expected an object, got %s" % (where, shorten(actual))]
        found = []
        for key, value in expected.items():
            if key not in actual:
                found.append("%s.%s: missing, expected %s" % (where, key, shorten(value)))
            elif key == "statuses":  # a map of words to counts: another word is another answer
                if actual[key] != value:
                    found.append("%s.%s: expected %s, got %s" % (where, key, shorten(value), shorten(actual[key])))
            elif key == "notes" and all(isinstance(code, str) for code in value):  # codes alone; the sentences are for people
                codes = [note["code"] for note in actual[key]]
                found += ["%s.notes: no note %r among %s" % (where, code, codes) for code in value if code not in codes]
            else:
                found += differences(value, actual[key], "%s.%s" % (where, key))
        return found
    if isinstance(expected, list):
        if not isinstance(actual, list):
            return ["%s: expected a list, got %s" % (where, shorten(actual))]
        if len(expected) != len(actual):
            return ["%s: expected %d elements %s, got %d %s" % (where, len(expected), shorten(expected), len(actual), shorten(actual))]
        return [text for index, pair in enumerate(zip(expected, actual)) for text in differences(*pair, "%s[%d]" % (where, index))]
    same = expected == actual and isinstance(expected, bool) == isinstance(actual, bool)
    return [] if same else ["%s: expected %s, got %s" % (where, shorten(expected), shorten(actual))]


def options(command, settings):
    """native_hunt knows no zone by name and gets its offsets, from another database than the one in JavaScript."""
    words = []
    for key, value in settings.items():
        if key == "local_zone" and value[0] not in "+-" and os.path.basename(command[0]) == "native_hunt":
            zone = timetext.parse_zone(value)
            value = json.dumps({"name": zone.key, "offsets": timetext.zone_data(timetext.zone_changes(zone))})
        words += ["--" + key.replace("_", "-"), value]
    return words


def run(command, settings, paths):
    """Exit status, bytes of the report, the report itself, standard error. The report is None when none came out."""
    done = subprocess.run(command + options(command, settings) + paths, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = None
    return done.returncode, done.stdout, report, done.stderr.decode("utf-8", "replace").strip()


def run_each(command, settings, paths):
    """One report a file, all from one start of the program."""
    done = subprocess.run(command + ["--each"] + options(command, settings) + paths, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    text, reports, at = done.stdout.decode("utf-8"), [], 0
    decoder = json.JSONDecoder()
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        report, at = decoder.raw_decode(text, at)
        reports.append(report)
    return done.returncode, reports, done.stderr.decode("utf-8", "replace").strip()


def broken_promises(report):
    """What holds for every report, whoever is right: nothing framed or read is lost, the columns of a row repeat each other, and a row with
    a caller belongs to at least one session."""
    found = []
    for entry in report["inputs"]:
        if entry["refused"]:
            continue
        counts = [entry[key] for key in ("events", "other", "rejected")]
        if entry["repaired"] == 0 and entry["framed"] != sum(counts):
            found.append("%s: framed %d is not events + other + rejected %s" % (entry["path"], entry["framed"], counts))
        spans = [entry[key] for key in ("record_bytes", "structure_bytes", "rejected_bytes")]
        if entry["bytes"] != sum(spans):
            found.append("%s: bytes %d are not records + structure + rejected %s" % (entry["path"], entry["bytes"], spans))
        if entry["rejected"] != sum(kind["count"] for kind in entry["rejects"]):
            found.append("%s: rejected %d, but the reasons count %s" % (entry["path"], entry["rejected"], shorten(entry["rejects"])))
    linked = {(row["Caller"], row["timekey"]) for session in report["sessions"] for row in session["sentinel_rows"]}
    for row in report["sentinel"] or []:
        if list(row) != ["Caller", "timekey", "Caller1", "timekey1", "set_OperationNameValue", "timestamp", "AccountCustomEntity"]:
            found.append("columns out of order: %s" % list(row))
        if row["Caller"] != "" and (row["Caller"], row["timekey"]) not in linked:
            found.append("no session has the row of %s at %s" % (shorten(row["Caller"]), row["timekey"]))
    for session in report["sessions"]:
        if bool(session["sentinel_rows"]) == bool(session["why_not"]):
            found.append("%s: rows %s, why_not %s" % (shorten(session["id"]), shorten(session["sentinel_rows"]), session["why_not"]))
    for key in ("bytes", "framed", "events", "other", "rejected", "repaired", "duplicates"):
        if report["totals"][key] != sum(entry[key] for entry in report["inputs"]):
            found.append("totals.%s is not the sum over the inputs" % key)
    return found
