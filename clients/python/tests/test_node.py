"""The client against a running node."""

import asyncio
import signal
import threading
import unittest

import soundpost
from soundpost import blocking

from .node_process import NodeProcess


class AgainstANode(unittest.IsolatedAsyncioTestCase):
    node: NodeProcess

    @classmethod
    def setUpClass(cls) -> None:
        cls.node = NodeProcess("--no-sim").__enter__()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.node.__exit__(None, None, None)

    def connect(self) -> soundpost.Connecting:
        return soundpost.connect(self.node.address, name="test")

    async def test_sets_and_reads(self) -> None:
        async with self.connect() as node:
            answer = await node.ask(soundpost.SetParam("gain#1", "gainDb[0]", -6))
            self.assertEqual(answer.param_id, "gainDb#0")
            value = await node.ask(soundpost.GetParam("gain#1", "gainDb#0"))
            self.assertEqual(value.value, "-6")
            await node.ask(soundpost.ApplyParams("gain#1", {"gainDb#0": 0, "gainDb#1": "0"}))
            status = await node.ask(soundpost.GetStatus())
            self.assertEqual(status.sample_rate, 48000)
            raw = await node.ask_raw("get_status")
            self.assertEqual(raw["type"], "dsp_status")

    async def test_refusals_have_code_and_field(self) -> None:
        async with self.connect() as node:
            with self.assertRaises(soundpost.NodeError) as caught:
                await node.ask(soundpost.SetParam("gain#1", "gainDb#0", 4000))
            self.assertEqual(caught.exception.field, "value")
            with self.assertRaises(soundpost.NodeError) as caught:
                await node.ask(soundpost.GetModuleParams("nobody#1"))
            self.assertEqual(caught.exception.field, "instanceId")
            with self.assertRaises(soundpost.NodeError) as caught:
                await node.ask_raw("no_such_type")
            self.assertEqual(caught.exception.code, "unknown_type")
            with self.assertRaises(ValueError):
                await node.ask(soundpost.SetParam("gain#1", "gainDb#0", float("nan")))

    async def test_queries_are_answered_as_their_classes_say(self) -> None:
        async with self.connect() as node:
            library = await node.ask(soundpost.GetModuleLibrary())
            self.assertIn("gain", [module.instance_name for module in library.modules])
            chain = await node.ask(soundpost.GetDspChain())
            self.assertIn(chain.chain["rootChainId"], chain.chain["chains"])
            threads = await node.ask(soundpost.GetThreadAssignments())
            self.assertLess(threads.assignments["gain#1"], threads.cores)
            transport = await node.ask(soundpost.GetTransport())
            self.assertFalse(transport.running)
            self.assertGreater((await node.ask(soundpost.GetCompare())).differences, -1)
            await node.ask(soundpost.ListAudioFiles())
            await node.ask(soundpost.ListAudioDevices())

    async def test_presets_morph_and_make_a_profile(self) -> None:
        async with self.connect() as node:
            for name, level in (("soft", -20), ("loud", -10)):
                await node.ask(soundpost.SavePreset("gain#1", name, params={"gainDb#0": level}))
            diff = await node.ask(soundpost.DiffPresets("gain#1", "soft", "loud"))
            self.assertEqual(diff.differences, [soundpost.PresetDifference("gainDb#0", "-20", "-10")])
            await node.ask(soundpost.MorphPresets("gain#1", "soft", "loud", 0.5))
            self.assertEqual((await node.ask(soundpost.GetParam("gain#1", "gainDb#0"))).value, "-15")
            await node.ask(soundpost.SaveProfile("evening", {"gain#1": "soft"}))
            self.assertEqual((await node.ask(soundpost.LoadProfile("evening"))).module_presets, {"gain#1": "soft"})
            self.assertEqual((await node.ask(soundpost.GetParam("gain#1", "gainDb#0"))).value, "-20")
            await node.ask(soundpost.DeleteProfile("evening"))
            self.assertEqual((await node.ask(soundpost.ListProfiles())).profiles, [])

    async def test_states_are_compared(self) -> None:
        async with self.connect() as node:
            await node.ask(soundpost.CompareCopy("a"))
            await node.ask(soundpost.SetParam("gain#1", "gainDb#0", -3))
            status = await node.ask(soundpost.CompareSelect("b"))
            self.assertEqual((status.active, status.differences), ("b", 1))
            self.assertEqual((await node.ask(soundpost.CompareSelect("a"))).active, "a")

    async def test_spectra_come_while_they_are_asked_for(self) -> None:
        async with self.connect() as node:
            events = node.subscribe(soundpost.Spectrum)
            await node.ask(soundpost.SpectrumSubscribe([soundpost.Wire("eq#1", "output")], interval_ms=33))
            event = await events.__anext__()
            self.assertEqual((event.points[0].instance_id, event.points[0].port), ("eq#1", "output"))
            await node.ask(soundpost.SpectrumUnsubscribe())

    async def test_a_hundred_asks_at_once_get_their_own_answers(self) -> None:
        async with self.connect() as node:
            keys = [f"{name}#{channel}#{band}" for name in ("gainDb", "q") for channel in (0, 1) for band in range(10)]
            asked = (keys * 3)[:100]
            answers = await asyncio.gather(*(node.ask(soundpost.GetParam("eq#1", key)) for key in asked))
            self.assertEqual([answer.param_id for answer in answers], asked)

    async def test_events_of_others_come_in_order(self) -> None:
        async with self.connect() as reader, self.connect() as writer:
            events = reader.subscribe(soundpost.ParamUpdate)
            for number in range(100):
                await writer.ask(soundpost.SetParam("gain#1", "gainDb#0", -number / 10))
            values = []
            async for event in events:
                assert isinstance(event, soundpost.ParamUpdate)
                values.append(float(event.value))
                if len(values) == 100:
                    break
            self.assertEqual(values, [round(-number / 10, 1) for number in range(100)])

    async def test_slow_reader_is_told_what_it_missed(self) -> None:
        async with self.connect() as reader, self.connect() as writer:
            events = reader.subscribe("param_update", waiting=5)
            for number in range(20):
                await writer.ask(soundpost.SetParam("gain#1", "gainDb#0", -number))
            # The reader's own answer comes behind everything that was sent to it before.
            await reader.ask(soundpost.Ping())
            self.assertEqual(await events.__anext__(), soundpost.Missed(15))
            update = await events.__anext__()
            self.assertEqual(update, soundpost.ParamUpdate("gain#1", "gainDb#0", "-15"))

    async def test_lost_connection_ends_asks_and_events(self) -> None:
        with NodeProcess("--no-sim") as other:
            node = await soundpost.connect(other.address)
            events = node.subscribe()
            other.stop(signal.SIGKILL)
            async for _ in events:
                pass
            self.assertFalse(node.is_connected)
            with self.assertRaises(soundpost.ConnectionLost):
                await node.ask(soundpost.Ping())
            await node.close()

    async def test_ask_under_way_fails_when_the_connection_is_cut(self) -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            key = next(line for line in head.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key: "))[19:]
            accept = _accept(key)
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
            await (reader.read(1) if cuts else reader.read())
            writer.close()

        cuts = True
        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        address = "127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        node = await soundpost.connect(address)
        with self.assertRaisesRegex(soundpost.ConnectionLost, "not known"):
            await node.ask(soundpost.Ping())
        await node.close()
        cuts = False
        node = await soundpost.connect(address)
        with self.assertRaises(soundpost.AnswerTimeout):
            await node.ask(soundpost.Ping(), timeout=0.05)
        asking = asyncio.ensure_future(node.ask(soundpost.Ping()))
        await asyncio.sleep(0)
        asking.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await asking
        node._writer.transport.abort()
        await node.close()
        server.close()
        await server.wait_closed()

    async def test_nobody_there_and_refusals_are_said(self) -> None:
        with NodeProcess("--no-sim") as other:
            address = other.address
        with self.assertRaisesRegex(soundpost.ConnectError, address):
            await soundpost.connect(address)
        port = self.node.address.rpartition(":")[2]
        with self.assertRaises(soundpost.ConnectError) as caught:
            await soundpost.connect(f"127.1:{port}")  # not on the node's list of hosts
        self.assertIsNotNone(caught.exception.refusal)
        for name in ("", "ws-1", "a b"):
            with self.subTest(name), self.assertRaises(soundpost.ConnectError):
                await soundpost.connect(self.node.address, name=name)
        for token in ("", "two words", "line\r\nEvil: 1"):
            with self.subTest(token), self.assertRaises(soundpost.ConnectError):
                await soundpost.connect(self.node.address, token=token)

    async def test_blocking_face(self) -> None:
        def work() -> None:
            with blocking.connect(self.node.address) as reader, blocking.connect(self.node.address) as writer:
                events = reader.subscribe(soundpost.ParamUpdate)
                with self.assertRaises(TimeoutError):
                    events.next(timeout=0.01)
                writer.ask(soundpost.SetParam("gain#1", "gainDb#1", -7))
                self.assertEqual(next(events), soundpost.ParamUpdate("gain#1", "gainDb#1", "-7"))
                with self.assertRaises(soundpost.NodeError):
                    writer.ask(soundpost.SetParam("gain#1", "gainDb#1", "loud"))
                self.assertEqual(writer.ask_raw("ping")["type"], "pong")
            self.assertEqual(list(events), [])
            with self.assertRaises(soundpost.ConnectionLost):
                reader.ask(soundpost.Ping())

        await asyncio.get_running_loop().run_in_executor(None, work)
        self.assertFalse([thread for thread in threading.enumerate() if thread.name == "soundpost"])


def _accept(key: bytes) -> bytes:
    import base64
    import hashlib

    return base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())


if __name__ == "__main__":
    unittest.main()
