"""Is a form of a draft what its grammar says? For tests, apart from the program.

usage: check_form.py json FILE SCHEMA | check_form.py confluence FILE

json: the file is valid by the schema, its notes are numbered from 1, each is used and names entries
that are there. confluence: the file is well-formed with the prefixes ac and ri declared, and has no
elements but those that drafts are made of.
"""
import json
import sys
import xml.etree.ElementTree

ELEMENTS = """h1 h2 p ul li table tbody tr th td strong code sup a {ac}link {ac}plain-text-link-body
{ac}structured-macro {ac}parameter {ac}rich-text-body {ac}task-list {ac}task {ac}task-status
{ac}task-body""".replace("{ac}", "{urn:ac}").split()


def numbers_in(value):
    if isinstance(value, dict):
        if isinstance(value.get("note"), int):
            yield value["note"]
        for member in value.values():
            yield from numbers_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from numbers_in(member)


def check_json(path, schema_path):
    import jsonschema

    with open(path, encoding="utf-8") as file:
        draft = json.load(file)
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(draft):
        sys.exit(f"{path}: {error.message} at {list(error.absolute_path)}")
    numbers = [note["number"] for note in draft["notes"]]
    entries = {entry["id"] for entry in draft["entries"]}
    used = list(dict.fromkeys(numbers_in(draft["blocks"] + draft["sections"])))
    if numbers != list(range(1, len(numbers) + 1)) or used != numbers:
        sys.exit(f"{path}: notes {numbers}, used {used}")
    if {id for note in draft["notes"] for id in note["entries"]} != entries:
        sys.exit(f"{path}: notes name other entries than there are")


def check_confluence(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    root = xml.etree.ElementTree.fromstring(
        f'<root xmlns:ac="urn:ac" xmlns:ri="urn:ri">{text}</root>')
    for element in root.iter():
        if element is not root and element.tag not in ELEMENTS:
            sys.exit(f"{path}: there is an element {element.tag}")
    anchors = {link.get("{urn:ac}anchor") for link in root.iter("{urn:ac}link")}
    macros = [macro for macro in root.iter("{urn:ac}structured-macro")]
    names = {macro.get("{urn:ac}name") for macro in macros}
    targets = [macro.find("{urn:ac}parameter").text for macro in macros
               if macro.get("{urn:ac}name") == "anchor"]
    if anchors != set(targets) or len(targets) != len(set(targets)) or not names <= {"anchor", "info"}:
        sys.exit(f"{path}: links {anchors}, anchors {targets}, macros {names}")


if sys.argv[1] == "json":
    check_json(sys.argv[2], sys.argv[3])
else:
    check_confluence(sys.argv[2])
