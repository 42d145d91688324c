#!/usr/bin/env python3
"""Timestamps of every form, read by a build of the hunt and compared to 100 ns with typed answers and with an independent parser.

Three sources: texts typed here with the instant that each names (or none), what browsers print in 36 locales
(../golden/locale_time_formats.json), and random instants written in random forms, which timetext.py reads too. Each text stands in a file
of its own, so that no row proves anything for another: a CSV column in UTC with one console start, whose session begins there. What
names no instant must give no session and count as an event without a time, never as another instant.

Last line: `N passed, N failed`; exit status 1 when anything failed.
"""
import argparse
import csv
import io
import json
import os
import random
import sys
import tempfile

import timetext
from compare import run_each
from generate import LOCALES

HERE = os.path.dirname(os.path.abspath(__file__))
NONE = None


def typed():
    """(text, instant or None) and (text, (day first, month first)) where nothing proves the order."""
    exact = {
        # ISO 8601: letters in small, blanks for T, fractions of any length cut after seven digits, offsets
        "2026-03-14T09:12:05Z": "2026-03-14T09:12:05Z", "2026-03-14t09:12:05z": "2026-03-14T09:12:05Z",
        "2026-03-14 09:12:05Z": "2026-03-14T09:12:05Z", "2026-03-14 09:12:05": "2026-03-14T09:12:05Z",
        "2026-03-14T09:12:05": "2026-03-14T09:12:05Z", "2026-03-14, 09:12:05": "2026-03-14T09:12:05Z",
        "2026-03-14T09:12Z": "2026-03-14T09:12:00Z", "2026-03-14 09:12": "2026-03-14T09:12:00Z", "2026-03-14": "2026-03-14T00:00:00Z",
        "  2026-03-14T09:12:05Z ": "2026-03-14T09:12:05Z", "2026-03-14T09:12:05.3Z": "2026-03-14T09:12:05.3Z",
        "2026-03-14T09:12:05.32Z": "2026-03-14T09:12:05.32Z", "2026-03-14T09:12:05.323Z": "2026-03-14T09:12:05.323Z",
        "2026-03-14T09:12:05.3234Z": "2026-03-14T09:12:05.3234Z", "2026-03-14T09:12:05.32345Z": "2026-03-14T09:12:05.32345Z",
        "2026-03-14T09:12:05.323456Z": "2026-03-14T09:12:05.323456Z", "2026-03-14T09:12:05.3234567Z": "2026-03-14T09:12:05.3234567Z",
        "2026-03-14T09:12:05.32345678Z": "2026-03-14T09:12:05.3234567Z", "2026-03-14T09:12:05.323456789Z": "2026-03-14T09:12:05.3234567Z",
        "2026-03-14T09:12:05.32345679999999999999Z": "2026-03-14T09:12:05.3234567Z",
        "2026-03-14T09:12:05,3234567Z": "2026-03-14T09:12:05.3234567Z", "2026-03-14T09:59:59.99999999Z": "2026-03-14T09:59:59.9999999Z",
        "2026-03-14T09:12:05.0000001Z": "2026-03-14T09:12:05.0000001Z", "2026-03-14T09:12:05.00000009Z": "2026-03-14T09:12:05Z",
        "2026-03-14T09:12:05.0000000Z": "2026-03-14T09:12:05Z", "2026-03-14T09:12:05+00:00": "2026-03-14T09:12:05Z",
        "2026-03-14T09:12:05-00:00": "2026-03-14T09:12:05Z", "2026-03-14T09:12:05+01:00": "2026-03-14T08:12:05Z",
        "2026-03-14T09:12:05+0100": "2026-03-14T08:12:05Z", "2026-03-14T09:12:05+01": "2026-03-14T08:12:05Z",
        "2026-03-14T09:12:05+05:30": "2026-03-14T03:42:05Z", "2026-03-14T09:12:05+05:45": "2026-03-14T03:27:05Z",
        "2026-03-14T09:12:05-08:00": "2026-03-14T17:12:05Z", "2026-03-14T09:12:05-0330": "2026-03-14T12:42:05Z",
        "2026-03-14T00:12:05+14:00": "2026-03-13T10:12:05Z", "2026-03-14T22:12:05-12:00": "2026-03-15T10:12:05Z",
        "2026-03-14T09:12:05.3234567+02:00": "2026-03-14T07:12:05.3234567Z",
        "2026-03-14 09:12:05.123456+00:00": "2026-03-14T09:12:05.123456Z",
        "2026-03-14 09:12:05 +02:00": "2026-03-14T07:12:05Z", "2026-03-14 09:12:05.123 Z": "2026-03-14T09:12:05.123Z",
        "2025-12-31T23:30:00-01:00": "2026-01-01T00:30:00Z", "2026-01-01T00:30:00+01:00": "2025-12-31T23:30:00Z",
        "2024-03-01T00:30:00+01:00": "2024-02-29T23:30:00Z", "2023-03-01T00:30:00+01:00": "2023-02-28T23:30:00Z",
        "2026/03/14 09:12:05": "2026-03-14T09:12:05Z", "2026/3/4 9:12:05": "2026-03-04T09:12:05Z",
        "2026.03.14 09:12:05": "2026-03-14T09:12:05Z", "2026/03/14": "2026-03-14T00:00:00Z",
        # the ends of the calendar, leap days, before 1970
        "2024-02-29T12:00:00Z": "2024-02-29T12:00:00Z", "2000-02-29T12:00:00Z": "2000-02-29T12:00:00Z",
        "1969-12-31T23:59:59.9999999Z": "1969-12-31T23:59:59.9999999Z", "1601-01-01T00:00:00Z": "1601-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z": "0001-01-01T00:00:00Z", "0004-02-29T00:00:00Z": "0004-02-29T00:00:00Z",
        "9999-12-31T22:00:00.1234567Z": "9999-12-31T22:00:00.1234567Z", "2038-01-19T03:14:08Z": "2038-01-19T03:14:08Z",
        "2100-02-28T23:59:59Z": "2100-02-28T23:59:59Z", "2026-12-31T23:59:59.999Z": "2026-12-31T23:59:59.999Z",
        # numeric dates whose digits or form prove the order
        "14/03/2026 09:12": "2026-03-14T09:12:00Z", "14/03/2026 09:12:05": "2026-03-14T09:12:05Z", "14/3/2026 9:12": "2026-03-14T09:12:00Z",
        "03/14/2026 09:12": "2026-03-14T09:12:00Z", "3/14/2026 9:12": "2026-03-14T09:12:00Z", "31/12/2026 23:59": "2026-12-31T23:59:00Z",
        "12/31/2026 23:59": "2026-12-31T23:59:00Z", "14/03/2026": "2026-03-14T00:00:00Z", "14.03.2026 09:12": "2026-03-14T09:12:00Z",
        "04.03.2026 09:12": "2026-03-04T09:12:00Z", "4.3.2026 9:12:05": "2026-03-04T09:12:05Z",
        "14-03-2026 09:12:05": "2026-03-14T09:12:05Z",
        "3/4/2026, 12:00:00.000 AM": "2026-03-04T00:00:00Z", "3/4/2026, 12:00:00.000 PM": "2026-03-04T12:00:00Z",
        "3/4/2026, 11:59:59.999 PM": "2026-03-04T23:59:59.999Z", "5/29/2026, 10:26:20.038 PM": "2026-05-29T22:26:20.038Z",
        "26/02/2025, 11:58:34.221": "2025-02-26T11:58:34.221Z", "09/04/2024, 11:26:37.286": "2024-04-09T11:26:37.286Z",
        "04/03/2026, 2:07:05.038 pm": "2026-03-04T14:07:05.038Z", "04/03/2026, 12:07:05.038 am": "2026-03-04T00:07:05.038Z",
        "29/02/2024 10:00": "2024-02-29T10:00:00Z",
        # Kibana, .NET, counts since 1970
        "Mar 14, 2026 @ 09:12:05.123": "2026-03-14T09:12:05.123Z", "Jan 1, 2026 @ 00:00:00.000": "2026-01-01T00:00:00Z",
        "Dec 31, 2026 @ 23:59:59.999": "2026-12-31T23:59:59.999Z", "Feb 29, 2024 @ 12:00:00.000": "2024-02-29T12:00:00Z",
        "Sep 9, 2026 @ 09:09:09.009": "2026-09-09T09:09:09.009Z", "/Date(1773479525123)/": "2026-03-14T09:12:05.123Z",
        "/Date(0)/": "1970-01-01T00:00:00Z", "/Date(-1)/": "1969-12-31T23:59:59.999Z",
        "/Date(253402300799999)/": "9999-12-31T23:59:59.999Z", "1773479525": "2026-03-14T09:12:05Z",
        "1773479525123": "2026-03-14T09:12:05.123Z", "1773479525123456": "2026-03-14T09:12:05.123456Z",
        "1773479525123456789": "2026-03-14T09:12:05.1234567Z", "1000000000": "2001-09-09T01:46:40Z", "99999999999": "5138-11-16T09:46:39Z",
        "1000000000000": "2001-09-09T01:46:40Z", "99999999999999": "5138-11-16T09:46:39.999Z", "1000000000000000": "2001-09-09T01:46:40Z",
        "1000000000000000000": "2001-09-09T01:46:40Z", "9223372036854775807": "2262-04-11T23:47:16.8547758Z",
    }
    for month, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1):
        exact["%s 28, 2025 @ 01:02:03.004" % name] = "2025-%02d-28T01:02:03.004Z" % month
    nothing = [
        "", " ", "NaT", "null", "n/a", "yesterday", "-", "0", "2026", "99999999", "9223372036854775808", "2026-03", "09:12:05",
        "2026-02-30T09:00:00Z", "2026-02-29T09:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-06-31T00:00:00Z", "2026-09-31T00:00:00Z", "2026-11-31T00:00:00Z", "2026-01-32T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "0000-01-01T00:00:00Z", "2026-03-14T24:00:00Z",
        "2026-03-14T25:00:00Z", "2026-03-14T09:60:00Z", "2026-03-14T09:12:60Z", "2026-03-14T09:12:61Z", "2026-03-14T99:99:99Z",
        "10000-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "2026-03-14T09:12:05+24:00",
        "2026-03-14T09:12:05+05:60", "2026-03-14T09:12:05ZZ", "2026-03-14T09:12:05Z and more", "2026-03-14T09:12:05.Z",
        "2026-03-14T09:12:05.12x", "2026-03-14T09:12:05+", "2026-03-14T", "2026-03-14TZ", "x2026-03-14T09:12:05Z", "2026-03/14T09:12:05Z",
        "-2026-03-14T09:12:05Z", "31/04/2026 10:00", "30/02/2026 10:00", "29/02/2026 10:00", "32/01/2026 10:00", "00/03/2026 10:00",
        "14/00/2026 10:00", "14/13/2026 10:00", "13/13/2026 10:00", "14/14/2026 10:00",
        "14.13.2026, 10:00:00,000", "31.4.2026, 10:00:00,000",
        "14/03/2026 24:00", "14/03/2026 10:60", "14/03/2026, 13:00:00.000 pm", "3/14/2026, 13:00:00.000 PM", "3/14/2026, 0:00:00.000 AM",
        "3/31/2026, 13:00:00.000 AM", "4/31/2026, 1:00:00.000 PM", "2/29/2026, 1:00:00.000 PM", "Foo 14, 2026 @ 09:12:05.123",
        "Feb 30, 2026 @ 09:12:05.123", "Apr 31, 2026 @ 09:12:05.123", "Mar 14, 2026 @ 24:12:05.123", "Mar 0, 2026 @ 09:12:05.123",
        "/Date()/", "/Date(x)/", "/Date(1773479525123", "/Date(999999999999999999)/", "/Date(99999999999999999999999)/",
        "99999999999999999999999999", "1773479525.5", "1e12", "2026-03-14 30 h 00 min 00,000 s", "2026. 13. 14. 0:00:00,000",
        "14/03/26 09:12 oops", "14//03/2026 09:12", "2026-03-14T09:12:05 UTC+25",
    ]
    either = {
        "03/04/2026 09:12": ("2026-04-03T09:12:00Z", "2026-03-04T09:12:00Z"),
        "3/4/2026 9:12:05": ("2026-04-03T09:12:05Z", "2026-03-04T09:12:05Z"),
        "12/01/2026 00:00": ("2026-01-12T00:00:00Z", "2026-12-01T00:00:00Z"),
        "01/12/2026 23:59": ("2026-12-01T23:59:00Z", "2026-01-12T23:59:00Z"),
        "05/06/2026": ("2026-06-05T00:00:00Z", "2026-05-06T00:00:00Z"),
        "03-04-2026 09:12": ("2026-04-03T09:12:00Z", "2026-03-04T09:12:00Z"),
        "12/11/2024 10:00:00": ("2024-11-12T10:00:00Z", "2024-12-11T10:00:00Z"),
        "03/04/2026 2:07 pm": ("2026-04-03T14:07:00Z", "2026-03-04T14:07:00Z"),
    }
    cases = [(text, (answer, answer)) for text, answer in exact.items()]
    cases += [(text, (NONE, NONE)) for text in nothing]
    return cases + list(either.items())


