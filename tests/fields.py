#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""fields.py [TREE]: writes what follows from the field tables into results/schema and docs/data.md
of TREE (default: this one). In a schema that is `type`, `required` and `properties` of one
definition; in the document the lines between <!-- fields: RECORD --> and <!-- end -->."""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..")
PLACES = {"run": ("run.json", None), "trial": ("trial.json", "place"), "measurement": ("trial.json", "measurement"),
          "summary": ("summary.json", "row"), "measured": ("summary.json", "measured")}  # record: schema, its definition there


def main():
    records = json.loads(subprocess.check_output([os.path.join(HERE, "../build/tests/fields")]))
    path = os.path.join(TREE, "docs/data.md")
    with open(path, encoding="utf-8") as file:
        document = file.read()
    for record, made in records.items():
        document, count = re.subn(rf"(<!-- fields: {record} -->\n).*?(<!-- end -->)",
                                  lambda m, made=made: m[1] + made["table"] + m[2], document, flags=re.S)
        if count != 1:
            sys.exit(f"docs/data.md has {count} places for the fields of {record}, not 1")
        write_schema(*PLACES[record], made["schema"])
    with open(path, "w", encoding="utf-8") as file:
        file.write(document)


def write_schema(name, definition, made):
    path = os.path.join(TREE, "results/schema", name)
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    (schema["$defs"][definition] if definition else schema).update(made)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(schema, file, indent=1)
        file.write("\n")


main()
