"""Uses up the time of a cell in every cell, to starve those that wait."""

import time

time.sleep(99)
# %%
import time

time.sleep(99)
# %%
while True:
    pass
# %%
import signal
import time

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
time.sleep(99)


# %%
def answer(*args):
    import time

    time.sleep(99)
