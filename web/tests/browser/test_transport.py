"""Source, sink, transport and listening, by mouse and keyboard; the effect in the node, its levels, the sound here."""

from __future__ import annotations

import base64
import re

from playwright.sync_api import Locator, Page, expect

from harness import Bench, NodeOptions, tone
from panes import notices, open_pane

# 30 seconds of 1 kHz with a peak of −20 dBFS.
LONG = tone(1000, -20.0, 30.0)
NODE = NodeOptions(source=f"file:{LONG}", files=[tone(440, -26.0, 2.0)])
SHORT = "tone-440--26-2.wav"
PATIENCE = 25.0
PATIENCE_MS = PATIENCE * 1000


def pane(bench: Bench) -> Locator:
    opened = open_pane(bench.page, "Source & listen")
    expect(opened.get_by_role("row").filter(has_text=SHORT)).to_be_visible(timeout=PATIENCE_MS)
    return opened


def playing(bench: Bench) -> bool:
    return bool(bench.api.transport()["playing"])


def position(bench: Bench) -> float:
    """Seconds, at the time of the question."""
    return float(bench.api.transport()["positionMs"]) / 1000


def source(bench: Bench) -> str:
    given = bench.api.transport()["input"]
    return str(given["path"]).split("/")[-1] if given["type"] == "file" else str(given["type"])


def figure(page: Page, name: str) -> float:
    return float(page.locator(f"[data-figure='{name}']").get_attribute("data-value") or "nan")


def near(value: float, wanted: float, by: float) -> bool:
    return abs(value - wanted) <= by


def test_play_and_pause_by_button_and_space_bar(bench: Bench) -> None:
    tools = pane(bench)
    tools.get_by_role("button", name="Pause").click()
    bench.wait_for(lambda: not playing(bench), "the button holds the source", PATIENCE)
    bench.wait_for(lambda: bench.api.rms("$input")[0] < -100, "what is held is silent", PATIENCE)
    expect(tools.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    # From anywhere on the page: the focus on the navigator's tab is a control's own, so let it go first.
    bench.page.locator("body").click(position={"x": 640, "y": 2})
    bench.page.evaluate("document.activeElement.blur()")
    bench.page.keyboard.press("Space")
    bench.wait_for(lambda: playing(bench), "the space bar lets it go", PATIENCE)
    bench.wait_for(lambda: near(bench.api.rms("$input")[0], -23.01, 0.3), "and it is heard", PATIENCE)
    bench.page.keyboard.press("Space")
    bench.wait_for(lambda: not playing(bench), "and holds it", PATIENCE)


def test_seek_by_pointer_keys_and_typing(bench: Bench) -> None:
    tools = pane(bench)
    tools.get_by_role("button", name="Pause").click()
    bench.wait_for(lambda: not playing(bench), "held", PATIENCE)
    bar = tools.get_by_role("slider", name="Position")
    box = bar.bounding_box()
    assert box is not None
    bench.page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    bench.page.mouse.down()
    bench.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2, steps=4)
    bench.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2, steps=4)
    bench.page.mouse.up()
    bench.wait_for(lambda: near(position(bench), 15, 0.2), "dragging the bar to its middle goes to 15 s", PATIENCE)
    bar.focus()
    bench.page.keyboard.press("ArrowRight")
    bench.wait_for(lambda: near(position(bench), 20, 0.2), "an arrow key goes on by 5 s", PATIENCE)
    expect(bar).to_have_attribute("aria-valuetext", re.compile("^0:(19|20) of 0:30$"), timeout=PATIENCE_MS)
    bench.page.keyboard.press("Home")
    bench.wait_for(lambda: near(position(bench), 0, 0.05), "Home to the beginning", PATIENCE)
    field = tools.get_by_role("textbox", name="Position, minutes:seconds")
    field.click()
    field.fill("0:07.5")
    field.press("Enter")
    bench.wait_for(lambda: near(position(bench), 7.5, 0.05), "a typed time is gone to", PATIENCE)
    field.click()
    field.fill("9:99")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.press("Escape")
    bench.wait_for(lambda: field.input_value() == "0:07.5", "what is no time changes nothing", PATIENCE)
    tools.get_by_role("button", name="Stop and go to the beginning").click()
    bench.wait_for(lambda: near(position(bench), 0, 0.05), "stop goes to the beginning", PATIENCE)


