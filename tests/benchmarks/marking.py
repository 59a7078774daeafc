"""How long marking takes: `python tests/benchmarks/marking.py [answers]` prints a table; nothing is asserted.

Single answers: the document's networks and generated ones, right answers rewritten and wrong ones mutated, each marked once by a
marker that has marked one answer before (after start-up). A class: that many answers by two worker processes, with peak memory; a
third as many different texts, since students of one course write much alike, but not the same.
"""

from __future__ import annotations

import gc
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from symprop.check.batch.pool import COLLECT_AFTER, Limits, mark_all
from symprop.check.batch.rows import Row
from symprop.check.batch.work import Job
from symprop.check.marker import Marker
from symprop.derive import derive
from symprop.errors import SympropError
from symprop.spec import load, network
from tests.check.generated import Generated, generate, mutations, rewritten, text

HOSTILE = (
    "9**9**9", "10**(10**8)", "factorial(10**7)", "1e9999999", "1e999999999", "(w1+1)**100000", "(w1+1)**1000",
    "exp(exp(exp(exp(exp(99)))))",
    "(" * 300 + "w1" + ")" * 300, "(" * 5000, "+".join(["w1"] * 2400), "-" * 5000 + "w1", "-" * 100 + "w1", "9" * 100_000,
    "binomial(10**6,5*10**5)", "__import__('os')", "w1.__class__.__mro__", "lambda: 1", "w1/0", "1/(w1-w1)",
    "*".join(f"(w1+w2*{k})" for k in range(60)), "+".join(f"exp(w1*{k})" for k in range(200)), "*".join(["abs(w1)"] * 300),
    "+".join(f"abs(w1-{k})" for k in range(60)), "log(" * 60 + "w1" + ")" * 60, "sigmoid(" * 60 + "w1" + ")" * 60,
)  # fmt: skip


def single_answers() -> Iterator[tuple[str, float]]:
    """(kind, seconds) of each answer."""
    for seed in range(40):
        made, draw = generate(seed), random.Random(seed)
        marker = Marker(derive(network(**made.spec())))
        weight = made.weights[0]
        right = made.gradient(weight)
        marker.check(weight, text(right))
        marker.check(weight, text(("*", 3, right)))
        gc.collect()
        gc.freeze()  # as the workers of a class do after start-up
        gc.set_threshold(COLLECT_AFTER)
        for kind, trees in (("right", rights(made, right, draw)), ("wrong", wrongs(made, right, draw))):
            for tree in trees:
                yield kind, timed(marker, weight, text(tree))


def rights(made: Generated, right: object, draw: random.Random) -> list[object]:
    return [rewritten(right, made, draw) for _ in range(10)]


def wrongs(made: Generated, right: object, draw: random.Random) -> list[object]:
    found = mutations(right, made)
    return [tree for _, tree in draw.sample(found, min(10, len(found)))]


def timed(marker: Marker, weight: str, answer: str) -> float:
    """Seconds of processor time for one answer, refused or marked: other work on the machine hardly counts."""
    start = time.process_time()
    with suppress(SympropError):
        marker.check(weight, answer)
    return time.process_time() - start


def hostile() -> None:
    """The slowest hostile inputs."""
    marker = Marker(derive(load("step_by_step")))
    marker.check("w1", "w2*i1")
    for seconds, answer in sorted(((timed(marker, "w1", answer), answer) for answer in HOSTILE), reverse=True)[:8]:
        print(f"hostile     {seconds * 1000:9.1f} ms   {answer[:60]}")


def class_texts(count: int) -> list[tuple[str, str]]:
    """So many different answers to four weights of a generated network, each with its weight: half right, half wrong."""
    made, draw = generate(9), random.Random(9)
    trees = {weight: [tree for _, tree in mutations(made.gradient(weight), made)] for weight in made.weights[:4]}
    found: dict[tuple[str, str], None] = {}
    while len(found) < count:
        weight = draw.choice(made.weights[:4])
        tree = made.gradient(weight) if draw.random() < 0.5 else draw.choice(trees[weight])
        found[weight, text(rewritten(tree, made, draw))] = None
    return list(found)


def class_rows(count: int) -> Iterator[Row]:
    """A class of answers, drawn from a third as many different ones."""
    texts, draw = class_texts(max(1, count // 3)), random.Random(1)
    for index in range(count):
        yield Row(index, f"student {index % 5000}", *draw.choice(texts))


def main(count: int) -> None:
    """Print the table."""
    times = list(single_answers())
    for kind in ("right", "wrong"):
        found = sorted(seconds * 1000 for each, seconds in times if each == kind)
        tail = found[int(len(found) * 0.99)]
        print(f"{kind:11} median {statistics.median(found):7.1f} ms   99th percentile {tail:8.1f} ms   of {len(found)} (CPU)")
    hostile()
    rows = list(class_rows(count))
    start = time.perf_counter()
    outcomes: dict[str, int] = {}
    for result in mark_all(Job(network(**generate(9).spec())), rows, Limits(workers=2)):
        outcomes[result.status] = outcomes.get(result.status, 0) + 1
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    different = len({(row.quantity, row.answer) for row in rows})
    print(f"class       {count} answers, {different} different, in {seconds:.1f} s by 2 workers: {count / seconds:.0f} a second")
    cpu = used.ru_utime + used.ru_stime
    print(f"class       {cpu:.1f} s of the workers' CPU, peak {used.ru_maxrss / 1024:.0f} MiB, {outcomes}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
