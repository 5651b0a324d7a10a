"""Writes workbooks as Excel before 2007 kept them (.xls), with xlwt.

In, as the argument: the file to write. In, as JSON: a list of sheets, each a name, cells (row, column, value) and merged ranges (first
row, last row, first column, last column, value). A value {"date": [year, month, day]} becomes a date of Excel's. Out, as JSON: null.
"""

import datetime
import json
import sys

import xlwt

DATE = xlwt.easyxf(num_format_str='M"月"D"日"')


def put(write, place, value):
    if isinstance(value, dict):
        write(*place, datetime.date(*value["date"]), DATE)
    else:
        write(*place, value)


book = xlwt.Workbook(encoding="utf-8")
for sheet in json.load(sys.stdin):
    page = book.add_sheet(sheet["name"])
    for row, column, value in sheet["cells"]:
        put(page.write, (row, column), value)
    for *place, value in sheet.get("merged", []):
        put(page.write_merge, place, value)
book.save(sys.argv[1])
json.dump(None, sys.stdout)