def test_loop_and_the_end(bench: Bench) -> None:
    tools = pane(bench)
    loop = tools.get_by_role("button", name="Loop: begin again at the end")
    expect(loop).to_have_attribute("aria-pressed", "true")
    loop.click()
    bench.wait_for(lambda: not bench.api.transport()["loop"], "the loop is off", PATIENCE)
    bench.api.set_transport(positionMs=29000)
    bench.wait_for(lambda: bench.api.transport()["ended"], "the file ends", PATIENCE)
    play = tools.get_by_role("button", name="Play", exact=True)
    expect(play).to_be_visible(timeout=PATIENCE_MS)
    play.click()
    bench.wait_for(lambda: playing(bench) and position(bench) < 25, "play begins it again", PATIENCE)


def test_sources(bench: Bench) -> None:
    tools = pane(bench)
    choice = tools.get_by_role("combobox", name="Source", exact=True)
    choice.select_option("silence")
    bench.wait_for(lambda: source(bench) == "silence" and bench.api.rms("$input")[0] < -100, "silence", PATIENCE)
    choice.select_option("generator")
    bench.wait_for(lambda: source(bench) == "generator" and bench.api.rms("$input")[0] > -60, "music", PATIENCE)
    tools.get_by_role("button", name=f"Play {SHORT}").click()
    bench.wait_for(lambda: source(bench) == SHORT, "the file's button plays it", PATIENCE)
    bench.wait_for(lambda: near(bench.api.rms("$input")[0], -29.01, 0.5), "and its level is there", PATIENCE)
    expect(choice).to_have_value(f"file:{SHORT}", timeout=PATIENCE_MS)
    # This node may have no sound card: the page then says so and changes nothing.
    if not any(device["direction"] == "input" for device in bench.api.ask("list_audio_devices")["devices"]):
        choice.select_option("card")
        expect(tools.get_by_text("no sound card for input")).to_be_visible()
        tools.get_by_role("button", name="Look for sound cards again").click()
        assert source(bench) == SHORT


# A sound card where there is none: the page's questions for cards and its starts are answered here, not by the node.
STUDIO_CARD = """(() => {
    const starts = [];
    Object.defineProperty(window, "startsSent", { value: starts });
    const side = (direction) => ({
        index: 0, id: `${direction}:Studio`, name: "Studio", direction, hostApi: "ALSA", sampleRate: 48000,
        sampleRates: [48000], channels: 8, isDefault: true,
    });
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        const { type, requestId, input, output } = typeof data === "string" ? JSON.parse(data) : {};
        const hear = (message) => setTimeout(() => {
            this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
        });
        if (type === "list_audio_devices") {
            hear({ type: "audio_device_list", requestId, devices: [side("input"), side("output")] });
        } else if (type === "sim_start") {
            starts.push({ input, output });
            hear({
                type: "transport_status", input, output, running: true, seekable: false, pausable: false, playing: true,
                loop: true, positionMs: 0, durationMs: 0, ended: false, timestamp: 0,
            });
            hear({ type: "sim_status", requestId, running: true, status: "running" });
        } else {
            send.call(this, data);
        }
    };
})()"""


