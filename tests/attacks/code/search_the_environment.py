"""Reads what the Python environment says about where the course was installed from."""

import glob
import sys
import sysconfig

places = {sysconfig.get_paths()["purelib"], *filter(None, sys.path)}
for place in places:
    for name in ("*.pth", "*.egg-link", "*adaptive*/*", "*course*/*"):
        for file in glob.glob(f"{place}/{name}"):
            try:
                text = open(file, errors="replace").read(2000)
            except OSError:
                continue
            assert "/" not in text or "adaptive" not in file, text
