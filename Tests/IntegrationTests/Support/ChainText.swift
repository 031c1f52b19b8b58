/// Chain files for tests, written the way a user writes them.
enum ChainText {
    /// Modules one after the other between `in` and `out`.
    static func series(
        _ modules: [(id: String, type: String)],
        channels: Int = 2,
        sampleRate: Int = 48000,
        frameSize: Int = 240
    ) -> String {
        let nodes = modules.enumerated().map { order, module in node(module.id, module.type, order: order) }
        var edges: [String] = []
        var last = ("$io", "in")
        for module in modules {
            edges.append(edge(edges.count, last, (module.id, "in")))
            last = (module.id, "out")
        }
        edges.append(edge(edges.count, last, ("$io", "out")))
        return file(nodes: nodes, edges: edges, channels: channels, sampleRate: sampleRate, frameSize: frameSize)
    }

    static func file(
        nodes: [String],
        edges: [String],
        externalPorts: [String] = [],
        channels: Int = 2,
        sampleRate: Int = 48000,
        frameSize: Int = 240
    ) -> String {
        let ports = externalPorts.isEmpty ? "" : "\"externalPorts\": [\(externalPorts.joined(separator: ", "))],"
        return """
            {"version": "2.2", "rootChainId": "main",
             "global": {"channels": \(channels), "sampleRate": \(sampleRate), "frameSize": \(frameSize)},
             "chains": {"main": {"id": "main", "name": "Test", \(ports)
               "nodes": [\(nodes.joined(separator: ",\n"))],
               "edges": [\(edges.joined(separator: ",\n"))]}}}
            """
    }

    static func node(_ id: String, _ type: String, order: Int = 0) -> String {
        """
        {"instanceId": "\(id)", "moduleType": "\(type)", "order": \(order), "enabled": true,
         "position": {"x": 0, "y": 0},
         "ports": [\(port("in", "input")), \(port("out", "output"))]}
        """
    }

    static func port(_ id: String, _ direction: String, channels: Int = -1) -> String {
        """
        {"id": "\(id)", "direction": "\(direction)", "channels": \(channels), "sampleRate": -1, "label": "\(id)", \
        "required": true}
        """
    }

    typealias End = (module: String, port: String)

    static func edge(_ number: Int, _ from: End, _ to: End) -> String {
        """
        {"id": "e\(number)", "fromModule": "\(from.module)", "fromPort": "\(from.port)", "toModule": "\(to.module)", \
        "toPort": "\(to.port)", "channels": -1, "sampleRate": -1}
        """
    }
}