def test_channels_of_a_sound_card(bench: Bench) -> None:
    # A node that plays says every two seconds what plays, which is not the page's card.
    bench.api.ask("sim_stop")
    context = bench.new_context()
    context.add_init_script(STUDIO_CARD)
    page = bench.new_page(context=context)
    bench._page = page
    tools = pane(bench)

    def starts() -> list[dict[str, dict[str, object]]]:
        return list(page.evaluate("startsSent"))

    tools.get_by_role("combobox", name="Source", exact=True).select_option("card")
    inputs = tools.get_by_role("textbox", name="Channels for input")
    expect(inputs).to_have_value("")
    bench.wait_for(lambda: len(starts()) == 1, "the card is the source", PATIENCE)
    assert starts()[0]["input"] == {"type": "soundcard", "deviceName": ""}, "its channels are in order"
    inputs.fill("3, x")
    inputs.press("Enter")
    expect(tools.get_by_role("alert")).to_contain_text('"x" is no channel')
    expect(inputs).to_have_attribute("aria-invalid", "true")
    assert len(starts()) == 1, "what is no list is not sent"
    inputs.fill("3,4")
    expect(tools.get_by_role("alert")).to_have_count(0)
    inputs.press("Enter")
    bench.wait_for(lambda: starts()[-1]["input"].get("channels") == [3, 4], "the inputs are sent", PATIENCE)
    expect(inputs).to_have_value("3, 4")

    tools.get_by_role("combobox", name="Output", exact=True).select_option("card")
    outputs = tools.get_by_role("textbox", name="Channels for output")
    expect(outputs).to_have_value("")
    bench.wait_for(lambda: starts()[-1]["output"]["type"] == "soundcard", "the card is the output", PATIENCE)
    outputs.fill("2, 0, 2")
    outputs.press("Enter")
    expect(tools.get_by_role("alert")).to_contain_text("output 2 is given twice")
    outputs.press("Escape")
    expect(tools.get_by_role("alert")).to_have_count(0)
    expect(outputs).to_have_value("")
    outputs.fill("3 - 6")
    outputs.press("Tab")
    bench.wait_for(lambda: starts()[-1]["output"].get("channels") == [3, 4, 5, 6], "the outputs are sent", PATIENCE)
    assert starts()[-1]["input"]["channels"] == [3, 4], "the inputs stay"
    expect(outputs).to_have_value("3-6")
    outputs.fill("")
    outputs.press("Enter")
    bench.wait_for(lambda: "channels" not in starts()[-1]["output"], "empty is in order again", PATIENCE)


def test_the_engine_is_stopped_and_started(bench: Bench) -> None:
    tools = pane(bench)
    tools.get_by_role("button", name="Engine runs").click()
    bench.wait_for(lambda: not bench.api.transport()["running"], "the engine stops", PATIENCE)
    tools.get_by_role("button", name="Engine stopped").click()
    bench.wait_for(lambda: bench.api.transport()["running"], "and starts", PATIENCE)
    assert source(bench) == LONG.name, "with the source that it had"
    tools.get_by_role("button", name="Engine runs").click()
    bench.wait_for(lambda: not bench.api.transport()["running"], "stopped again", PATIENCE)
    tools.get_by_role("button", name="Play", exact=True).click()
    bench.wait_for(lambda: playing(bench), "play starts the engine", PATIENCE)


def test_sinks_and_a_recording(bench: Bench) -> None:
    tools = pane(bench)
    choice = tools.get_by_role("combobox", name="Output", exact=True)
    choice.select_option("browser")
    bench.wait_for(lambda: bench.api.transport()["output"]["type"] == "browser", "the browser is the sink", PATIENCE)
    choice.select_option("file")
    name = tools.get_by_role("textbox", name="Name of the file to write")
    name.fill("no slash/please.wav")
    expect(tools.get_by_role("alert")).to_contain_text("Only letters")
    name.fill("take-1.wav")
    name.press("Enter")
    bench.wait_for(lambda: bench.api.transport()["output"]["type"] == "file", "a file is written", PATIENCE)
    bench.pump(1500)
    tools.get_by_role("button", name="Finish").click()
    bench.wait_for(lambda: bench.api.transport()["output"]["type"] == "none", "the file is finished", PATIENCE)
    taken = bench.api.ask("list_audio_files")["files"]
    written = next((file for file in taken if file["name"] == "take-1.wav"), None)
    assert written is not None and written["durationMs"] > 500, "the recording is at the node"
    expect(tools.get_by_role("row").filter(has_text="take-1.wav")).to_be_visible(timeout=PATIENCE_MS)


