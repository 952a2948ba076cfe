"""When memory is collected.

Streamlit would collect the whole heap after each run, 50 ms with pandas loaded; the configuration
turns that off. Instead, what the first page loaded is set aside once, and the rest is collected on
a timer; in between, only where very much is made at once.
"""

import gc
import threading
import time

SECONDS_BETWEEN = 60
MADE_AT_ONCE = 100_000
SETTLED = threading.Lock()


def settle() -> None:
    """Once per process, after the first page has been drawn; later calls do nothing."""
    if SETTLED.acquire(blocking=False):
        gc.collect()
        gc.freeze()
        gc.set_threshold(MADE_AT_ONCE)
        threading.Thread(target=collect_now_and_then, name="memory", daemon=True).start()


def collect_now_and_then() -> None:
    while True:
        time.sleep(SECONDS_BETWEEN)
        gc.collect()
