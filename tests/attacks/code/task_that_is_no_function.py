"""Gives the names of the tasks to classes, partials and things that change when they are asked."""

import functools


class Chameleon:
    def __getattribute__(self, name):
        raise KeyboardInterrupt(name)

    def __call__(self, *args):
        return self


answer = functools.partial(Chameleon())
