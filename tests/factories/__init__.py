"""Rows for tests, as the services would have left them. What a test is about it writes itself; the rest is here."""
