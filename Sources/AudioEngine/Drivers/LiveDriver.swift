/// Chooses the driver for a source and a sink: the card's clock when a card is involved, else the machine's.
enum LiveDriver {
    static let make: DriverFactory = { request in
        switch (request.source, request.sink) {
        case (.card, _), (_, .card):
            try PortAudioLibrary.exclusively { try CardDriver(request, session: PortAudioSession()) }
        default: try PacedDriver(request)
        }
    }
}
