"""The same cards as benches/print.rs draws, by ReportLab: a plain program, the codes given as rows of modules.

Reads one JSON object a line from standard input, writes the PDF to the path given, and prints one line of JSON with
seconds, processor seconds and peak memory. Plain means: a coloured field, the texts, the code on white; no signs, borders or marks.
"""

import json
import resource
import sys
import time

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

FIELDS = {"green": (0, 0.54, 0.24), "yellow": (1, 0.82, 0), "red": (0.72, 0.05, 0.12)}
WIDTH, HEIGHT, SIDE = 85.6 * mm, 54 * mm, 36.5 * mm


def card(page, face):
    page.setFillColorRGB(*FIELDS[face["colour"]])
    page.roundRect(1.5 * mm, 1.5 * mm, 82.6 * mm, 51 * mm, 2.8 * mm, stroke=0, fill=1)
    page.setFillGray(1)
    page.rect(45 * mm, 8.3 * mm, SIDE, 41.6 * mm, stroke=0, fill=1)
    page.rect(4.1 * mm, 8.3 * mm, 39.3 * mm, 19 * mm, stroke=0, fill=1)
    page.setFillGray(0)
    for x, y, size, key in [
        (6, 44, 3.7, "compound"),
        (25, 32, 10, "word"),
        (6, 22, 6.6, "name"),
        (6, 17, 3.2, "dwelling"),
        (6, 10, 3.6, "until"),
        (55, 9.5, 3.5, "short_code"),
        (6, 5, 2.8, "found"),
    ]:
        page.setFont("cards", size * mm)
        page.drawString(x * mm, y * mm, face[key])

    rows = face["rows"]
    module = SIDE / (len(rows) + 8)
    left, top = 45 * mm + 4 * module, 49.9 * mm - 4 * module
    path = page.beginPath()
    for y, row in enumerate(rows):
        x = 0
        while (x := row.find("1", x)) >= 0:
            end = row.find("0", x)
            end = len(row) if end < 0 else end
            path.rect(left + x * module, top - (y + 1) * module, (end - x) * module, module)
            x = end
    page.drawPath(path, stroke=0, fill=1)


def main(font, out):
    start = time.perf_counter()
    pdfmetrics.registerFont(TTFont("cards", font, subfontIndex=0))
    page = canvas.Canvas(out, pagesize=A4, pageCompression=1)
    for index, line in enumerate(sys.stdin):
        slot = index % 10
        if index and slot == 0:
            page.showPage()
        page.saveState()
        page.translate(19.4 * mm + slot % 2 * WIDTH, A4[1] - 13.5 * mm - (slot // 2 + 1) * HEIGHT)
        card(page, json.loads(line))
        page.restoreState()
    page.save()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "cpu": time.process_time(), "memory": memory}))


main(*sys.argv[1:])
