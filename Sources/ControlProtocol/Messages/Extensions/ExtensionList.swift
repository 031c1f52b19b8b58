/// The node's extensions and how they are doing: answers ``ListExtensions``, and is sent on every change.
public struct ExtensionList: ControlEvent {
    public static let type = "extension_list"

    public struct Item: Hashable, Sendable, Codable {
        public enum State: String, Hashable, Sendable, Codable, CaseIterable {
            case starting, ready, restarting, failed, stopped
        }

        public var id: String
        /// For people.
        public var name: String
        public var version: String?
        public var description: String?
        /// `failed`: it ended by itself too often, and waits for ``RestartExtension``.
        public var state: State
        /// Methods for ``CallExtension``.
        public var handlers: [String]
        /// How often it was started again.
        public var restarts: Int
        /// Why it ended last.
        public var message: String?
        /// Events that were not handed on to clients: too many, too large, or not taken in time. Absent without any.
        public var droppedEvents: Int?
        /// The page's panel for it.
        public var panel: String?

        public init(
            id: String, name: String, version: String? = nil, description: String? = nil, state: State,
            handlers: [String], restarts: Int, message: String? = nil, droppedEvents: Int? = nil,
            panel: String? = nil
        ) {
            self.id = id
            self.name = name
            self.version = version
            self.description = description
            self.state = state
            self.handlers = handlers
            self.restarts = restarts
            self.message = message
            self.droppedEvents = droppedEvents
            self.panel = panel
        }
    }

    public var extensions: [Item]

    public init(extensions: [Item]) {
        self.extensions = extensions
    }
}
