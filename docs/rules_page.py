"""docs/rules.md, made from rules/examples/*.toml: what each kind of rule reads, spelling by spelling.

The keys known here get a heading of their own; any other is shown by its name.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "rules" / "examples"
LEADS = {
    "text": "In:",
    "pairs": "Each with its own value:",
    "yes": "Yes:",
    "no": "No:",
    "not": "Not:",
    "todo": "Not yet:",
}
"""What stands above the examples of a group, in this order."""

INTRO = """\
# The rules by example

Every rule has its examples in [rules/examples/](../rules/examples/): many spellings under one value, texts that look alike and
are not (**Not**), and known failures with their reasons (**Not yet**). The tests hold each rule to them; a failure that begins
to work must move up. Every name in them is invented. Made by `python docs/generate.py` from those files."""

Group = dict[str, Any]


def rules_page(_: str = "") -> str:
    """The page."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}
    groups = {name: dict(_kinds(tomllib.loads(text))) for name, text in files.items()}
    parts = [INTRO, _contents(groups)]
    for name, kinds in groups.items():
        parts += [f"## {name.capitalize()}", *filter(None, [opening_comment(files[name])])]
        for kind, examples in kinds.items():
            parts.append(f"### {name}: {kind}")
            parts += [part for group in examples for part in _group(group)]
    return "\n\n".join(parts) + "\n"


def _kinds(data: dict[str, Any]) -> Iterator[tuple[str, list[Group]]]:
    """The groups of examples of each kind of rule; what is no table stands alone in one."""
    for kind, value in data.items():
        groups = value if isinstance(value, list) and all(isinstance(v, dict) for v in value) else [value]
        yield kind, [group if isinstance(group, dict) else {kind: group} for group in groups]


def opening_comment(text: str) -> str:
    """The comment that a file of examples opens with, which is Markdown.

    >>> opening_comment("# Case numbers.\\n#\\n#     a | b\\n\\n[[find]]")
    'Case numbers.\\n\\n    a | b'
    """
    comment = re.match(r"(?:#.*\n)*", text)
    return re.sub(r"(?m)^# ?", "", comment.group() if comment else "").strip("\n")


def _contents(groups: dict[str, dict[str, list[Group]]]) -> str:
    lines = ["| rules | groups | spellings | not | not yet |", "| :-- | --: | --: | --: | --: |"]
    for name, kinds in groups.items():
        every = [group for examples in kinds.values() for group in examples]
        spellings, negative, todo = (
            sum(len(group.get(key, ())) for group in every for key in keys)
            for keys in (("text", "pairs", "yes"), ("not", "no"), ("todo",))
        )
        lines.append(f"| [{name}](#{name}) | {len(every)} | {spellings} | {negative} | {todo} |")
    return "\n".join(lines)


def _group(group: Group) -> Iterator[str]:
    """A group: its rule and why, the value, then the examples; other keys before them."""
    rules = group.get("rule", [])
    names = ", ".join(f"**{code(rule)}**" for rule in ([rules] if isinstance(rules, str) else rules))
    why = prose(group.get("why", ""))
    yield from filter(None, [": ".join(filter(None, [names, why]))])
    if "value" in group:
        yield f"Reads as {shown(group['value'])}"
    others = [key for key in group if key not in {"rule", "why", "value", *LEADS}]
    for key in [*others, *(key for key in LEADS if key in group)]:
        yield f"{LEADS.get(key) or prose(key) + ':'}\n\n{_examples(group[key])}"


def _examples(values: Any) -> str:
    """Examples one a line; rows of equal make as a table."""
    if not isinstance(values, list):
        return f"- {shown(values)}"
    if values and all(isinstance(value, list) for value in values):
        width = max(map(len, values))
        rows = [[cell(shown(v)) for v in value] + [""] * (width - len(value)) for value in values]
        return "\n".join(f"| {' | '.join(row)} |" for row in [["text", *["value"] * (width - 1)], [":--"] * width, *rows])
    return "\n".join(f"- {_example(value)}" for value in values)


def _example(value: Any) -> str:
    """A text, or a text with what is said of it: a reason, a value."""
    if not isinstance(value, dict):
        return shown(value)
    said = [f"{prose(key)} {shown(v)}" for key, v in value.items() if key not in ("text", "reason")]
    parts = [shown(value[key]) for key in ("text",) if key in value] + said
    return ", ".join(parts) + (f": {prose(value['reason'])}" if "reason" in value else "")


def shown(value: Any) -> str:
    """A value as code, a list of words as several."""
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return ", ".join(map(code, value))
    return code(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))


def code(text: str) -> str:
    """A text in a code span, whatever it holds: what cannot be seen is spelled out, as TOML would.

    >>> code("1 000"), code("a`b"), code("a\\nb"), code("")
    ('`1 000`', '``a`b``', '`a\\\\nb`', '*empty*')
    """
    if not text:
        return "*empty*"
    visible = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    fence = "`" * (max(map(len, re.findall("`+", visible)), default=0) + 1)
    pad = " " if visible.strip(" ") and (visible[0] in " `" or visible[-1] in " `") else ""  # spaces alone are kept as they are
    return f"{fence}{pad}{visible}{pad}{fence}"


def cell(markdown: str) -> str:
    """Markdown as the cell of a table, where a bar would end it even inside code.

    >>> cell("`a|b`")
    '`a\\\\|b`'
    """
    return markdown.replace("|", r"\|")


def prose(text: str) -> str:
    """Plain words as Markdown, on one line.

    >>> prose("a *is* 1)\\nand <b>")
    'a \\\\*is\\\\* 1) and \\\\<b\\\\>'
    """
    escaped = re.sub(r"([\\`*_\[\]<>|#~&])", r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d*)([-+.)])", r"\1\\\2", escaped)  # would open a list
