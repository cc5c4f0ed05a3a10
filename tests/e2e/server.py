"""The studio with walking test generators on a free port; run as a process of its own.

Its library is a folder that goes when it ends. Prints its port, the id of a motion of one of its
projects, and the folder.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from studio.bundles import Models
from studio.library import Library
from studio.tabs import SessionStore
from studio.ui.app import create_app
from studio.ui.serve import listen, make_server
from tests.studio.walker import Shop, Walker, walk


def main() -> None:
    # uvicorn stops first and then raises the signal again, which must not skip the folder's end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    listener = listen("127.0.0.1", 0)
    with tempfile.TemporaryDirectory(prefix="motion-studio-test-") as folder:
        models = Models(Shop(Walker(pause=0.02), Walker("slow", pause=0.6)))
        store = SessionStore(models, Library(Path(folder)))
        app = create_app(store)
        media = store.create("Held").media.put(walk(1, 20))
        print(listener.getsockname()[1], media, folder, flush=True)
        make_server(app).run(sockets=[listener])


if __name__ == "__main__":
    sys.exit(main())
