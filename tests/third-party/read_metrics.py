"""Reads what a program tells Prometheus, by the parser of Prometheus's own client library.

In, on standard input: {"text": the answer, "type": its Content-Type}. Out: {sample name: [[labels, value], ...]}; an exception where the
text is not as it should be.
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

asked = json.load(sys.stdin)
if asked["type"] != "application/openmetrics-text; version=1.0.0; charset=utf-8":
    raise ValueError("another type")
samples = {}
for family in text_string_to_metric_families(asked["text"]):
    if not family.documentation:
        raise ValueError(f"{family.name} is not explained")
    for sample in family.samples:
        samples.setdefault(sample.name, []).append([sample.labels, sample.value])
json.dump(samples, sys.stdout)
