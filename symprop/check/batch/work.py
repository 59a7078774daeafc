"""What a worker does: mark one row after another, each within limits, whatever the rows hold.

Input: a job (network, rule, options) and rows. Output: results. Equal answers to one question are marked once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from symprop.check.batch.result import Result, malformed, result_of, undecided
from symprop.check.batch.rows import Row
from symprop.check.batch.shared import Remembered, for_row, key_of
from symprop.check.marker import Marker
from symprop.check.sheets import network_of_sheet
from symprop.check.verdict import Beside
from symprop.derive import derive
from symprop.errors import SympropError
from symprop.graph import Network

MOST_MARKERS = 16  # sheets whose markers a worker keeps


@dataclass(frozen=True)
class Job:
    """What every worker needs; it travels to other processes and machines. `sheets` holds the numbers of drawn sheets by id."""

    network: Network
    update: str = "document"
    conventions: tuple[str, ...] = ()
    reveal: bool = False
    sheets: Mapping[str, Network] = field(default_factory=dict)
    digits: int = 2


class Worker:
    """Marks rows of one job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._remembered = Remembered()
        self._markers: OrderedDict[str, Marker] = OrderedDict()

    def marker(self, sheet: str = "") -> Marker:
        """The marker of a sheet, made with the first row that needs it."""
        if sheet not in self._markers:
            network = network_of_sheet(self.job.network, self.job.sheets, sheet)
            self._markers[sheet] = Marker(derive(network), self.job.update, self.job.digits)
            if len(self._markers) > MOST_MARKERS:
                self._markers.popitem(last=False)
        return self._markers[sheet]

    def prepare(self) -> None:
        """Derive now, so that the first row's time is its own."""
        if not self.job.sheets:
            self.marker()

    def mark(self, row: Row) -> Result:
        """The result of a row; nothing that a row holds can stop the worker."""
        key = key_of(row)
        found = self._remembered.find(key)
        if found is None:
            found = self.marked(replace(row, points=1.0))
            self._remembered.keep(key, found)
        return for_row(row, found)

    def marked(self, row: Row) -> Result:
        """The result of a row, marked whatever was marked before."""
        if row.problem:
            return malformed(row, row.problem)
        try:
            marker = self.marker(row.sheet)
            verdict = marker.check(
                row.quantity, row.answer, as_=row.as_ or None, conventions=self.job.conventions, reveal=self.job.reveal
            )
            if row.beside and verdict.outcome == "not correct":
                verdict = marker.among(Beside(row.quantity, row.as_, row.answer), row.beside) or verdict
        except SympropError as error:
            return malformed(row, str(error).replace("\n", "; "))
        except MemoryError:
            return undecided(row, "the memory limit was reached")
        except Exception as error:  # a bug in the marker must not cost a class its results
            return undecided(row, f"the marker failed ({type(error).__name__}: {error})")
        return result_of(row, verdict)

