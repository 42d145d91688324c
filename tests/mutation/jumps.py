#!/usr/bin/env python3
"""Would a test notice? Turns the conditional jumps of the core over, one at a time, in the linked test program, and runs the tests on each.

A condition of the source is a conditional jump (or a set or a move on condition) in the machine's code, and whether it goes on equal or on
unequal is one bit. So a mutant is a copy of the test program with one bit turned, made in a millisecond; nothing is compiled again. The build
(cmake --preset mutation) leaves jumps where the source has them and keeps their line numbers. x86-64 alone.

A mutant is killed when a test fails, crashes, or takes ten times its processor time. The nearest tests run first, then all others, the golden
cases; what no test notices is a survivor. survivors.txt explains those that are known: one that does not stand there
makes the exit status 1. Last line: `N mutants, N killed (N %), N survivors, N of them unexplained`.
"""
import argparse
import concurrent.futures
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path[:0] = [os.path.join(ROOT, *folder) for folder in (["tests"], ["tests", "golden"], ["tests", "differential"])]
import compare  # noqa: E402  (the path must be set first)
import run as golden  # noqa: E402
from explained import read_explained  # noqa: E402

BUILD = os.path.join(ROOT, "build", "mutation")
TESTS = "tests/core/core_tests"
HUNT = "tests/core/native_hunt"

# What is mutated, and which files of tests/core speak of it: those are asked first.
GROUPS = {
    "rule": (["core/hunt/rule.cpp", "core/hunt/signals.cpp", "core/hunt/words.cpp"], ["rule", "signals", "sessions", "timeline"]),
    "sessions": (["core/hunt/sessions.cpp", "core/hunt/moment.cpp", "core/hunt/moment.h", "core/hunt/timeline.cpp"], ["sessions", "timeline", "signals", "rehunt"]),
    "time": (["core/time/parse.cpp", "core/time/ticks.cpp", "core/time/zone.cpp"], ["time", "time_edges", "zone"]),
    "framers": (["core/bytes/csv_framer.cpp", "core/bytes/csv_scan.cpp", "core/bytes/json_framer.cpp", "core/bytes/json_scan.cpp",
                 "core/bytes/line_framer.cpp", "core/bytes/line_ends.h", "core/bytes/block64.h"],
                ["framers", "scan"]),
}
# Test cases that read megabytes, or cut a file at each of its bytes, are asked last, and only about what they are for: where records end.
LONG = re.compile(r"longer than|up to the limit|a bracket too much|cut at any byte|one record of many|stops at its limits|"
                  r"cut or too long is rejected once")
LONGEST = re.compile(r"^(parts|cuts): (LF, CR|whatever|one cut after|seams)")
STAGES = ("the nearest tests", "the others", "golden cases", "long tests", "the longest tests")
FACTOR, SPARE = 10, 3  # times the processor time that the untouched program takes, and seconds
MEMORY = 4 << 30


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Program:
    """A linked program: its code's place in the file, and its conditions with their lines."""

    def __init__(self, path):
        self.path = path
        for line in output_of("readelf", "-SW", path).splitlines():
            found = re.search(r"\] \.text\s+\S+\s+([0-9a-f]+)\s+([0-9a-f]+)", line)
            if found:
                self.address, self.offset = int(found.group(1), 16), int(found.group(2), 16)

    def conditions(self):
        """(symbol, offset in it) -> (place in the file, source file, line), of every condition whose innermost line is the core's."""
        places, symbol, begin = [], None, 0
        for line in output_of("objdump", "-d", "-w", "--section=.text", self.path).splitlines():
            head = re.match(r"([0-9a-f]+) <(.+)>:$", line)
            if head:
                begin, symbol = int(head.group(1), 16), head.group(2)
                continue
            parts = line.split("\t")
            if len(parts) < 3:
                continue
            address = int(parts[0].strip().rstrip(":"), 16)
            code = bytes.fromhex(parts[1].replace(" ", ""))
            at = 0
            while at < len(code) and code[at] in (0x66, *range(0x40, 0x50)) and code[at] != 0x0F:
                at += 1  # prefixes
            if 0x70 <= code[at] <= 0x7F and at + 2 == len(code):
                places.append((symbol, address - begin, address + at))
            elif code[at] == 0x0F and at + 1 < len(code) and code[at + 1] >> 4 in (4, 8, 9):
                places.append((symbol, address - begin, address + at + 1))
        lines = subprocess.run(["addr2line", "-e", self.path], input="\n".join("%x" % place[2] for place in places), check=True,
                               capture_output=True, text=True).stdout.splitlines()
        out = {}
        for (symbol, inside, address), line in zip(places, lines):
            name, _, number = line.partition(" ")[0].rpartition(":")
            name = os.path.relpath(os.path.normpath(name), ROOT)
            if number.isdigit() and not name.startswith(".."):
                out[(symbol, inside, name, int(number))] = address - self.address + self.offset
        return out


