#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""validate_run.py DIRECTORY: holds a run directory against results/schema; status 1 and what is
wrong where it does not fit."""
import json
import os
import sys

import jsonschema

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "results", "schema")


def validator(name):
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def check(what, against, instance):
    wrong = 0
    for error in against.iter_errors(instance):
        print(f"{what}: {error.json_path}: {error.message[:300]}")
        wrong += 1
    return wrong


def main():
    directory = sys.argv[1]
    wrong = lines = 0
    for name in ("run.json", "summary.json"):
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            wrong += check(name, validator(name), json.load(file))
    against = validator("trial.json")
    with open(os.path.join(directory, "trials.jsonl"), encoding="utf-8") as file:
        for lines, line in enumerate(file, 1):
            wrong += check(f"trials.jsonl line {lines}", against, json.loads(line))
    print(f"{lines} lines, {wrong} of what is wrong")
    return 1 if wrong or not lines else 0


sys.exit(main())
