import ControlProtocol
import SoundpostClient

/// Turns a gain down, prints the levels for three seconds, and puts the gain back.
///
///     swift run client [ADDRESS]
@main
struct Client {
    static func main() async throws {
        let address = CommandLine.arguments.dropFirst().first ?? "127.0.0.1:5000"
        let client = try await SoundpostClient.connect(to: address, name: "example")
        do {
            try await run(client)
        } catch let refusal as ControlError {
            print("The node refused: \(refusal.message)")
        }
        await client.close()
    }

    private static func run(_ client: SoundpostClient) async throws {
        let before = try await client.get("gain#1", "gainDb#0")
        try await client.set("gain#1", "gainDb#0", to: -12)
        print("gain#1 gainDb#0: \(before) dB → -12 dB")

        let events = client.events
        try await client.startMeters(every: .milliseconds(250))
        let end = ContinuousClock.now + .seconds(3)
        for await event in events {
            if case .message(let metrics as DebugMetrics) = event, let gain = metrics.modules["gain#1"] {
                print(gain.outputPeakDb.map { "\(($0 * 10).rounded() / 10) dB" }.joined(separator: "  "))
            }
            if ContinuousClock.now > end { break }
        }
        try await client.set("gain#1", "gainDb#0", to: .string(before))
    }
}
