"""Puts modules of its own in the place of the standard ones, and hooks on every import."""

import sys
import types


class Hook:
    def find_spec(self, name, path=None, target=None):
        raise ImportError(f"{name} was looked for")


sys.meta_path.insert(0, Hook())
sys.path[:] = ["/scratch"]
sys.path_hooks.clear()
for name in ("course_lib", "course_lib.network", "numpy", "pytest", "grader", "json", "socket"):
    sys.modules[name] = types.ModuleType(name)


def answer(*args):
    import course_lib.optimizers as found

    return str(found)
