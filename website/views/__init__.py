"""Pages of the site itself: homes, sign-in, organisations and people."""
