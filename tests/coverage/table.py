#!/usr/bin/env python3
"""Prints what `llvm-cov export` counted: lines and branches per folder of the core, then the branches that no test took.

A branch is one way out of one condition. Those never taken are compared with unreached.txt, which says of some why none has to be: what stands
there and is reached now, or is not there and not reached, is named. `file | *` there speaks of all that is not reached in a file.
    table.py EXPORT.json
"""
import collections
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests"))
from explained import read_explained  # noqa: E402  (the path must be set first)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["data"][0]["files"]
    folders = collections.defaultdict(lambda: [0, 0, 0, 0])
    missed = []
    for entry in files:
        name = os.path.relpath(entry["filename"], ROOT)
        if not name.startswith("core" + os.sep):
            continue
        counts = folders[os.path.dirname(name)]
        lines, branches = entry["summary"]["lines"], entry["summary"]["branches"]
        for place, value in enumerate((lines["covered"], lines["count"], branches["covered"], branches["count"])):
            counts[place] += value
        with open(entry["filename"], encoding="utf-8") as file:
            source = file.read().splitlines()
        # The same condition of a template or an inlined function is listed once for each; it is reached if one of them is.
        ways = collections.defaultdict(lambda: [0, 0])
        for line, column, _, end, taken, passed, *_ in entry["branches"]:
            ways[(line, column, end)][0] += taken
            ways[(line, column, end)][1] += passed
        for (line, column, end), (taken, passed) in sorted(ways.items()):
            if re.match(r"\s*switch \(", source[line - 1]):
                continue  # the way past all cases, which a switch over every value of an enumeration has not
            for count, way in ((taken, "true"), (passed, "false")):
                if count == 0:
                    missed.append((name, line, source[line - 1].strip(), source[line - 1][column - 1 : end - 1], way))
    total = [sum(counts[place] for counts in folders.values()) for place in range(4)]
    print("%-14s %13s %8s %15s %8s" % ("folder", "lines", "", "branches", ""))
    for folder, (line, lines, branch, branches) in [*sorted(folders.items()), ("all", total)]:
        print("%-14s %6d/%6d %6.1f %% %7d/%7d %6.1f %%" % (folder, line, lines, 100 * line / max(lines, 1), branch, branches, 100 * branch / max(branches, 1)))
    explained, met, unexplained = read_explained(os.path.join(HERE, "unreached.txt")), set(), 0
    print("\nnever taken:")
    for name, line, text, condition, way in missed:
        known = (name, text) in explained or (name, "*") in explained
        met.add((name, text))
        unexplained += not known
        print("%s %s:%d never %s: %s" % ("explained  " if known else "UNEXPLAINED", name, line, way, condition or text))
    for head in sorted(set(explained) - met - {(name, "*") for name, *_ in missed}):
        print("reached now, or no longer there: %s | %s" % head)
    print("%d branches never taken, %d of them unexplained" % (len(missed), unexplained))
    if unexplained:
        sys.exit(1)


if __name__ == "__main__":
    main()
