"""Returns a list that lies about its length and gives other items at every reading."""

import random


class Lying(list):
    def __len__(self):
        return random.choice([-1, 0, 10**9])

    def __iter__(self):
        return iter([random.random()] * random.randint(0, 9))

    def __getitem__(self, place):
        return self


def answer(*args):
    return [Lying([1, 2]), Lying()]
