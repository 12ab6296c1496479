"""The WSGI application as `ops.run` serves it: a page process never outlives the server process that started it."""

import signal

from ops.processes import die_with_parent

die_with_parent(signal.SIGKILL)

from config.wsgi import application  # noqa: E402

__all__ = ["application"]