def printed_by_browsers():
    with open(os.path.join(HERE, "..", "golden", "locale_time_formats.json"), encoding="utf-8") as file:
        held = json.load(file)
    for texts in held["locales"].values():
        for text, answer in zip(texts, held["instants"]):
            answer = timetext.instant(timetext.read(answer).day_first)
            yield text, (answer, answer)


def random_ones(rng, count):
    """Instants in random forms, some of them days that a month does not have; the answer is timetext.py's."""
    for _ in range(count):
        year, month, day = rng.choice([1, 1582, 1969, 2000, 2024, 2026, 2100, 9998]), rng.randrange(1, 13), rng.randrange(1, 32)
        hour, minute, second, digits = rng.randrange(24), rng.randrange(60), rng.randrange(60), "%09d" % rng.randrange(10**9)
        digits = digits[:rng.randrange(1, 10)]
        zone = rng.choice(["", "Z", "+00:00", "%s%02d:%02d" % (rng.choice("+-"), rng.randrange(15), rng.choice([0, 15, 30, 45]))])
        text = rng.choice([
            lambda: "%04d-%02d-%02d%s%02d:%02d:%02d%s%s%s" % (year, month, day, rng.choice("Tt "), hour, minute, second, rng.choice(".,"),
                                                               digits, zone),
            lambda: "%04d-%02d-%02dT%02d:%02d:%02d%s" % (year, month, day, hour, minute, second, zone),
            lambda: "%d/%d/%04d, %d:%02d:%02d.%s %s" % (month, day, year, (hour + 11) % 12 + 1, minute, second, digits[:3].ljust(3, "0"),
                                                        rng.choice(["AM", "PM"])),
            lambda: "%02d/%02d/%04d, %02d:%02d:%02d.%s" % (day, month, year, hour, minute, second, digits[:3].ljust(3, "0")),
            lambda: "%d.%d.%04d, %02d:%02d:%02d,%s" % (day, month, year, hour, minute, second, digits[:3].ljust(3, "0")),
            lambda: "%02d/%02d/%04d %02d:%02d" % (day, month, year, hour, minute),
            lambda: "%04d/%d/%d %d:%02d:%02d.%s" % (year, month, day, hour, minute, second, digits[:3].ljust(3, "0")),
            lambda: rng.choice(LOCALES)(rng.randrange(1, 32), hour, minute, second, rng.randrange(1000)),
            lambda: str(rng.randrange(10**9, 10**10) * 10**rng.choice([0, 3, 6, 9]) + rng.randrange(1000)),
        ])()
        reading = timetext.read(text)
        both = (NONE, NONE) if reading is None else (timetext.instant(reading.day_first), timetext.instant(reading.month_first))
        yield text, both


