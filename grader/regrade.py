"""Grades one task again, for a class that is graded: its hidden test was mended.

The whole notebook is run, for that is how a task is graded, and only this task's mark is taken.
Inputs are the same, for the seed of the folder and the file are. All other marks stay as they are.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from grader.examiner import fingerprint
from grader.journal import Journal, Mark, Row, key
from grader.results import Line, table

FILE = "regraded.csv"
COLUMNS = ("student", "id", "notebook", "file", "task", "before", "after", "of", "reason")


class Regrade(Journal):
    """A journal that has all rows but those in which the task is not yet graded again."""

    def __init__(self, folder: Path, task: str) -> None:
        super().__init__(folder, {"tests": fingerprint()}, task)
        self.others = Counter[str]()  # in how many rows another task would have another mark

    def due(self, row: Row) -> bool:
        """Whether a row of the journal has a mark that is to be replaced."""
        return bool(of_task(row, self.regrade)) and not row["failed"] and not row["again"]

    def has(self, row: Row) -> bool:
        """Whether there is nothing to grade again for this file."""
        known = self.rows.get(key(row))
        due = known and self.due(known) and known["sha256"] == row["sha256"]
        return not due or key(row) in self.done

    def add(self, row: Row) -> None:
        """Keep the row that was there, with the new mark of the task alone.

        What could not be graded this time is left to the next `grade`.
        """
        known, new = self.rows[key(row)], of_task(row, self.regrade)
        if row["failed"] or not new:
            self.keep(known | {"again": True})
        else:
            tasks = [new if task["task"] == self.regrade else task for task in known["tasks"]]
            pairs = zip(tasks, row["tasks"], strict=True)
            self.others.update(old["task"] for old, now in pairs if old["points"] != now["points"])
            self.keep(known | {"tasks": tasks})

    def keep(self, row: Row) -> None:
        """Add a row as it is."""
        super().add(row)
        self.done.add(key(row))

    def conclude(self) -> None:
        """Write which marks change, and say so."""
        absent = [row for name, row in self.rows.items() if name not in self.done and self.due(row)]
        for row in absent:  # when such a file is there again, it needs the new test
            self.keep(row | {"again": True})
        lines = list(self.changed())
        table(self.path.with_name(FILE), COLUMNS, lines)
        self.finish()
        again = sum(self.rows[name]["again"] for name in self.done)
        ways = Counter(way(line["before"], line["after"]) for line in lines)
        told = (
            ", ".join(f"{number} {how}" for how, number in sorted(ways.items())) or "none changes"
        )
        print(
            f"{self.regrade}: of {len(self.done) - again} marks {told}: {self.path.with_name(FILE)}"
        )
        if again:
            print(f"{again} could not be graded again, and the next grade does it.")
        if self.others:
            told = ", ".join(f"{number} of {task}" for task, number in sorted(self.others.items()))
            print(f"Marks of other tasks are kept, and would change too: {told}. Regrade these.")
        print("For the tables and pages, run grade again.")

    def changed(self) -> Iterator[Line]:
        """Yield a line for each mark that is another one now."""
        for name in sorted(self.done):
            old, new = (of_task(rows[name], self.regrade) for rows in (self.before, self.rows))
            if old and new and old["points"] != new["points"]:
                both = {"before": old["points"], "after": new["points"]}
                yield {**self.rows[name], **new, **both}


def way(before: float | None, after: float | None) -> str:
    """Return which way a mark goes."""
    if before is None or after is None:
        return "can be graded now" if before is None else "cannot be graded now"
    return "rise" if after > before else "fall"


def of_task(row: Row, task: str) -> Mark | None:
    """Return a row's mark of a task."""
    return next((mark for mark in row["tasks"] if mark["task"] == task), None)
