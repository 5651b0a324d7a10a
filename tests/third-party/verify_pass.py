"""Verifies passes with python-cwt, once by the COSE_Key and once by the JWK.

In, on standard input: {"texts": [...], "cose_key": base64, "jwk": {...}}. Out: for each text its COSE headers and claims,
or the name of the error, by each key.
"""

import base64
import json
import sys

import base45
import cbor2
import cwt

PREFIX = "SG1:"


def plain(value):
    """JSON has no bytes and no integers for keys."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(int(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def read(text, key):
    try:
        if not text.startswith(PREFIX):
            raise ValueError("no pass")
        data = base45.b45decode(text[len(PREFIX):])
        # The signature alone, then the claims with their times.
        protected, unprotected, payload = cwt.COSE.new().decode_with_headers(data, key)
        claims = cwt.decode(data, key)
        if cbor2.loads(payload) != claims:
            raise ValueError("two readings differ")
        return {"protected": plain(protected), "unprotected": plain(unprotected), "claims": plain(claims)}
    except Exception as error:
        return {"error": type(error).__name__}


request = json.load(sys.stdin)
keys = {
    "cose_key": cwt.COSEKey.from_bytes(base64.b64decode(request["cose_key"])),
    "jwk": cwt.COSEKey.from_jwk(request["jwk"]),
}
json.dump([{form: read(text, key) for form, key in keys.items()} for text in request["texts"]], sys.stdout)
