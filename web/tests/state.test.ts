import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NodeState, emptyState, logLimit, reduce, withLines } from "../src/node/state";
import type { WireMessage } from "../src/node/types";

/** A golden message of the protocol. */
function fixture(name: string): WireMessage {
    return JSON.parse(readFileSync(join(process.cwd(), "../fixtures/messages", `${name}.json`), "utf8")) as WireMessage;
}

function take(state: NodeState, message: WireMessage, of?: string): NodeState {
    return { ...state, ...reduce(state, message, of) };
}

test("status and mode messages give the mode", () => {
    const state = take(emptyState, fixture("dsp_status"));
    assert.equal(state.mode, "chain_builder");
    assert.equal(take(state, fixture("mode_changed")).mode, "tuning");
});

test("the library is kept by module type", () => {
    const { library } = take(emptyState, fixture("module_library"), "get_module_library");
    assert.equal(library.channel_gain_v1.params[1].name, "gainDb");
});

test("the extensions are those of the last list", () => {
    const { extensions } = take(emptyState, fixture("extension_list"), "list_extensions");
    assert.deepEqual(extensions.map((one) => [one.id, one.state, one.panel]), [["auto_eq", "ready", "auto_eq"], ["broken", "failed", undefined]]);
    assert.equal(extensions[1].message, "it ended with status 1");
});

test("an engine status of an older node is filled in", () => {
    const { type: _type, ...rest } = fixture("audio_engine_status");
    const { cores: _cores, inputChannels: _inputs, ...older } = rest as Record<string, unknown>;
    const { engine } = take(emptyState, { type: "audio_engine_status", ...older });
    assert.equal(engine?.isRunning, true);
    assert.equal(engine?.cores, 1);
    assert.equal(engine?.inputChannels, 0);
});

test("starting and stopping shows at once", () => {
    const running = take(emptyState, fixture("audio_engine_status"));
    const stopped = take(running, fixture("sim_status.stopped"));
    assert.equal(stopped.engine?.isRunning, false);
    assert.equal(take(stopped, fixture("audio_engine_started")).engine?.isRunning, true);
});

test("metrics are complete whatever the node leaves out", () => {
    const { metrics } = take(emptyState, { type: "debug_metrics", timestamp: 1, cpuLoad: 2, modules: {} });
    assert.deepEqual(metrics?.outputPeakDb, []);
    assert.equal(metrics?.cpuLoad, 2);
});

test("an output status without audition has none", () => {
    const { output } = take(emptyState, { type: "output_status", levelDb: -3, muted: false });
    assert.equal(output?.audition, null);
    assert.equal(output?.levelDb, -3);
});

test("preset lists and states go together", () => {
    const listed = take(emptyState, fixture("preset_list"));
    assert.equal(listed.presets["gain#1"].presets.length, 2);
    const changed = take(listed, fixture("preset_state"));
    assert.equal(changed.presets["gain#1"].changed, true);
    assert.equal(changed.presets["gain#1"].presets.length, 2);
    const gone = take(changed, fixture("preset_state.deleted"));
    assert.equal(gone.presets["gain#1"].loaded, undefined);
});

test("the history's answer gives what can be undone", () => {
    const state = take(emptyState, fixture("history"), "get_history");
    assert.equal(state.history.length, 3);
    assert.equal(state.canUndo, false);
    assert.equal(state.canRedo, true);
});

test("refusals change nothing", () => {
    assert.equal(reduce(emptyState, { type: "preset_list", success: false }), null);
    assert.equal(reduce(emptyState, fixture("error")), null);
});

test("the log keeps its newest lines and takes no line twice", () => {
    const line = (timestamp: number): { level: string; source: string; message: string; timestamp: number } => ({
        level: "INFO", source: "node", message: `line ${timestamp}`, timestamp,
    });
    const many = Array.from({ length: logLimit + 10 }, (_, index) => line(index));
    const log = withLines([], many);
    assert.equal(log.length, logLimit);
    assert.equal(log[log.length - 1].message, `line ${logLimit + 9}`);
    // A node that the page comes back to repeats what it kept.
    const again = withLines(log, [...many.slice(-5), line(logLimit + 10)]);
    assert.equal(again.length, logLimit);
    assert.deepEqual(again.slice(-2).map((entry) => entry.timestamp), [logLimit + 9, logLimit + 10]);
    assert.equal(new Set(again.map((entry) => entry.serial)).size, logLimit);
});

test("older entries that somebody asks for are not the present history", () => {
    const entry = (id: number): object => ({ id, client: "me", undone: false, timestamp: id, kind: "parameters", title: "" });
    const answer = (...ids: number[]): WireMessage => (
        { type: "history", entries: ids.map(entry), canUndo: true, canRedo: false });
    const ids = (state: NodeState): number[] => state.history.map((each) => each.id);
    const present = { ...take(emptyState, answer(9, 8, 7), "get_history"), isLoaded: true };
    assert.deepEqual(ids(take(present, answer(6, 5), "get_history")), [9, 8, 7]);
    assert.deepEqual(ids(take(present, answer(10, 9, 8), "get_history")), [10, 9, 8]);
    // Another node counts from the beginning.
    assert.deepEqual(ids(take({ ...present, isLoaded: false }, answer(2, 1), "get_history")), [2, 1]);
});
