import ChainModel

extension ModuleLibrary {
    /// The built-in modules and two that they lack: one with two inputs, and one that fixes its channels and has a port
    /// that may stay open.
    static let test = ModuleLibrary(
        modules: ModuleLibrary.builtIn.modules + [
            ModuleSchema(
                moduleType: "test_join_v1",
                typeId: 0x1667_9001,
                instanceName: "join",
                ports: [
                    PortSchema(id: "a", direction: .input),
                    PortSchema(id: "b", direction: .input),
                    PortSchema(id: "out", direction: .output),
                ],
                parameters: []
            ),
            ModuleSchema(
                moduleType: "test_probe_v1",
                typeId: 0x1667_9002,
                instanceName: "probe",
                ports: [
                    PortSchema(id: "in", direction: .input),
                    PortSchema(id: "side", direction: .input, isRequired: false, channels: .fixed(2)),
                    PortSchema(id: "out", direction: .output, channels: .fixed(3)),
                ],
                parameters: []
            ),
        ]
    )
}
