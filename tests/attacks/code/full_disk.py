"""Fills every place that it can write to, with bytes and with files."""

import os

for folder in ("/scratch", "/tmp", "/dev", "/dev/shm", "/var/tmp", "/course", "/"):
    for number in range(20_000):
        try:
            with open(f"{folder}/left-by-an-attack-{number}", "wb") as file:
                if number < 99:
                    file.write(bytes(1 << 20))
        except OSError:
            break
os.mkdir("/scratch/deep") if not os.path.exists("/scratch/deep") else None
