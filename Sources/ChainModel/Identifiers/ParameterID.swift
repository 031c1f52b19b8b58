/// One element of one parameter of one instance.
public struct ParameterID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var instance: InstanceID
    public var key: ParameterKey

    public init(instance: InstanceID, key: ParameterKey) {
        self.instance = instance
        self.key = key
    }

    /// `gain#1.gainDb#0`, the key under which values are stored.
    public var description: String { "\(instance).\(key)" }

    public static func < (left: ParameterID, right: ParameterID) -> Bool {
        left.instance == right.instance ? left.key < right.key : left.instance < right.instance
    }
}
