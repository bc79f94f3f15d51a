"""The dashboards of packaging/grafana, as a test asks about them: whether each field is one that Grafana documents,
and the SQL of each panel, annotation and variable with Grafana's macros and variables put in.

usage: grafana.py fields                     complaints, one a line
       grafana.py queries FROM TO INCIDENT   "KIND<TAB>NAME<TAB>SQL" of each query; times as RFC 3339
"""
import json
import pathlib
import re
import sys

HOME = pathlib.Path("packaging/grafana")
BOARDS = sorted((HOME / "dashboards").glob("*.json"))

# Fields of the dashboard JSON model that are used here: names and types as Grafana's documentation has them, and the
# types of @grafana/schema 12.2.1.
FIELDS = {
    "dashboard": {"uid": str, "title": str, "description": str, "tags": list, "schemaVersion": int, "version": int,
                  "editable": bool, "graphTooltip": int, "timezone": str, "time": dict, "refresh": str,
                  "annotations": dict, "templating": dict, "links": list, "panels": list},
    "panel": {"id": int, "type": str, "title": str, "description": str, "datasource": dict, "gridPos": dict,
              "fieldConfig": dict, "options": dict, "targets": list},
    "grid": {"x": int, "y": int, "w": int, "h": int},
    "defaults": {"color": dict, "thresholds": dict, "unit": str},
    "annotation": {"name": str, "datasource": dict, "enable": bool, "hide": bool, "iconColor": str, "target": dict},
    "variable": {"name": str, "label": str, "type": str, "datasource": dict, "query": str, "refresh": int,
                 "sort": int, "multi": bool, "includeAll": bool, "hide": int, "skipUrlSync": bool, "options": list,
                 "regex": str, "current": dict},
    "sql": {"refId": str, "datasource": dict, "editorMode": str, "format": str, "rawQuery": bool, "rawSql": str},
    "metric": {"refId": str, "datasource": dict, "expr": str, "legendFormat": str, "range": bool, "instant": bool},
}
PANELS = {"stat", "table", "timeseries", "barchart"}
FORMATS = {"table", "time_series"}


def compare(what, kind, value, complaints):
    for name, member in value.items():
        wanted = FIELDS[kind].get(name)
        if wanted is None:
            complaints.append(f"{what}: no field {name} of a {kind}")
        elif not isinstance(member, wanted) or (wanted is int and isinstance(member, bool)):
            complaints.append(f"{what}: {name} is not of type {wanted.__name__}")


def sources():
    """The data sources that are provisioned: type by uid."""
    text = (HOME / "datasource.yml").read_text()
    return dict(re.findall(r"uid: (\S+)\n    type: (\S+)", text))


def check_target(what, target, complaints):
    compare(what, "sql" if "rawSql" in target else "metric", target, complaints)
    if sources().get(target["datasource"]["uid"]) != target["datasource"]["type"]:
        complaints.append(f"{what}: its data source is not provisioned")
    if "rawSql" in target and target["format"] not in FORMATS:
        complaints.append(f"{what}: no format {target['format']}")


def check_panel(board, panel, taken, complaints):
    what = f"{board['uid']}: {panel['title']}"
    compare(what, "panel", panel, complaints)
    compare(what, "grid", panel["gridPos"], complaints)
    compare(what, "defaults", panel["fieldConfig"]["defaults"], complaints)
    if panel["type"] not in PANELS:
        complaints.append(f"{what}: no panel {panel['type']}")
    grid = panel["gridPos"]
    if grid["x"] + grid["w"] > 24:
        complaints.append(f"{what}: wider than 24 columns")
    for x in range(grid["x"], grid["x"] + grid["w"]):
        for y in range(grid["y"], grid["y"] + grid["h"]):
            if taken.setdefault((x, y), what) != what:
                complaints.append(f"{what}: lies on {taken[x, y]}")
    for target in panel["targets"]:
        check_target(what, target, complaints)


def check_board(board, complaints):
    compare(board["uid"], "dashboard", board, complaints)
    taken = {}
    for panel in board["panels"]:
        check_panel(board, panel, taken, complaints)
    ids = [panel["id"] for panel in board["panels"]]
    if len(set(ids)) != len(ids):
        complaints.append(f"{board['uid']}: two panels with one id")
    for annotation in board["annotations"]["list"]:
        what = f"{board['uid']}: {annotation['name']}"
        compare(what, "annotation", annotation, complaints)
        check_target(what, annotation["target"], complaints)
    for variable in board["templating"]["list"]:
        compare(f"{board['uid']}: {variable['name']}", "variable", variable, complaints)


def fields():
    complaints = []
    boards = [json.loads(path.read_text()) for path in BOARDS]
    for path, board in zip(BOARDS, boards):
        if path.stem != board["uid"]:
            complaints.append(f"{path}: is not named as its uid")
        check_board(board, complaints)
        for uid in re.findall(r"/d/([a-z-]+)", path.read_text()):
            if uid not in [other["uid"] for other in boards]:
                complaints.append(f"{path}: leads to {uid}, which is not there")
    print("\n".join(complaints), end="\n" if complaints else "")


UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def expand(sql, begin, end, variables):
    """What Grafana sends to PostgreSQL, after its documentation of macros and of the format sqlstring."""
    sql = re.sub(r"\$__timeFilter\(([^()]*)\)", rf"\1 BETWEEN '{begin}' AND '{end}'", sql)
    sql = sql.replace("$__timeFrom()", f"'{begin}'").replace("$__timeTo()", f"'{end}'")

    def group(match):
        seconds = int(match[2]) * UNITS[match[3]]
        return f'floor(extract(epoch from {match[1]})/{seconds})*{seconds} AS "time"'
    sql = re.sub(r"\$__timeGroupAlias\(([^(),]*), *'(\d+)([smhd])'\)", group, sql)
    for name, values in variables.items():
        quoted = ",".join("'" + value.replace("'", "''") + "'" for value in values)
        sql = sql.replace("${" + name + ":sqlstring}", quoted)
    if "$" in sql:
        sys.exit(f"not put in: {sql}")
    return sql


def queries(begin, end, incident):
    variables = {"scope": ["default", "o'hara"], "incident": [incident], "significance": ["key", "standard"]}
    for path in BOARDS:
        board = json.loads(path.read_text())
        asked = [(target["format"], panel["title"], target["rawSql"]) for panel in board["panels"]
                 for target in panel["targets"] if "rawSql" in target]
        asked += [("annotation", item["name"], item["target"]["rawSql"]) for item in board["annotations"]["list"]]
        asked += [("variable", item["name"], item["query"]) for item in board["templating"]["list"]
                  if item["type"] == "query"]
        for kind, name, sql in asked:
            print(kind, f"{board['uid']}: {name}", expand(sql, begin, end, variables), sep="\t")


if sys.argv[1] == "fields":
    fields()
else:
    queries(*sys.argv[2:])