def test_upload_with_a_mended_name_play_and_delete(bench: Bench) -> None:
    tools = pane(bench)
    content = tone(440, -26.0, 2.0).read_bytes()
    picker = tools.locator("#upload-files")
    picker.set_input_files({"name": "Grüße (1).wav", "mimeType": "audio/wav", "buffer": content})
    question = tools.get_by_role("textbox", name="Name for Grüße (1).wav at the node")
    expect(question).to_have_value("Gruesse-1.wav")
    question.fill("a/b.wav")
    expect(tools.get_by_role("button", name="Upload", exact=True)).to_be_disabled()
    question.fill("greetings.wav")
    question.press("Enter")
    row = tools.get_by_role("row").filter(has_text="greetings.wav")
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    expect(row).to_contain_text("0:02")
    expect(row).to_contain_text("48 kHz")
    row.get_by_role("button", name="Play greetings.wav").click()
    bench.wait_for(lambda: source(bench) == "greetings.wav", "what was sent up plays", PATIENCE)
    bench.wait_for(lambda: near(bench.api.rms("$input")[0], -29.01, 0.5), "with its level", PATIENCE)
    # The same name again: nothing is replaced unasked.
    picker.set_input_files({"name": "greetings.wav", "mimeType": "audio/wav", "buffer": content})
    tools.get_by_role("button", name="Keep both").click()
    second = tools.get_by_role("row").filter(has_text="greetings-2.wav")
    expect(second).to_be_visible(timeout=PATIENCE_MS)
    second.get_by_role("button", name="Delete greetings-2.wav").click()
    bench.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(second).to_have_count(0, timeout=PATIENCE_MS)
    assert all(file["name"] != "greetings-2.wav" for file in bench.api.ask("list_audio_files")["files"])


def test_what_is_no_audio_is_refused_in_words(bench: Bench) -> None:
    bench.allow("400")
    tools = pane(bench)
    tools.locator("#upload-files").set_input_files(
        [
            {"name": "letter.wav", "mimeType": "audio/wav", "buffer": b"Dear Sir or Madam, " * 100},
            {"name": "nothing.wav", "mimeType": "audio/wav", "buffer": b""},
        ]
    )
    uploads = tools.get_by_role("list", name="Uploads").get_by_role("listitem")
    letter = uploads.filter(has_text="letter.wav")
    expect(letter.get_by_role("alert")).not_to_be_empty(timeout=PATIENCE_MS)
    expect(uploads.filter(has_text="nothing.wav").get_by_role("alert")).to_have_text("The file is empty.")
    for name in ("letter.wav", "nothing.wav"):
        tools.get_by_role("button", name=f"Dismiss {name}").click()
    expect(uploads).to_have_count(0)


def test_upload_by_dropping(bench: Bench) -> None:
    tools = pane(bench)
    content = base64.b64encode(tone(440, -26.0, 0.5).read_bytes()).decode()
    dropped = bench.page.evaluate_handle(
        """(text) => {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "dropped.wav", { type: "audio/wav" }));
            return transfer;
        }""",
        content,
    )
    target = bench.page.locator(".transport-pane")
    target.dispatch_event("dragenter", {"dataTransfer": dropped})
    expect(bench.page.get_by_text("Drop audio files")).to_be_visible()
    target.dispatch_event("drop", {"dataTransfer": dropped})
    expect(bench.page.get_by_text("Drop audio files")).to_have_count(0)
    expect(tools.get_by_role("row").filter(has_text="dropped.wav")).to_be_visible(timeout=PATIENCE_MS)
    expect(notices(bench.page)).to_contain_text("dropped.wav is at the node")


def listen(bench: Bench) -> None:
    bench.page.get_by_role("button", name="Listen", exact=True).click()
    expect(bench.page.locator(".listen-status")).to_have_text("Playing", timeout=PATIENCE_MS)


def stays_silent(bench: Bench) -> bool:
    """Nothing is heard for half a second although sound is played: the stream is silent, not the buffer empty."""
    for _ in range(4):
        if bench.page.locator(".listen-status").inner_text() != "Playing" or figure(bench.page, "peak") > -90:
            return False
        bench.pump(130)
    return True


