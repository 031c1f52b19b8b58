/// Requests that are part of the protocol but that this version of the node does not offer.
///
/// They are answered with `unsupported` instead of `unknown_type`, so that a client can tell an older node from its own
/// typing error. A name leaves this list when its type joins ``MessageCatalog/standard``.
enum UnofferedMessages {
    static let types: Set<String> = [
        "read_dsp_chain",
        "connect_dsp", "disconnect_dsp",
        "wav_capture_start",
        "generate_param_bin", "set_ambiance",
        "sim_set_core_count", "sim_set_core_intra_threads", "sim_get_core_status",
        "assign_module_thread", "assign_module_threads_batch",
        "codegen_module", "load_module_dll",
        "legacy_load_config", "legacy_list_configs", "legacy_select_config", "legacy_connect", "legacy_disconnect",
        "legacy_set_param", "legacy_get_param", "legacy_set_params_batch", "legacy_save_preset", "legacy_load_preset",
        "legacy_delete_preset", "legacy_list_presets", "legacy_save_profile", "legacy_load_profile",
        "legacy_list_profiles", "legacy_get_status", "legacy_start_readback_poll", "legacy_stop_readback_poll",
        "monitor_set", "monitor_get",
        "route", "get_cluster_status",
    ]
}
