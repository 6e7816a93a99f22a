from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the kept connection nothing: a server has nothing to say to one that waits, but that it ends.

    Django sends a question of its own before the first of each page, and waits for the answer. What a server says when it
    stops, and the end of the line when it is killed, lie there to be read: then a new connection is made. After an error it
    is asked all the same.
    """

    def is_usable(self) -> bool:
        if self.connection is None or self.errors_occurred:
            return super().is_usable()
        if self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return not line.poll(0)