def cases_of(words):
    """The names of the test cases of these files of tests/core."""
    names = []
    for word in words:
        with open(os.path.join(ROOT, "tests", "core", word + "_test.cpp"), encoding="utf-8") as file:
            names += re.findall(r'^TEST_CASE\("((?:[^"\\]|\\.)*)"', file.read(), re.M)
    return names


class Suite:
    """The stages that a mutant goes through until one of them notices."""

    def __init__(self, near, work, slow):
        self.work = work
        every = sorted(name[: -len("_test.cpp")] for name in os.listdir(os.path.join(ROOT, "tests", "core")) if name.endswith("_test.cpp"))
        names = cases_of(word for word in every if word not in ("properties", "kernels"))
        longest = [name for name in names if LONGEST.search(name)]
        long = [name for name in names if LONG.search(name) and name not in longest]
        first = [name for name in cases_of(near) if name not in long and name not in longest]
        stages = [first, [name for name in names if name not in first and name not in long and name not in longest], None]
        if slow:
            stages += [long, longest]
        self.listed = []
        for number, stage in enumerate(stages):
            self.listed.append(stage and os.path.join(work, "stage%d.txt" % number))
            if stage:
                with open(self.listed[-1], "w", encoding="utf-8") as file:
                    file.write("".join('"%s"\n' % name.replace(",", "\\,") for name in stage))
        self.limits = [None] * len(stages)
        self.cases = list(golden.load_cases(None))
        self.reports = None

    def start(self, command, limit):
        """Exit status and output, or None when it took too long."""

        def confine():
            os.setsid()
            if limit:
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, preexec_fn=confine)
        try:
            output = process.communicate(timeout=(limit or 600) * 30)[0]  # for one that waits, whatever else the machine does
            return process.returncode, output
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None

    def report(self, folder, case, limit=None):
        _, case, _, paths = case
        program = [os.path.join(folder, "native_hunt")]
        return self.start(program + compare.options(program, case["settings"]) + paths, limit)

    def passes(self, number, folder):
        if self.listed[number]:
            ended = self.start([os.path.join(folder, "core_tests"), "--abort", "--input-file", self.listed[number]], self.limits[number])
            return ended is not None and ended[0] == 0
        # A report that is the same, byte for byte, is as right as before; of one that differs the golden run says whether that is wrong.
        for case, whole in zip(self.cases, self.reports):
            if self.report(folder, case, SPARE) != whole:
                judge = [sys.executable, os.path.join(ROOT, "tests", "golden", "run.py"), "--native", os.path.join(folder, "native_hunt"), "--only", case[0]]
                ended = self.start(judge, None)
                if ended is None or ended[0] != 0:
                    return False
        return True

    def measure(self):
        folder = os.path.join(self.work, "whole")
        os.makedirs(folder, exist_ok=True)
        for name in (TESTS, HUNT):
            shutil.copy(os.path.join(BUILD, name), folder)
        self.reports = [self.report(folder, case) for case in self.cases]
        for number in range(len(self.listed)):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            if not self.passes(number, folder):
                sys.exit("mutate: the tests fail without a mutation (%s)" % STAGES[number])
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
            self.limits[number] = int(used * FACTOR) + SPARE

    def killer(self, folder):
        """The number of the stage that notices, or None."""
        for number in range(len(self.listed)):
            if not self.passes(number, folder):
                return number
        return None


