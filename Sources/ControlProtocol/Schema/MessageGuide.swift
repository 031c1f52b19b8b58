/// What people are told about the messages: areas and one line a message, by wire name.
///
/// A test holds it against ``MessageCatalog/standard``: every message has its line, and no line is left over.
public enum MessageGuide {
    /// Messages that belong together.
    public struct Area: Sendable {
        public let name: String
        /// Wire name and line, in reading order.
        public let messages: [(type: String, summary: String)]
    }

    public static let areas = [
        session, parameters, history, chain, engine, output, transport, presets, profiles, comparison, debugging,
        extensions,
    ]

    private static let session = Area(
        name: "Session",
        messages: [
            ("ping", "Asks whether the node is there."),
            ("pong", "Answers ping with the node's clock."),
            ("get_status", "Asks for the state of devices and simulation."),
            ("dsp_status", "The state of devices and simulation: sent on connect and on every change."),
            ("set_mode", "Changes what the node is being used for, which decides what clients may change."),
            ("mode_changed", "The mode in force: answers set_mode, and is sent to every other client."),
            ("log_stream", "One line of the node's log. A client that connects late gets the kept lines first."),
            ("ack", "Answers a request that needs no answer of its own."),
            ("error", "A message was refused and changed nothing; says what was wrong and what would be right."),
        ]
    )

    private static let parameters = Area(
        name: "Parameters",
        messages: [
            ("set_param", "Sets one parameter of one module. The name set_params is accepted too."),
            (
                "set_param_ack",
                "The value was checked, stored and queued to the engine, or refused with nothing changed."
            ),
            ("param_update", "Another client changed a parameter."),
            ("apply_params", "Sets many parameters of one module at once: all of them, or none."),
            ("apply_params_ack", "All values were taken, or none."),
            ("get_param", "Asks for the value in force of one parameter: the stored one, else the default."),
            ("get_param_ack", "The value in force, as a string."),
            ("get_all_params", "Asks for every value in force, defaults included, of one module or of all."),
            ("get_all_params_ack", "Values in force: params of the module asked for, else instances of all modules."),
            ("get_module_params", "Asks for the stored values of one module, to check what the node has received."),
            ("module_params", "The stored values of one module; parameters that were never set are absent."),
        ]
    )

    private static let history = Area(
        name: "History",
        messages: [
            ("undo", "Takes back the sender's newest change that is still in force, parameters or chain."),
            ("undo_ack", "What was taken back and the values now; after linkChanged, read the chain again."),
            ("redo", "Makes again what the sender took back last."),
            ("redo_ack", "What was made again and the values now; after linkChanged, read the chain again."),
            (
                "get_history",
                "Asks what was changed, by whom and when, the newest first; 100 entries unless limit says."
            ),
            ("history", "The changes, and whether the asking client has something to undo or to redo."),
        ]
    )

    private static let chain = Area(
        name: "Chain",
        messages: [
            ("write_link", "Replaces the chain, and values with it: checked, written to disk, then faded in."),
            ("write_link_ack", "The chain plays, or every fault of it is listed and the old one is unchanged."),
            ("link_updated", "Another client replaced the chain; read_link gives it."),
            ("read_link", "Asks for the stored chain."),
            ("read_link_ack", "The chain as it was written, keys unknown to the node included."),
            ("get_dsp_chain", "Asks for the stored chain, sub-graphs included."),
            ("dsp_chain", "The chain as it was written, keys unknown to the node included."),
            ("get_module_library", "Asks for all module types that a chain may use."),
            ("module_library", "Every module type with its ports and parameters."),
        ]
    )

    private static let engine = Area(
        name: "Engine",
        messages: [
            ("sim_start", "Starts the simulation, or restarts it with other ends."),
            ("sim_stop", "Stops the simulation; the sound fades out. Stopping a stopped simulation is no error."),
            (
                "sim_status",
                "Whether the simulation runs: answers sim_start and sim_stop, and goes to every other client."
            ),
            ("list_audio_devices", "Asks for the machine's sound cards."),
            ("audio_device_list", "One entry for each direction of each card."),
            ("set_audio_device", "Chooses the card to play to or to listen to, by id; empty for the default output."),
            ("audio_device_ack", "The card is chosen, or the devices are as they were."),
            ("start_audio_engine", "Starts the simulation with the devices chosen last. The chain decides the rate."),
            ("audio_engine_started", "The engine has started: sent to every client."),
            ("stop_audio_engine", "Stops the simulation."),
            ("audio_engine_stopped", "The engine has stopped: sent to every client."),
            ("get_audio_engine_status", "Asks for the engine's state and what it uses of the machine."),
            ("audio_engine_status", "The engine's state: sent to every client every 2 seconds."),
            ("get_thread_assignments", "Asks which simulated core runs which module."),
            ("thread_assignments", "Core by module; sent to every client when the chain was replaced."),
        ]
    )

