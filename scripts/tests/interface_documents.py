#!/usr/bin/env python3
"""Holds the documents of a node's interface against the node itself.

    interface_documents.py SOUNDPOST WORK

Validates the OpenAPI document; the AsyncAPI document against the rules of its structure; calls every documented path and
checks status, content type and body; sends every fixture of a request over the WebSocket and checks each answer and each
event against the AsyncAPI document; parses /metrics with Prometheus' own parser, and looks up every metric of the Grafana
dashboard. Last line: `N passed, N failed`.
"""

import glob
import http.client
import json
import os
import re
import shutil
import sys

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from prometheus_client.parser import text_string_to_metric_families

from node_process import Node, read_json

# A request of the protocol that this node does not offer, and what it must be answered with.
UNOFFERED = ["connect_dsp", "generate_param_bin", "assign_module_thread", "monitor_get", "legacy_connect", "route"]


class Report:
    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def check(self, good: bool, what: str) -> None:
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}")


def get(address: str, path: str, method: str = "GET") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request(method, path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers.get("content-type", ""), body


def resolve(document: dict, node: dict) -> dict:
    """The object that `$ref` names, else the object itself."""
    while "$ref" in node:
        target = document
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def with_components(document: dict, schema: dict) -> dict:
    return {**schema, "components": document.get("components", {})}


def check_openapi(report: Report, document: dict) -> None:
    faults = [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]
    report.check(not faults, f"the OpenAPI document is not valid: {faults[:3]}")
    report.check(document["info"]["version"] != "", "the OpenAPI document has no version")


def check_asyncapi(report: Report, document: dict) -> None:
    """AsyncAPI 3.0's structure: what must be there, and that every reference leads to what it may lead to."""
    report.check(document.get("asyncapi") == "3.0.0", "the AsyncAPI version is not 3.0.0")
    report.check({"title", "version"} <= document["info"].keys(), "info lacks title or version")
    for name, channel in document["channels"].items():
        report.check(channel["address"] in ("/ws", "/ws/audio"), f"channel {name} has no address")
        for message in channel["messages"].values():
            report.check("payload" in resolve(document, message), f"{message} has no payload")
    for name, operation in document["operations"].items():
        report.check(operation["action"] in ("send", "receive"), f"operation {name} has no action")
        channel = resolve(document, operation["channel"])
        for holder in (operation, operation.get("reply", {})):
            for message in holder.get("messages", []):
                key = message["$ref"].split("/")[-1]
                report.check(
                    message["$ref"].startswith("#/channels/") and key in channel["messages"],
                    f"operation {name} names {message['$ref']}, which is not of its channel",
                )
    for name, message in document["components"]["messages"].items():
        Draft202012Validator.check_schema(message["payload"])
        for example in message["examples"]:
            faults = list(Draft202012Validator(message["payload"]).iter_errors(example["payload"]))
            report.check(not faults, f"the example of {name}: {[f.message for f in faults][:2]}")


def check_path(report: Report, document: dict, address: str, path: str, operation: dict) -> None:
    """Calls a path as documented; the answer must be one of the documented ones."""
    query = []
    for parameter in operation.get("parameters", []):
        value = parameter["example"].replace("#", "%23")
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", value)
        else:
            query.append(f"{parameter['name']}={value}")
    where = f"GET {path}"
    status, content, body = get(address, path + ("?" + "&".join(query) if query else ""))
    answer = operation["responses"].get(str(status))
    report.check(answer is not None, f"{where} answered {status}, which is not documented")
    if answer is None:
        return
    answer = resolve(document, answer)
    report.check(content in answer["content"], f"{where} answered {content}, documented: {list(answer['content'])}")
    if content == "application/json":
        schema = with_components(document, answer["content"][content]["schema"])
        faults = list(Draft202012Validator(schema).iter_errors(json.loads(body)))
        report.check(not faults, f"{where}: {[fault.message for fault in faults][:2]}")
    refusal, _, _ = get(address, path, "DELETE")
    report.check(refusal == 405, f"DELETE {path} answered {refusal}")


def check_messages(report: Report, document: dict, node: Node) -> None:
    messages = document["components"]["messages"]
    operations = document["operations"]
    client, listener = node.connect(), node.connect()

    def check_fit(message: dict, allowed: set[str] | None, what: str) -> None:
        known = messages.get(message["type"])
        report.check(known is not None, f"{what}: the type {message['type']} is not documented")
        if known is not None:
            faults = list(Draft202012Validator(known["payload"]).iter_errors(message))
            report.check(not faults, f"{what} → {message['type']}: {[fault.message for fault in faults][:2]}")
        report.check(allowed is None or message["type"] in allowed, f"{what} was answered with {message['type']}")

    for name in sorted(glob.glob("fixtures/messages/*.json")):
        fixture = read_json(name)
        operation = operations.get(fixture["type"])
        if operation is None or operation["action"] != "receive":
            continue
        reply = {message["$ref"].split("/")[-1] for message in operation["reply"]["messages"]}
        check_fit(client.request(fixture), reply, os.path.basename(name))
    for kind in UNOFFERED:
        answer = client.request({"type": kind})
        report.check(answer.get("code") == "unsupported" and kind in answer["message"], f"{kind} → {answer}")
    answer = client.request({"type": "dance"})
    report.check(answer.get("code") == "unknown_type", f"an unknown type → {answer}")
    listener.request({"type": "ping"})
    for message in client.unsolicited + listener.unsolicited:
        check_fit(message, None, "unasked")
    sent = {name for name, operation in operations.items() if operation["action"] == "send"}
    seen = {message["type"] for message in client.unsolicited + listener.unsolicited}
    report.check(seen <= sent, f"sent unasked but not documented so: {seen - sent}")
    print(f"{len(client.unsolicited) + len(listener.unsolicited)} events of {len(seen)} types were seen")
    client.close()
    listener.close()


def check_metrics(report: Report, address: str) -> None:
    _, _, body = get(address, "/metrics")
    names, samples = set(), 0
    for family in text_string_to_metric_families(body.decode()):
        report.check(family.documentation != "" and family.type != "unknown", f"{family.name} lacks HELP or TYPE")
        # A metric with labels has no samples before something was counted.
        names.add(f"{family.name}_total" if family.type == "counter" else family.name)
        for sample in family.samples:
            names.add(sample.name)
            samples += 1
            report.check(
                family.type != "counter" or sample.name.endswith("_total"), f"the counter {sample.name} has no _total"
            )
    lines = [line for line in body.decode().splitlines() if line and not line.startswith("#")]
    report.check(samples == len(lines), f"{len(lines)} lines gave {samples} samples")
    print(f"{samples} samples of {len(names)} metrics")
    dashboard = json.dumps(read_json("deploy/grafana-dashboard.json"))
    wanted = set(re.findall(r"\b(?:soundpost|process)_[a-z_]+\b", dashboard))
    report.check(len(wanted) > 20, f"the dashboard shows only {len(wanted)} metrics")
    for name in sorted(wanted):
        report.check(name in names, f"the dashboard shows {name}, which /metrics lacks")


def main() -> int:
    soundpost, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    shutil.rmtree(work, ignore_errors=True)
    report = Report()
    with Node(soundpost, f"{work}/data", ["--source", "generator", "--sink", "none"]) as node:
        openapi = json.loads(get(node.address, "/api/openapi.json")[2])
        asyncapi = json.loads(get(node.address, "/api/asyncapi.json")[2])
        check_openapi(report, openapi)
        check_asyncapi(report, asyncapi)
        for path, item in openapi["paths"].items():
            if "get" in item:
                check_path(report, openapi, node.address, path, item["get"])
        # The engine runs, so that its metrics are there.
        check_metrics(report, node.address)
        check_messages(report, asyncapi, node)
        status, content, _ = get(node.address, "/docs")
        report.check((status, content) == (200, "text/html; charset=utf-8"), "/docs")
    report.check(node.process.returncode == 0, f"the node ended with {node.process.returncode}: {node.errors}")
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
