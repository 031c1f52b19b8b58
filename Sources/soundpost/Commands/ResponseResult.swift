import AudioEngine
import Foundation

/// What `soundpost response` found, in the forms that it prints.
struct ResponseResult {
    struct Output {
        let channel: Int
        let response: FrequencyResponse
    }

    let title: String
    let path: String
    /// In Hz.
    let sampleRate: Int
    let inputChannel: Int
    let outputs: [Output]
    /// Output channels that the input does not reach.
    let silentOutputs: [Int]

    /// A header and a line a frequency; a field is empty where nothing comes out.
    var csv: Data {
        var lines = ["frequencyHz,magnitudeDb,phaseDeg,groupDelayMs,outputChannel"]
        for output in outputs {
            for point in output.response.points {
                let values = [point.frequencyHz, point.magnitudeDb, point.phaseDeg, point.groupDelayMs]
                let fields = values.map { $0.map(Self.number) ?? "" }
                lines.append((fields + [String(output.channel)]).joined(separator: ","))
            }
        }
        return Data((lines.joined(separator: "\n") + "\n").utf8)
    }

    struct JSON: Encodable {
        struct Curve: Encodable {
            let outputChannel: Int
            let frequencyHz: [Double]
            let magnitudeDb: [Double?]
            let phaseDeg: [Double?]
            let groupDelayMs: [Double?]
        }

        let chain: String
        let sampleRate: Int
        let inputChannel: Int
        let responses: [Curve]
        let silentOutputs: [Int]
    }

    /// Arrays a curve, all equally long; null where nothing comes out.
    var json: JSON {
        JSON(
            chain: title,
            sampleRate: sampleRate,
            inputChannel: inputChannel,
            responses: outputs.map { output in
                let points = output.response.points
                return JSON.Curve(
                    outputChannel: output.channel,
                    frequencyHz: points.map(\.frequencyHz),
                    magnitudeDb: points.map(\.magnitudeDb),
                    phaseDeg: points.map(\.phaseDeg),
                    groupDelayMs: points.map(\.groupDelayMs)
                )
            },
            silentOutputs: silentOutputs
        )
    }

    func plot(hasContinuousPhase: Bool) -> ResponsePlot {
        let target = outputs.count == 1 ? " to output \(outputs[0].channel)" : ""
        return ResponsePlot(
            title: title,
            subtitle: "\(path) · input \(inputChannel)\(target) · \(sampleRate) Hz",
            curves: outputs.map { ResponsePlot.Curve(label: "output \($0.channel)", response: $0.response) },
            lowestFrequency: outputs[0].response.points[0].frequencyHz,
            highestFrequency: outputs[0].response.points[outputs[0].response.points.count - 1].frequencyHz,
            hasContinuousPhase: hasContinuousPhase
        )
    }

    /// Nine decimals: a billionth of a dB, a degree, a millisecond.
    private static func number(_ value: Double) -> String {
        String(format: "%.9f", value)
    }
}