def csv_of(text):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Caller", "OperationNameValue", "TimeGenerated [UTC]"])
    writer.writerow(["ann@x.example", "Microsoft.Portal/consoles/write", text])
    return out.getvalue()


def found(report):
    """The instant that the program read, None for an event without a time, or what else it did."""
    sessions, no_time = report["sessions"], report["totals"]["no_time"]
    if report["totals"]["events"] == 1 and len(sessions) + no_time == 1:
        return sessions[0]["start"] if sessions else None
    return "events %d, sessions %d, no_time %d" % (report["totals"]["events"], len(sessions), no_time)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--native", default="build/native/tests/core/native_hunt", metavar="PROGRAM")
    parser.add_argument("--count", type=int, default=400, help="random texts besides the typed ones")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    cases = typed() + list(printed_by_browsers()) + list(random_ones(random.Random(given.seed), given.count))
    passed = failed = 0

    def check(text, what, expected, actual):
        nonlocal passed, failed
        if expected == actual:
            passed += 1
            return
        failed += 1
        print("FAILED %s, %s: expected %s, got %s" % (json.dumps(text), what, expected, actual))

    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (text, _) in enumerate(cases):
            paths.append(os.path.join(folder, "%05d.csv" % number))
            with open(paths[-1], "w", encoding="utf-8", newline="") as file:
                file.write(csv_of(text))
        reports = {}
        for order in ("auto", "day-first", "month-first"):
            _, reports[order], errors = run_each([os.path.abspath(given.native)], {"date_order": order}, paths)
            if len(reports[order]) != len(paths):
                print("FAILED %d reports of %d files; %s" % (len(reports[order]), len(paths), errors[-300:]))
                return 1
    for number, (text, (day_first, month_first)) in enumerate(cases):
        reading = timetext.read(text)
        own = (None, None) if reading is None else (timetext.instant(reading.day_first), timetext.instant(reading.month_first))
        check(text, "timetext.py", (day_first, month_first), own)
        check(text, "order not said", day_first if day_first == month_first else None, found(reports["auto"][number]))
        check(text, "day first", day_first, found(reports["day-first"][number]))
        check(text, "month first", month_first, found(reports["month-first"][number]))
    print("%d texts" % len(cases))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
