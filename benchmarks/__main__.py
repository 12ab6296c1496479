"""Runs measurements of this folder: all of them (`make bench`), or the one named, with its own options.

Whatever a measurement writes lies in a directory that is thrown away.
"""

import argparse
import os
import sys
import tempfile
from importlib import import_module

MEASUREMENTS = ("pages", "search", "indexing", "serving", "teachers", "people", "formulas", "documents", "editor")


def main() -> None:
    name = next((word for word in sys.argv[1:2] if word in MEASUREMENTS), "")
    for one in (name,) if name else MEASUREMENTS:
        measurement = import_module(f"benchmarks.{one}")
        parser = argparse.ArgumentParser(f"python -m benchmarks {one}", description=measurement.__doc__)
        if hasattr(measurement, "options"):
            measurement.options(parser)
        given = parser.parse_args(sys.argv[2:] if name else [])
        print(measurement.__name__)
        for line in measurement.measure(given):
            print(f"  {line}", flush=True)


with tempfile.TemporaryDirectory(prefix="gongbei-bench-") as scratch:
    os.environ["VAR_DIR"] = scratch
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    import django

    django.setup()
    main()
