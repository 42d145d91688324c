"""Reads a list of what may be as it is, and why: lines of the source that no test reaches (coverage/unreached.txt), or whose conditions no test
would miss (mutation/survivors.txt). Lines are known by their text, so that the list survives edits elsewhere in their file.
"""


def read_explained(path):
    """(file, text of the line) -> why. A paragraph is `file | text` once or more, then the explanation, indented; # begins a comment."""
    explained, heads, fresh = {}, [], True
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            if line.startswith(" "):
                for head in heads:
                    explained[head] = (explained.get(head, "") + " " + line.strip()).strip()
                fresh = True
                continue
            if fresh:
                heads, fresh = [], False
            name, _, text = line.strip().partition(" | ")
            heads.append((name, text))
    return explained
