"""What the tests share: hypothesis draws the same examples in every run, on every machine."""

from hypothesis import settings

settings.register_profile("course", derandomize=True, database=None, deadline=None, max_examples=60)
settings.load_profile("course")