    private static let output = Area(
        name: "Output",
        messages: [
            ("get_output", "Asks for level, mutes, bypass and audition behind the chain."),
            ("set_output", "Changes them; the sound goes over in 20 ms. What is absent stays. Allowed in every mode."),
            ("output_status", "What happens behind the chain: sent on connect and on every change."),
        ]
    )

    private static let transport = Area(
        name: "Transport",
        messages: [
            ("get_transport", "Asks what plays and where the source is."),
            ("set_transport", "Plays on, pauses, goes to a place, or loops; without a click. What is absent stays."),
            ("transport_status", "What plays, where to, and where the source is; sent on every change."),
            ("list_audio_files", "Asks for the audio files that the node can play."),
            ("audio_file_list", "The files with their lengths and formats; sent when one came or went."),
            ("delete_audio_file", "Removes an audio file for good; not the one that plays."),
        ]
    )

    private static let presets = Area(
        name: "Presets",
        messages: [
            (
                "save_preset",
                "Stores values of one module under an id: those given, which are applied, or the present ones."
            ),
            ("preset_save_ack", "The preset is on disk, or nothing has changed."),
            ("load_preset", "Applies a preset: all of its values, or none."),
            ("preset_data", "The preset that was applied."),
            ("delete_preset", "Removes a preset for good."),
            ("preset_delete_ack", "The preset is gone, or nothing has changed."),
            ("list_presets", "Asks for the presets of one module, present in the chain or not."),
            ("preset_list", "The presets of one module; sent to the other clients when one was saved or deleted."),
            ("preset_state", "Which preset a module plays, and whether its values have been changed since."),
            ("diff_presets", "Asks how a preset differs from another one; without otherId, from the values in force."),
            ("preset_diff", "The parameters whose values differ."),
            ("morph_presets", "Goes to a place between two presets of one module, in one change."),
            ("morph_presets_ack", "All values were taken, or none."),
        ]
    )

    private static let profiles = Area(
        name: "Profiles",
        messages: [
            ("save_profile", "Stores which preset each of some modules plays. Each preset must exist."),
            ("profile_save_ack", "The profile is on disk, or nothing has changed."),
            ("load_profile", "Applies the presets of a profile: all of their values, or none."),
            ("profile_data", "The profile that was applied; absent names modules that the chain lacks."),
            ("delete_profile", "Removes a profile for good. Its presets stay."),
            ("profile_delete_ack", "The profile is gone, or nothing has changed."),
            ("list_profiles", "Asks for all profiles."),
            ("profile_list", "All profiles; sent to the other clients when one was saved or deleted."),
        ]
    )

    private static let comparison = Area(
        name: "Comparison",
        messages: [
            ("get_compare", "Asks how the comparison of two states, a and b, stands."),
            ("compare_select", "Goes over to one of the two states; the other keeps what was in force."),
            ("compare_copy", "Makes the other state equal to this one."),
            ("compare_status", "Which state is in force and how far they differ; goes to the other clients too."),
        ]
    )

    private static let debugging = Area(
        name: "Debugging",
        messages: [
            (
                "debug_subscribe",
                "Asks for debug_metrics every so many milliseconds, 50 to 10000; without intervalMs, 500."
            ),
            ("debug_unsubscribe", "Ends the subscription. Without one it does nothing."),
            ("debug_metrics", "Load and levels of the running simulation, for clients that subscribed."),
            ("spectrum_subscribe", "Asks for spectra of up to 16 wires every 33 to 1000 milliseconds."),
            ("spectrum_unsubscribe", "Ends that. Without a subscription it does nothing."),
            ("spectrum", "Levels over a logarithmic scale of frequencies, for clients that subscribed."),
            ("open_tap", "Lets a program on the node's machine read every sample of a wire through shared memory."),
            ("tap_opened", "The name under which one reader finds the samples."),
            ("close_tap", "Ends a tap; one whose reader goes, or never comes, ends by itself."),
        ]
    )

    private static let extensions = Area(
        name: "Extensions",
        messages: [
            ("list_extensions", "Asks for the node's extensions: programs that it runs and asks."),
            ("extension_list", "The extensions and how they are doing: the answer, and sent on every change."),
            (
                "call_extension",
                "Asks an extension; timeoutMs says for how long to wait, 60000 if absent. The answer comes out of turn."
            ),
            ("extension_result", "What the extension answered, or why there is no answer."),
            ("extension_event", "Something that an extension says by itself, sent to all clients."),
            ("restart_extension", "Starts an extension anew, also one that ended too often and was given up."),
        ]
    )
}
