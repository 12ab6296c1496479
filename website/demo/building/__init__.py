"""Makes the demo's small real files from its texts. Development only: the results are committed."""
