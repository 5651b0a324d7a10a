"""Writes other people's codes with zxing-cpp.

In, as the argument: a folder. In, as JSON: a list of pairs of symbology and text. Out, as JSON: the pictures, as binary PGM.
"""

import json
import os
import sys

import cv2
import numpy
import zxingcpp


def write(folder, number, symbology, text):
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
    path = os.path.join(folder, f"{number:02}-{symbology}.pgm")
    if not cv2.imwrite(path, numpy.array(code.to_image(scale=4, add_quiet_zones=True))):
        raise SystemExit(f"{path} can't be written")
    return path


codes = json.load(sys.stdin)
json.dump([write(sys.argv[1], number, *code) for number, code in enumerate(codes)], sys.stdout)
