"""How long the door takes to say no: medians of 200 tries for an unknown name, a wrong password, a locked and
a disabled account. They may differ by a tenth at most, or the time would tell which names there are. Beside
them the processor's own time, which tells the same where other work disturbs the clock.

    .venv/bin/python benchmarks/door.py
"""

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.pop("DATABASE_URL", None)
os.environ["TURVAVERKKO_DATA"] = tempfile.mkdtemp(prefix="turvaverkko-door-")

from data_access import accounts, credentials, initialise
from data_access.models import Account
from data_access.scope import operator
from data_access.store import writing

TRIES = 200
RIGHT, WRONG = "lumi narskuu kengän alla", "hiekka narskuu kengän alla"
KINDS = ("unknown", "wrong", "locked", "disabled")


def prepare(kind: str) -> None:
    """Before each try: the account as its kind says, without what earlier tries left."""
    with writing() as session:
        found = session.get(Account, kind)
        if found:
            found.failures = 0
            found.locked_until = accounts.now().replace(year=9999) if kind == "locked" else None


def main() -> None:
    initialise.fill("empty")
    for kind in KINDS[1:]:
        accounts.create_account(kind, kind, "viewer", RIGHT, actor=operator())
    accounts.disable("disabled", actor=operator())
    credentials.sign_in("nobody", WRONG)
    took: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    for number, kind in enumerate(random.sample(KINDS * TRIES, len(KINDS) * TRIES)):
        if number % 100 == 0:
            print(f"{number} of {len(KINDS) * TRIES}", file=sys.stderr)
        prepare(kind)
        began = time.perf_counter(), time.thread_time()
        assert credentials.sign_in(kind, WRONG, "10.0.0.1") is None
        took[kind].append((time.perf_counter() - began[0], time.thread_time() - began[1]))
    medians = {kind: [statistics.median(each) for each in zip(*took[kind], strict=True)] for kind in KINDS}
    for kind, (clock, processor) in medians.items():
        print(f"{kind:9} {clock * 1000:7.1f} ms   {processor * 1000:7.1f} ms of the processor")
    clock, processor = (max(each) / min(each) - 1 for each in zip(*medians.values(), strict=True))
    print(f"{clock:.1%} and {processor:.1%} apart")
    sys.exit(clock > 0.1)


if __name__ == "__main__":
    main()
