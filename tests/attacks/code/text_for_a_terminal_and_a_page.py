"""Raises a text with control characters, direction marks, HTML, a formula and lone surrogates."""


def answer(*args):
    raise ValueError("\x1b[2J\u202e<img src=x onerror=alert(1)>\n=cmd|'/c calc'!A1\ud800\x00" * 9)