def turn(source, target, place):
    with open(source, "rb") as file:
        code = bytearray(file.read())
    code[place] ^= 1
    with open(target, "wb") as file:
        file.write(code)
    os.chmod(target, 0o755)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("groups", nargs="*", metavar="GROUP", help="of %s; default: all" % ", ".join(GROUPS))
    parser.add_argument("--sample", type=int, metavar="N", help="N mutants of each group, by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", metavar="TEXT", action="append", help="only mutants whose file:line holds this, or that of another --only")
    given = parser.parse_args()
    for group in given.groups:
        if group not in GROUPS:
            parser.error("there is no group '%s'" % group)
    explained, met = read_explained(os.path.join(HERE, "survivors.txt")), set()
    tests, hunt = (Program(os.path.join(BUILD, name)) for name in (TESTS, HUNT))
    places, places_in_hunt = tests.conditions(), hunt.conditions()
    sources = {}

    def text_of(name, number):
        """None where the file has no such line: code of a library's template, for which GCC 12 names the file that it was made for."""
        if name not in sources:
            with open(os.path.join(ROOT, name), encoding="utf-8") as file:
                sources[name] = file.read().splitlines()
        return sources[name][number - 1].strip() if number <= len(sources[name]) else None

    total = killed = unexplained = 0
    for group in given.groups or GROUPS:
        files, near = GROUPS[group]
        mutants = sorted((key for key in places if key[2] in files and text_of(*key[2:]) is not None),
                         key=lambda key: (key[2], key[3], key[0], key[1]))
        if given.only:
            mutants = [key for key in mutants if any(only in "%s:%d" % key[2:] for only in given.only)]
        if given.sample and given.sample < len(mutants):
            mutants = sorted(random.Random(given.seed).sample(mutants, given.sample), key=lambda key: (key[2], key[3], key[0], key[1]))
        work = os.path.join(BUILD, "work", group)
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        suite = Suite(near, work, group == "framers")
        suite.measure()
        started = time.monotonic()
        stages = [0] * len(STAGES)

        def try_one(index):
            key = mutants[index]
            folder = os.path.join(work, str(index))
            os.makedirs(folder)
            turn(tests.path, os.path.join(folder, "core_tests"), places[key])
            # Code that only the tests link is not in the hunt, which then runs untouched.
            if key in places_in_hunt:
                turn(hunt.path, os.path.join(folder, "native_hunt"), places_in_hunt[key])
            else:
                shutil.copy(hunt.path, folder)
            stage = suite.killer(folder)
            shutil.rmtree(folder)
            return stage

        def tell(key):
            """Whether survivors.txt explains this survivor, having said which it is: a run takes hours, and may end before its end."""
            name, number = key[2:]
            head = (name, text_of(name, number))
            known = head in explained
            met.add(head)
            where = output_of("c++filt", key[0]).strip().removeprefix("csh::").replace("(anonymous namespace)::", "").partition("(")[0]
            print("%s %s:%d | %s   [in %s+0x%x]" % ("explained  " if known else "UNEXPLAINED", name, number, head[1], where, key[1]), flush=True)
            return known

        survivors = 0
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            for index, stage in enumerate(pool.map(try_one, range(len(mutants)))):
                if stage is None:
                    survivors += 1
                    unexplained += not tell(mutants[index])
                else:
                    stages[stage] += 1
                if (index + 1) % 50 == 0:
                    print("  %s: %d of %d, %d survive" % (group, index + 1, len(mutants), survivors), file=sys.stderr, flush=True)
        count = len(mutants)
        total += count
        killed += count - survivors
        told = ", ".join("%d by %s" % pair for pair in zip(stages, STAGES))
        print("%s: %d mutants, %d killed (%.1f %%): %s; %d s" % (group, count, count - survivors, 100 * (count - survivors) / max(count, 1),
                                                              told, time.monotonic() - started), flush=True)
    if not given.groups and not given.sample and not given.only:
        for head in explained:
            if head not in met:
                print("no longer survives, or is no longer there: %s | %s" % head)
    print("%d mutants, %d killed (%.1f %%), %d survivors, %d of them unexplained" % (total, killed, 100 * killed / max(total, 1), total - killed, unexplained))
    sys.exit(1 if unexplained else 0)


if __name__ == "__main__":
    main()
