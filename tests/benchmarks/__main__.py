"""Runs one benchmark: `python -m tests.benchmarks NAME [--json FILE]`.

A benchmark is a module of this package with a function `run() -> list[Row]`; its docstring says what it
measures.
"""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.table import Table

import tests.benchmarks
from tests.benchmarks.table import Row
from tests.shared_data import SHARED_DATA

_NOT_BENCHMARKS = frozenset({"__main__", "table"})
_WIDE = 200
"""Characters in a line; used for pipes and files, which have no width of their own."""


def names() -> list[str]:
    """The names of all benchmarks."""
    found = {module.name for module in pkgutil.iter_modules(tests.benchmarks.__path__)} - _NOT_BENCHMARKS
    return sorted(name for name in found if not name.startswith("_"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named benchmark, print its tables and, with `--json`, write its rows; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", epilog=f"benchmarks: {', '.join(names())}"
    )
    parser.add_argument("name", help="which benchmark to run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows to this file")
    options = parser.parse_args(arguments)
    if options.name not in names():
        print(f"There is no benchmark {options.name!r}. There are: {', '.join(names())}.", file=sys.stderr)
        return 2
    module = importlib.import_module(f"tests.benchmarks.{options.name}")
    try:
        rows = cast("Callable[[], list[Row]]", module.run)()
    except FileNotFoundError as error:
        if not Path(error.filename or "").is_relative_to(SHARED_DATA):
            raise
        print(f"{error.filename} is not on this machine (BROADSHEET_SHARED_DATA).", file=sys.stderr)
        return 2
    console = Console() if sys.stdout.isatty() else Console(width=_WIDE)
    console.print(*as_tables(rows))
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    return 0


def as_tables(rows: Sequence[Row]) -> list[Table]:
    """One table for each group of cases measured by the same metrics."""
    metrics = {row.case: list[str]() for row in rows}
    for row in rows:
        if row.metric not in metrics[row.case]:
            metrics[row.case].append(row.metric)
    alike = dict.fromkeys(map(tuple, metrics.values()))
    return [
        _as_table([row for row in rows if tuple(metrics[row.case]) == columns], columns) for columns in alike
    ]


def _as_table(rows: Sequence[Row], metrics: Sequence[str]) -> Table:
    """A row for each case and system and a column for each metric, or transposed where that is narrower."""
    table = Table(title=rows[0].benchmark)
    measured = list(dict.fromkeys((row.case, row.system) for row in rows))
    values = {(row.case, row.system, row.metric): f"{row.value:,.4g}" for row in rows}
    widest = max(map(len, values.values()))
    if len(metrics) > len(measured):
        table.add_column("metric")
        for case, system in measured:
            table.add_column(f"{case}: {system}", justify="right", min_width=widest)
        for metric in metrics:
            table.add_row(metric, *(values.get((*place, metric), "") for place in measured))
        return table
    table.add_column("case", overflow="fold")
    table.add_column("system", overflow="fold")
    for metric in metrics:
        table.add_column(metric, justify="right", min_width=widest)
    for place in measured:
        table.add_row(*place, *(values.get((*place, metric), "") for metric in metrics))
    return table


if __name__ == "__main__":
    sys.exit(main())
