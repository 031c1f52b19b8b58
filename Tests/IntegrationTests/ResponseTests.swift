import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// `soundpost response`, against the formulas of the filters.
struct ResponseTests {
    private struct Result: Decodable {
        struct Curve: Decodable {
            let outputChannel: Int
            let frequencyHz: [Double]
            let magnitudeDb: [Double?]
            let phaseDeg: [Double?]
            let groupDelayMs: [Double?]
        }

        let sampleRate: Int
        let inputChannel: Int
        let responses: [Curve]
        let silentOutputs: [Int]
    }

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func measure(_ chain: String, _ options: [String] = []) async throws -> Result {
        let outcome = try await SoundpostExecutable.run(["response", chain, "--format", "json"] + options)
        #expect(outcome.status == 0)
        #expect(outcome.diagnostics.isEmpty)
        return try JSONDecoder().decode(Result.self, from: outcome.output)
    }

    private func equaliser(_ peaks: [RBJPeak], sampleRate: Int) throws -> [String] {
        let chain = try directory.write("eq.json", ChainText.series([("eq#1", "common_eq_v1")], sampleRate: sampleRate))
        let bands = peaks.enumerated().map { band, peak in
            """
            "type#0#\(band)": "peaking", "freq#0#\(band)": \(peak.frequency), "gainDb#0#\(band)": \(peak.gainDb), \
            "q#0#\(band)": \(peak.q), "bandEnable#0#\(band)": true
            """
        }
        let values = try directory.write("eq.params.json", "{\"eq#1\": {\(bands.joined(separator: ",\n"))}}")
        return [chain, "--params", values]
    }

    /// The wires are 32-bit floats, so the measured response has their rounding.
    @Test(arguments: [44100, 48000, 96000, 192_000])
    func peaksOfTheEqualiserMatchTheCookbook(_ sampleRate: Int) async throws {
        let peaks = [(40.0, 9.0, 3.0), (1000, -12, 0.75), (8000, 6, 5)].map {
            RBJPeak(frequency: $0.0, gainDb: $0.1, q: $0.2, sampleRate: Double(sampleRate))
        }
        let arguments = try equaliser(peaks, sampleRate: sampleRate)
        let result = try await measure(arguments[0], Array(arguments.dropFirst()))
        #expect(result.sampleRate == sampleRate)
        let curve = try #require(result.responses.first)
        #expect(result.responses.count == 1)
        #expect(result.silentOutputs == [1])
        #expect(curve.frequencyHz.count == 480)
        #expect(curve.frequencyHz.first == 20)
        #expect(curve.frequencyHz.last == 0.49 * Double(sampleRate))
        for (index, frequency) in curve.frequencyHz.enumerated() {
            let wanted = peaks.map { $0.response(at: frequency) }
            let magnitude = try #require(curve.magnitudeDb[index])
            #expect(abs(magnitude - wanted.reduce(0) { $0 + $1.magnitudeDb }) < 0.001, "at \(frequency) Hz")
            let difference = try #require(curve.phaseDeg[index]) - wanted.reduce(0) { $0 + $1.phaseDeg }
            #expect(abs(difference.remainder(dividingBy: 360)) < 0.01, "at \(frequency) Hz")
        }
    }