def test_listening_in_the_browser(bench: Bench) -> None:
    tools = pane(bench)
    page = bench.page
    assert page.locator("[data-listen]").get_attribute("data-listen") == "off", "nothing sounds unasked"
    listen(bench)
    bench.wait_for(lambda: near(figure(page, "peak"), -20, 0.5), "the tone arrives with its level", PATIENCE)
    bench.wait_for(lambda: near(figure(page, "rms"), -23.01, 0.7), "and its RMS", PATIENCE)
    assert 0 < figure(page, "buffer") < 700 and 20 < figure(page, "total") < 1500, "the latency is told"
    chain_ms = 1000 * bench.api.engine()["latencySamples"] / bench.api.engine()["sampleRate"]
    assert near(figure(page, "chain"), chain_ms, 0.1)
    # The sound is what the node plays now.
    bench.api.set_output(levelDb=-10)
    bench.wait_for(lambda: near(figure(page, "peak"), -30, 0.5), "the master level is heard", PATIENCE)
    bench.api.apply("gain#1", {"gainDb#0": 0, "gainDb#1": -120})
    tools.get_by_label("Channels").select_option("pair")
    tools.get_by_label("Left").select_option(label="2")
    tools.get_by_label("Right").select_option(label="2")
    bench.wait_for(lambda: stays_silent(bench), "the second channel on both ears is silent", PATIENCE)
    tools.get_by_label("Left").select_option(label="1")
    bench.wait_for(lambda: near(figure(page, "peak"), -30, 0.5), "the first is not", PATIENCE)
    tools.get_by_role("button", name="Stop listening").click()
    bench.wait_for(lambda: page.locator("[data-listen]").get_attribute("data-listen") == "off", "it ends", PATIENCE)


def test_volume_and_mute_are_the_browsers_own(bench: Bench) -> None:
    # What goes to the loudspeakers, measured behind the volume.
    context = bench.new_context()
    context.add_init_script("""(() => {
        const connect = AudioNode.prototype.connect;
        AudioNode.prototype.connect = function (target, ...rest) {
            if (target instanceof AudioDestinationNode) {
                const probe = this.context.createAnalyser();
                probe.fftSize = 2048;
                connect.call(this, probe);
                window.heardPeak = () => {
                    const samples = new Float32Array(probe.fftSize);
                    probe.getFloatTimeDomainData(samples);
                    return 20 * Math.log10(Math.max(1e-9, ...samples.map(Math.abs)));
                };
            }
            return connect.call(this, target, ...rest);
        };
    })()""")
    page = bench.new_page(context=context)
    bench._page = page
    tools = pane(bench)
    volume = tools.get_by_role("slider", name="Volume")
    volume.focus()
    page.keyboard.press("End")
    listen(bench)

    def heard(wanted: float, by: float = 0.5) -> bool:
        return near(float(page.evaluate("heardPeak()")), wanted, by)

    bench.wait_for(lambda: heard(-20), "at 0 dB the tone is as loud as at the node", PATIENCE)
    volume.focus()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    bench.wait_for(lambda: heard(-32), "twelve steps are 12 dB", PATIENCE)
    tools.get_by_role("button", name="Mute this browser").click()
    bench.wait_for(lambda: page.evaluate("heardPeak()") < -90, "muted here", PATIENCE)
    bench.wait_for(lambda: near(bench.api.rms("$output")[0], -23.01, 0.3), "but not at the node", PATIENCE)
    assert not bench.api.output()["muted"]
    tools.get_by_role("button", name="Mute this browser").click()
    bench.wait_for(lambda: heard(-32), "and heard again", PATIENCE)


def test_listening_outlives_the_engine_and_the_node(bench: Bench) -> None:
    pane(bench)
    page = bench.page
    bench.allow_lost_connections()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Shift+L")
    status = page.locator(".listen-status")
    expect(status).to_have_text("Playing", timeout=PATIENCE_MS)
    bench.api.ask("sim_stop")
    expect(status).to_have_text(re.compile("Filling"), timeout=PATIENCE_MS)
    bench.api.ask("sim_start")
    expect(status).to_have_text("Playing", timeout=PATIENCE_MS)
    tries: list[str] = []
    page.on("websocket", lambda socket: tries.append(socket.url))
    bench.node.stop()
    expect(status).to_have_text(re.compile("Connection lost"), timeout=PATIENCE_MS)
    bench.wait_for(lambda: any("/ws/audio" in url for url in tries), "it tries in vain", PATIENCE)
    bench.node.start()
    expect(status).to_have_text("Playing", timeout=PATIENCE_MS)
    bench.wait_for(lambda: near(figure(page, "peak"), -20, 0.5), "the tone is back", PATIENCE)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Shift+L")
    bench.wait_for(lambda: page.locator("[data-listen]").get_attribute("data-listen") == "off", "it ends", PATIENCE)
