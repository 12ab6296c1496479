"""What may come in: an allow-list by content, never by name or by what the browser declares.

`inspect(path, name)` reads a file that lies on the local disk and answers with a `Finding`, or raises `UnsafeFile`
with a Chinese sentence that names the file, what is wrong with it and the next step.
"""

from media.safety.inspection import Finding, inspect
from media.safety.names import clean_name
from media.safety.problems import UnsafeFile

__all__ = ["Finding", "UnsafeFile", "clean_name", "inspect"]
