#!/usr/bin/env python3
"""Compares a build of the hunt with the independent one on random exports (generate.py): all files of a world in one hunt, with the
world's settings, in two orders, and each file alone, with the defaults, in one start of the program.

A difference is printed with the files that make it, which stay where --keep says. Last line: `N passed, N failed`; exit status 1 when
anything failed.
"""
import argparse
import json
import os
import shutil
import sys
import tempfile

import generate
import hunt as independent
from compare import broken_promises, differences, run, run_each

SHOWN = 6
ALONE = {"local_offset": "+05:30"}  # of the columns in local time


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--native", default="build/native/tests/core/native_hunt", metavar="PROGRAM",
                        help="has --each; scripts/hunt does not")
    parser.add_argument("--count", type=int, default=1000, help="at least so many files (default: 1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", metavar="FOLDER", help="where worlds that differ are kept")
    given = parser.parse_args()
    command = [os.path.abspath(given.native)]
    passed = failed = files = number = found_rows = found_sessions = 0
    with tempfile.TemporaryDirectory() as work:
        while files < given.count:
            folder = os.path.join(work, str(number))
            paths, settings = generate.write_world(folder, given.seed, number)
            results = []
            expected = independent.hunt_paths(paths, **settings)
            found_rows += expected["totals"]["sentinel_rows"]
            found_sessions += expected["totals"]["sessions"]
            status, text, report, errors = run(command, settings, paths)
            problems = ["no report; exit status %d; %s" % (status, errors[-300:])] if report is None else \
                differences(expected, report) + broken_promises(report)
            results.append(("together " + json.dumps(settings), problems))
            if len(paths) > 1:
                _, other_text, _, _ = run(command, settings, paths[::-1])
                results.append(("files in reverse order", [] if other_text == text else ["the bytes of the report differ"]))
            status, reports, errors = run_each(command, ALONE, paths)
            if len(reports) != len(paths):
                problem = "%d reports of %d files; exit status %d; %s" % (len(reports), len(paths), status, errors[-300:])
                results.append(("each alone", [problem]))
            for path, report in zip(paths, reports):
                expected = independent.hunt_paths([path], **ALONE)
                results.append((os.path.basename(path), differences(expected, report) + broken_promises(report)))
            for name, problems in results:
                if not problems:
                    passed += 1
                    continue
                failed += 1
                print("FAILED seed %d world %d, %s" % (given.seed, number, name))
                for problem in problems[:SHOWN]:
                    print("    " + problem)
            if given.keep and any(problems for _, problems in results):
                shutil.copytree(folder, os.path.join(given.keep, "%d-%d" % (given.seed, number)), dirs_exist_ok=True)
            shutil.rmtree(folder)
            files += len(paths)
            number += 1
    print("%d worlds, %d files, %d rows and %d sessions expected" % (number, files, found_rows, found_sessions))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not found_rows or not found_sessions else 0


if __name__ == "__main__":
    sys.exit(main())
