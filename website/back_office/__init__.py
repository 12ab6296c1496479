"""The back office as a whole: who enters, which of Wagtail's screens are open, its menu and its first screen."""
