"""Raises an exception whose name and text are made by code that never agrees with itself."""


class Name(type):
    @property
    def __name__(cls):
        return "<script>alert(1)</script>" * 1000


class Trouble(Exception, metaclass=Name):
    def __str__(self):
        raise self

    __repr__ = __str__


def answer(*args):
    raise Trouble
