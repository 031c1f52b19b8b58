"""iceoryx2: publisher and subscriber each way, polled, or with an event that wakes the subscriber.

A queue that is full makes the publisher wait: overflow, by which iceoryx2 would drop the oldest, is switched off.
"""

import ctypes
import os
import time
from pathlib import Path

import exchange
import iceoryx2

WAITING_MESSAGES = 1024
WAITING_BYTES = 16 << 20


class Ports:
    encoding = "raw"
    waits = ("spin", "block")

    def __init__(self, options: exchange.Options) -> None:
        iceoryx2.set_log_level(iceoryx2.LogLevel.Error)
        self._node = iceoryx2.NodeBuilder.new().create(iceoryx2.ServiceType.Ipc)
        self._spins = options.spins
        waiting = max(min(WAITING_BYTES // options.largest, WAITING_MESSAGES), 2)
        names = [f"soundpost-messaging/{Path(options.address).parent.name}/{way}" for way in ("forth", "back")]
        out_name, in_name = reversed(names) if options.is_responder else names
        self._services = [self._samples(name, waiting) for name in (out_name, in_name)]
        strategy = iceoryx2.BackpressureStrategy.RetryUntilDelivered
        publisher = self._services[0].publisher_builder().initial_max_slice_len(options.largest)
        self._publisher = publisher.backpressure_strategy(strategy).create()
        self._subscriber = self._services[1].subscriber_builder().buffer_size(waiting).create()
        if not self._spins:
            self._events = [self._event(name) for name in (out_name, in_name)]
            self._notifier = self._events[0].notifier_builder().create()
            self._listener = self._events[1].listener_builder().create()
        self._wait_for_other()
        self._sample = self._view = self._received = None

    def _samples(self, name: str, waiting: int) -> iceoryx2.PortFactoryPublishSubscribe:
        builder = self._node.service_builder(iceoryx2.ServiceName.new(name))
        samples = builder.publish_subscribe(iceoryx2.Slice[ctypes.c_uint8]).payload_alignment(iceoryx2.Alignment.new(8))
        samples = samples.enable_safe_overflow(False).subscriber_max_buffer_size(waiting)
        return samples.max_publishers(1).max_subscribers(1).open_or_create()

    def _event(self, name: str) -> iceoryx2.PortFactoryEvent:
        return self._node.service_builder(iceoryx2.ServiceName.new(name)).event().open_or_create()

    def _wait_for_other(self) -> None:
        """What is published before the other has subscribed is lost."""
        limit = time.monotonic() + 5
        while not all(
            [service.dynamic_config.number_of_publishers, service.dynamic_config.number_of_subscribers] == [1, 1]
            for service in self._services
        ) or not (self._spins or all(event.dynamic_config.number_of_listeners == 1 for event in self._events)):
            if time.monotonic() > limit:
                raise RuntimeError("the other end did not come")
            time.sleep(0.001)
        self._publisher.update_connections()

    def reserve(self, size: int) -> memoryview:
        self._sample = self._publisher.loan_slice_uninit(size)
        return self._sample.payload().as_memory_view()

    def send(self) -> None:
        self._sample.assume_init().send()
        if not self._spins:
            self._notifier.notify()

    def receive(self) -> memoryview:
        polls = 0
        while (sample := self._subscriber.receive()) is None:
            if not self._spins:
                self._listener.blocking_wait()
            elif (polls := polls + 1) > exchange.POLLS:
                os.sched_yield()
        self._received = sample
        return sample.payload().as_memory_view()

    def release(self) -> None:
        self._received.delete()
        self._received = None

    def close(self) -> None:
        pass


if __name__ == "__main__":
    exchange.main({"iceoryx2": Ports})
