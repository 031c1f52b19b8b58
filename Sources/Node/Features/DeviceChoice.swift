import ControlProtocol

/// The optional field `device` of requests: one connected device instead of all.
enum DeviceChoice {
    /// Refuses any name, because no device can be connected to this node.
    static func refuse(_ device: String?) throws(ControlError) {
        if let device {
            throw ControlError(
                .unknownDevice, "No device called \"\(device.prefix(64))\" is connected.", field: "device")
        }
    }
}
