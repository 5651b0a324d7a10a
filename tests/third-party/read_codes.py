"""Reads QR codes with zxing-cpp and with OpenCV.

In, as arguments: pictures. Out, as JSON: for each picture what each of the two read.
"""

import json
import sys

import cv2
import zxingcpp


def read(path):
    picture = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise SystemExit(f"{path} is no picture")
    found = zxingcpp.read_barcodes(picture, zxingcpp.BarcodeFormat.QRCode)
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    return {"zxing": [code.text for code in found], "opencv": text}


json.dump([read(path) for path in sys.argv[1:]], sys.stdout)
