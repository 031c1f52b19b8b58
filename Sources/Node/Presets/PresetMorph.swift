import ChainModel
import ControlProtocol
import Foundation

/// The way from one preset's values to another's.
struct PresetMorph {
    private let from: [ParameterID: StoredParameter]
    private let to: [ParameterID: StoredParameter]

    init(from: [StoredParameter], to: [StoredParameter]) {
        self.from = Dictionary(uniqueKeysWithValues: from.map { ($0.id, $0) })
        self.to = Dictionary(uniqueKeysWithValues: to.map { ($0.id, $0) })
    }

    /// The values at a place of the way: those that both presets have. At its ends they are the presets' own.
    ///
    /// - Parameter position: 0 = the first preset, 1 = the second.
    func changes(at position: Double, in state: ChainState) -> [StoredParameter] {
        from.values.sorted { $0.id.key.description < $1.id.key.description }.compactMap { first in
            guard let second = to[first.id] else { return nil }
            guard position > 0 else { return first }
            guard position < 1 else { return second }
            guard first.value != second.value, let schema = schema(of: first.id, in: state),
                let value = Self.between(first.value, second.value, position, schema)
            else { return position < 0.5 ? first : second }
            return StoredParameter(id: first.id, value: value, schema: schema)
        }
    }

    /// Frequencies, times and qualities are heard as ratios; levels are ratios already.
    private static func between(
        _ first: ParameterValue,
        _ second: ParameterValue,
        _ position: Double,
        _ schema: ParameterSchema
    ) -> ParameterValue? {
        switch (first, second) {
        case (.float(let a), .float(let b)):
            let isRatio = ["Hz", "ms"].contains(schema.unit) || schema.name == "q" || schema.name == "ratio"
            let a = Double(a)
            let b = Double(b)
            if isRatio, a > 0, b > 0 { return .float(Float(a * pow(b / a, position))) }
            return .float(Float(a + (b - a) * position))
        case (.int(let a), .int(let b)) where schema.dataType == .int32:
            return .int(Int32((Double(a) + (Double(b) - Double(a)) * position).rounded()))
        default:
            return nil
        }
    }

    private func schema(of id: ParameterID, in state: ChainState) -> ParameterSchema? {
        state.chain.modules.first { $0.id == id.instance }?.type.parameter(named: id.key.name)
    }
}
