"""A cable between browser and node that a test can pull."""

from __future__ import annotations

import socket
import threading


class Relay:
    """Forwards TCP connections from a port on loopback to a node.

        with Relay(PORT, node.port) as relay:
            page = bench.new_page(url=f"http://{relay.address}/")
            relay.hold()        # bytes stay where they are, as behind a pulled cable; nobody is told
            relay.resume()      # what was held goes on its way
    """

    def __init__(self, port: int, node_port: int) -> None:
        self._target = ("127.0.0.1", node_port)
        self._listener = socket.create_server(("127.0.0.1", port))
        self._flowing = threading.Event()
        self._flowing.set()
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._ended = False
        threading.Thread(target=self._accept, name="relay", daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def hold(self) -> None:
        """Stops forwarding in both directions, on old connections and new ones."""
        self._flowing.clear()

    def resume(self) -> None:
        self._flowing.set()

    def drop(self) -> None:
        """Closes all connections; new ones are forwarded as before."""
        with self._lock:
            sockets = list(self._sockets)
        for one in sockets:
            _shut(one)

    def close(self) -> None:
        self._ended = True
        self._flowing.set()
        # Closing a listener does not wake its accept; shutting it down does.
        _shut(self._listener)
        self._listener.close()
        self.drop()

    def __enter__(self) -> Relay:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._ended:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        self._flowing.wait()
        try:
            far = socket.create_connection(self._target, timeout=5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        for one in (near, far):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._sockets |= {near, far}
        pumps = [threading.Thread(target=self._pump, args=ends, daemon=True) for ends in ((near, far), (far, near))]
        for pump in pumps:
            pump.start()
        for pump in pumps:
            pump.join()
        with self._lock:
            self._sockets -= {near, far}
        near.close()
        far.close()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(1 << 16):
                self._flowing.wait()
                target.sendall(data)
        except OSError:
            pass
        self._flowing.wait()
        _shut(target)


def _shut(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def free_port() -> int:
    """A port that nobody listens on now. A node answers at a relay's address only if its settings name it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
