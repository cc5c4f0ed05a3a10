"""The studio with walking test generators on a free port; run as a process of its own.

Prints its port, and the id of a motion that its store holds.
"""

from __future__ import annotations

import sys

from studio.bundles import Models
from studio.session import SessionStore
from studio.ui.app import create_app
from studio.ui.serve import listen, make_server
from tests.studio.walker import Shop, Walker, walk


def main() -> None:
    listener = listen("127.0.0.1", 0)
    sessions = SessionStore(Models(Shop(Walker(pause=0.02), Walker("slow", pause=0.6))))
    app = create_app(sessions)
    print(listener.getsockname()[1], sessions.media.put(walk(1, 20)), flush=True)
    make_server(app).run(sockets=[listener])


if __name__ == "__main__":
    sys.exit(main())
