"""Reads a Token Status List in CWT form, written from draft-ietf-oauth-status-list alone; the signature by python-cwt.

In, on standard input: {"list": base64, "cose_key": base64, "indices": [...]}. Out: type, subject, times and the status at
each index, null beyond the end; or an error.
"""

import base64
import json
import sys
import zlib

import cbor2
import cwt

# Header parameter `typ` (RFC 9596) and the claims of the draft's §5.2.
ALGORITHM, KEY_ID, TYPE = 1, 4, 16
SUBJECT, EXPIRES, ISSUED, STATUS_LIST = 2, 4, 6, 65533


def read(data, key, indices):
    message = cbor2.loads(data)
    if message.tag != 18 or len(message.value) != 4:
        raise ValueError("not a COSE_Sign1")
    protected = cbor2.loads(message.value[0])
    # §5.2: the typ is REQUIRED and has this value.
    if protected[TYPE] != "application/statuslist+cwt":
        raise ValueError("another type")
    # Verifies the signature, and that the list has not expired.
    claims = cwt.decode(data, key)
    status_list = claims[STATUS_LIST]
    bits = status_list["bits"]
    if bits not in (1, 2, 4, 8):
        raise ValueError("§4.2: bits must be 1, 2, 4 or 8")
    # §4.1: DEFLATE in the ZLIB format.
    packed = zlib.decompress(status_list["lst"])
    each = 8 // bits

    def status(index):
        # §4.1: bytes in order, within a byte from the least significant bit on.
        if index // each >= len(packed):
            return None
        return packed[index // each] >> (index % each * bits) & (1 << bits) - 1

    return {
        "algorithm": protected[ALGORITHM],
        "key_id": protected[KEY_ID].decode(),
        "type": protected[TYPE],
        "subject": claims[SUBJECT],
        "expires": claims[EXPIRES],
        "issued": claims[ISSUED],
        "bits": bits,
        "statuses": [status(index) for index in indices],
    }


request = json.load(sys.stdin)
key = cwt.COSEKey.from_bytes(base64.b64decode(request["cose_key"]))
try:
    answer = read(base64.b64decode(request["list"]), key, request["indices"])
except Exception as error:
    answer = {"error": type(error).__name__}
json.dump(answer, sys.stdout)