    @Test
    func delayIsGroupDelayAndUnwrappedPhase() async throws {
        let chain = try directory.write("delay.json", ChainText.series([("delay#1", "ut_delay_20ch_v1")]))
        let values = try directory.write("values.json", #"{"delay#1": {"delaySamples#1": 4800}}"#)
        let result = try await measure(
            chain, ["--params", values, "--channel", "1", "--unwrap", "--points", "50"]
        )
        let curve = try #require(result.responses.first)
        #expect(curve.outputChannel == 1)
        for (index, frequency) in curve.frequencyHz.enumerated() {
            #expect(abs(try #require(curve.magnitudeDb[index])) < 1e-9)
            #expect(abs(try #require(curve.groupDelayMs[index]) - 100) < 1e-9)
            #expect(abs(try #require(curve.phaseDeg[index]) + 360 * 0.1 * frequency) < 1e-6)
        }
    }

    @Test
    func limiterIsMeasuredBelowItsThreshold() async throws {
        let chain = try directory.write("limiter.json", ChainText.series([("limiter#1", "limiter_v1")]))
        let values = try directory.write("values.json", #"{"limiter#1": {"ceilingDb": -40}}"#)
        let curve = try #require(try await measure(chain, ["--params", values]).responses.first)
        #expect(curve.magnitudeDb.allSatisfy { abs($0 ?? -1) < 1e-6 })
        #expect(curve.groupDelayMs.allSatisfy { abs(($0 ?? 0) - 1.5) < 1e-9 })
    }

    @Test
    func waysOfTheLoudspeakerDivideTheBand() async throws {
        let example = ExampleChain.twoWayActive
        let result = try await measure(example.path, ["--params", example.parameters])
        #expect(result.responses.map(\.outputChannel) == [0, 2])
        #expect(result.silentOutputs == [1, 3])
        let frequencies = result.responses[0].frequencyHz
        let low = try #require(frequencies.firstIndex { $0 > 300 })
        let high = try #require(frequencies.firstIndex { $0 > 10000 })
        let woofer = try result.responses[0].magnitudeDb.map { try #require($0) }
        let tweeter = try result.responses[1].magnitudeDb.map { try #require($0) }
        #expect(woofer[high] < woofer[low] - 40)
        #expect(tweeter[low] < tweeter[high] - 40)
    }

    @Test
    func csvHasAHeaderAndALineAFrequency() async throws {
        let example = ExampleChain.stereoTone
        let outcome = try await SoundpostExecutable.run(
            "response", example.path, "--params", example.parameters, "--points", "100"
        )
        #expect(outcome.status == 0)
        #expect(outcome.lines.first == "frequencyHz,magnitudeDb,phaseDeg,groupDelayMs,outputChannel")
        #expect(outcome.lines.count == 101)
        for line in outcome.lines.dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            #expect(fields.count == 5)
            #expect(fields.allSatisfy { Double($0) != nil })
        }
    }

    @Test
    func svgIsWellFormedAndLabelled() async throws {
        let example = ExampleChain.twoWayActive
        let outcome = try await SoundpostExecutable.run(
            "response", example.path, "--params", example.parameters, "--format", "svg"
        )
        #expect(outcome.status == 0)
        #expect(XMLParser(data: outcome.output).parse())
        for label in [
            "Two-way active loudspeaker", "Magnitude / dB", "Phase / °", "Group delay / ms", "Frequency / Hz",
            "output 2",
        ] {
            #expect(outcome.text.contains(label))
        }
    }

    @Test
    func pngDecodesToAPictureWithCurves() async throws {
        let example = ExampleChain.stereoTone
        let outcome = try await SoundpostExecutable.run(
            "response", example.path, "--params", example.parameters, "--format", "png", "--output", "0"
        )
        #expect(outcome.status == 0)
        let picture = try PNGFile(outcome.output)
        #expect(picture.width == 1440)
        #expect(picture.height == 1350)
        // Smooth edges of a blue curve, grey grid and dark text make many shades.
        #expect(picture.colorCount > 50)
        #expect(picture.rows[0].allSatisfy { $0 == 0xFF })
    }

    @Test
    func nameOfTheChainIsEscapedInSVG() async throws {
        let text = ChainText.series([("gain#1", "channel_gain_v1")])
            .replacing("\"Test\"", with: "\"<b> & \\\"x\\\" 你\"")
        let chain = try directory.write("name.json", text)
        let outcome = try await SoundpostExecutable.run("response", chain, "--format", "svg", "--points", "20")
        #expect(outcome.status == 0)
        #expect(XMLParser(data: outcome.output).parse())
        #expect(outcome.text.contains("&lt;b&gt; &amp; &quot;x&quot; 你"))
        let picture = try await SoundpostExecutable.run("response", chain, "--format", "png", "--points", "20")
        #expect(picture.status == 0)
        #expect(try PNGFile(picture.output).width == 1440)
    }

    @Test
    func channelsThatDoNotExistAreNamed() async throws {
        let path = ExampleChain.stereoTone.path
        for option in ["--channel", "--output"] {
            let outcome = try await SoundpostExecutable.run("response", path, option, "2")
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.diagnostics.contains(path) && outcome.diagnostics.contains("0…1"))
        }
    }
}
