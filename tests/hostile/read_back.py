#!/usr/bin/env python3
"""Reads exports as others do, by Python's own csv and html.parser, and undoes the escapes by what the README says of them. Shares nothing with
what wrote them. Arguments: files; what a name ends in says what it is (.safe.csv, .csv, .html, .md.html: rendered Markdown, .txt).
Prints one JSON object, file -> what stands in it.
"""
import csv
import html.parser
import json
import re
import sys

LEADS = "=+-@\uff1d\uff0b\uff0d\uff20"
SEPARATORS = ";\t\r\n"


def is_lead(text, controls):
    """Whether, behind apostrophes and then blanks, it starts like a formula or (in front of a field) by a control character."""
    text = text.lstrip("'")
    if controls and text[:1] in ("\t", "\r", "\n", "\0") and text:
        return True
    text = text.lstrip(" ")
    return text[:1] in LEADS and text != ""


def text_of_field(field):
    """Takes out the apostrophes that were put before what reads as a formula: at the field's start, and behind what another reader takes for
    the end of a cell."""
    at = 1 if field.startswith("'") and is_lead(field, True) else 0
    text = ""
    for cell in re.finditer(r"[^;\t\r\n]*[;\t\r\n]?", field[at:]):
        part = cell.group()
        before = re.match(r'[ "]*', part).group()
        rest = part[len(before):]
        if cell.start() > 0 and rest.startswith("'") and is_lead(rest, False):
            part = before + rest[1:]
        text += part
    return text


def text_of_escapes(shown):
    """Every \\u{…} stands for a character."""
    return re.sub(r"\\u\{([0-9A-Fa-f]+)\}", lambda match: chr(int(match.group(1), 16)), shown)


SHORT = {"\\t": "\t", "\\n": "\n", "\\r": "\r"}


class Page(html.parser.HTMLParser):
    """Tables by their label, a cell as its text and the texts of its <bdi> elements; all tags and attributes; other text."""

    def __init__(self, marked):
        super().__init__(convert_charrefs=True)
        self.marked = marked  # escapes stand in elements of their own
        self.tables, self.tags, self.attributes, self.comments, self.other = [], set(), set(), [], []
        self.cell = None
        self.bdi = self.escape = False

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        attrs = dict(attrs)
        if tag == "table":
            self.tables.append({"label": attrs.get("aria-label", ""), "rows": []})
        elif tag == "tr":
            self.tables[-1]["rows"].append([])
        elif tag in ("td", "th"):
            self.cell = {"text": "", "bdi": []}
            self.tables[-1]["rows"][-1].append(self.cell)
        elif tag == "bdi":
            self.bdi = True
            if self.cell is not None:
                self.cell["bdi"].append("")
            else:
                self.other.append("")
        elif tag == "br" and self.cell is not None:
            self.cell["text"] += "\n"
        elif tag == "span" and attrs.get("class") == "escape":
            self.escape = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = None
        elif tag == "bdi":
            self.bdi = False
        elif tag == "span":
            self.escape = False

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_data(self, data):
        if self.escape:
            data = SHORT.get(data) or text_of_escapes(data)
        elif not self.marked:
            data = text_of_escapes(data)
        if self.cell is not None:
            self.cell["text"] += data
            if self.bdi:
                self.cell["bdi"][-1] += data
        elif self.bdi:
            self.other[-1] += data


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        if path.endswith(".csv"):
            csv.field_size_limit(1 << 30)
            rows = list(csv.reader(file))
            if not path.endswith(".safe.csv"):
                return {"rows": rows}
            return {"fields": rows, "rows": [[text_of_field(field) for field in row] for row in rows]}
        text = file.read()
    if path.endswith(".html"):
        page = Page(marked=not path.endswith(".md.html"))
        page.feed(text)
        page.close()
        return {"tables": page.tables, "tags": sorted(page.tags), "attributes": sorted(page.attributes), "comments": page.comments,
                "other": page.other}
    return {"lines": [text_of_escapes(line) for line in text.split("\n")]}


if __name__ == "__main__":
    json.dump({path: read(path) for path in sys.argv[1:]}, sys.stdout)
