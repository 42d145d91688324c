#!/usr/bin/env python3
"""Runs a build of the hunt on every golden case and compares its report with two answers that do not come from it.

First with the case's expected.json (checked in, written or confirmed by hand: README.md), then with everything that the independent hunt
(../differential/hunt.py) says about the same files: rows, marks, sessions with all their fields, totals, hours, coverage, counts per input.
Each case runs again with wrong file extensions, and, if it has several files, with the files named in reverse order: the report must be the
same, in that last case byte for byte. Last line: `N passed, N failed`; exit status 1 when anything failed.
"""
import argparse
import json
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "differential"))
import hunt as independent  # noqa: E402  (the path must be set first)
from compare import broken_promises, differences, run  # noqa: E402

SHOWN = 12  # differences of one case that are worth a look


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, problems):
        if not problems:
            self.passed += 1
            return
        self.failed += 1
        print("FAILED %s" % name)
        for problem in problems[:SHOWN]:
            print("    " + problem)
        if len(problems) > SHOWN:
            print("    … and %d more" % (len(problems) - SHOWN))


def load_cases(only):
    for folder, folders, files in os.walk(HERE):
        folders.sort()
        if "case.json" in files:
            folders[:] = []
            name = os.path.relpath(folder, HERE).replace(os.sep, "/")
            if only and not any(word in name for word in only):
                continue
            with open(os.path.join(folder, "case.json"), encoding="utf-8") as file:
                case = json.load(file)
            with open(os.path.join(folder, "expected.json"), encoding="utf-8") as file:
                expected = json.load(file)
            held = os.path.join(folder, "input")
            yield name, case, expected, [os.path.join(held, path) for path in sorted(os.listdir(held))]


def wrong_names(paths, folder):
    """Copies under names that promise another format: JSON says .csv, everything else says .json. The order of names stays."""
    renamed = []
    for path in paths:
        name = os.path.basename(path)
        target = os.path.join(folder, name + (".csv" if name.endswith((".json", ".jsonl")) else ".json"))
        shutil.copyfile(path, target)
        renamed.append(target)
    return renamed


def with_old_names(report):
    """The report with the wrong extensions taken off again, for comparing with the first one."""
    text = json.loads(json.dumps(report))
    for entry in text.get("inputs", []) + text.get("sentinel_cannot_run", []):
        entry["path"] = entry["path"].rsplit(".", 1)[0]
    return text


def folded(value):
    """What every shape can hold of the scenario: names without case; REST spells them as the provider does, table rows in capitals."""
    if isinstance(value, str):
        return independent.fold(value)
    if isinstance(value, list):
        return [folded(element) for element in value]
    if isinstance(value, dict):
        return {key: folded(element) for key, element in value.items()}
    return value


def try_case(command, is_hunt, name, case, expected, paths):
    """The case's name, what was checked with the problems of each, and its story, where it is one of the scenario's shapes."""
    checks, settings, story = [], case["settings"], None
    second = independent.hunt_paths(paths, **settings)
    # The two answers that do not come from the program must agree before either is worth anything.
    checks.append((name + " (expected against independent)", differences(comparable(expected), second)))
    if name.startswith("scenario_"):
        told = ("sentinel",) if case.get("story") == "rows" else ("sentinel", "sessions")
        story = folded({part: second[part] for part in told})
    if not command:
        return name, checks, story
    status, text, report, errors = run(command, settings, paths)
    if report is None:
        checks.append((name, ["no report; exit status %d; %s" % (status, errors[-300:])]))
        return name, checks, story
    problems = differences(expected, report) + ["independent: " + text for text in differences(second, report)]
    problems += broken_promises(report)
    if is_hunt and "exit" in case and status != case["exit"]:
        problems.append("exit status %d, expected %d" % (status, case["exit"]))
    checks.append((name, problems))
    with tempfile.TemporaryDirectory() as folder:
        _, _, renamed, errors = run(command, settings, wrong_names(paths, folder))
        checks.append((name + " (wrong extensions)", ["no report; " + errors[-300:]] if renamed is None
                       else differences(with_old_names(renamed), report) + differences(report, with_old_names(renamed))))
    if len(paths) > 1:
        _, reversed_text, _, _ = run(command, settings, paths[::-1])
        checks.append((name + " (files in reverse order)", [] if reversed_text == text else ["the bytes of the report differ"]))
    return name, checks, story


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    side = parser.add_mutually_exclusive_group()
    side.add_argument("--native", metavar="PROGRAM", help="the native core, for example build/native/tests/core/native_hunt")
    side.add_argument("--hunt", metavar="PROGRAM", help="scripts/hunt; its exit status is checked too")
    parser.add_argument("--only", action="append", metavar="WORD", help="only cases whose name holds the word; may be given again")
    given = parser.parse_args()
    program = given.native or given.hunt
    command = [os.path.abspath(program)] if program else None
    tally, scenarios = Tally(), {}

    # Side by side: most of the time is the program's, which starts some six hundred times.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as side_by_side:
        for name, checks, story in side_by_side.map(lambda loaded: try_case(command, given.hunt, *loaded), load_cases(given.only)):
            for told, problems in checks:
                tally.check(told, problems)
            if story is not None:
                scenarios[name] = story

    # One story in every shape: the same rows and the same sessions.
    for name, story in scenarios.items():
        first = next(whole for whole in scenarios.values() if "sessions" in whole)
        tally.check(name + " (same story as the first shape)", differences({part: first[part] for part in story}, story, "story"))
    print("%d passed, %d failed" % (tally.passed, tally.failed))
    return 1 if tally.failed or not tally.passed else 0


# What the program says of an input in its own words; the independent hunt has none for it.
OWN_WORDS = ("notes", "rejects", "refused", "shape")


def comparable(expected):
    """The part of an expected answer that the independent hunt gives too."""
    return dict(expected, inputs=[{key: value for key, value in entry.items() if key not in OWN_WORDS} for entry in expected["inputs"]]) \
        if "inputs" in expected else expected


if __name__ == "__main__":
    sys.exit(main())
