"""Runs every measurement of this folder: `make bench`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
django.setup()

from benchmarks import pages, search  # noqa: E402

MEASUREMENTS = (pages, search)

for measurement in MEASUREMENTS:
    print(measurement.__name__)
    for line in measurement.measure():
        print(f"  {line}")
