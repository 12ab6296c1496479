"""How the site is run, tested and checked on a machine. Nothing in the site imports it."""
