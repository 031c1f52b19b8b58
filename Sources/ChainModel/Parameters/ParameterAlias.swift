/// A parameter that is stated in another unit than the one it is stored in: `delayMs` and `delayCm` of a delay, which
/// stores samples.
public enum ParameterAlias: String, Sendable, Hashable, CaseIterable {
    case delayMs, delayCm

    /// Nil for a name that is no alias.
    public init?(name: String) {
        self.init(rawValue: name)
    }

    /// The parameter that is stored.
    public var target: String { "delaySamples" }

    /// Whether a module type has the parameter that this stands for.
    public func applies(to type: ModuleSchema) -> Bool {
        type.parameter(named: target)?.dataType == .int32
    }

    /// The key and the samples to store. The range is checked with the parameter itself.
    ///
    /// - Throws: `bad_type` for a value that is no number, `out_of_range` for one beyond 32 bits of samples.
    public func resolve(
        instance: String,
        key: ParameterKey,
        input: ParameterInput,
        sampleRate: Int,
        conversion: UnitConversion
    ) throws(ParameterFault) -> (key: ParameterKey, samples: Int32) {
        let number: Double? =
            switch input {
            case .number(let value): value
            case .string(let text): ParameterText.number(text)
            case .bool: nil
            }
        guard let number else {
            throw ParameterFault(
                .badType,
                instance: instance,
                parameter: key.description,
                "a number of \(unitName) is needed."
            )
        }
        guard number.isFinite else {
            throw ParameterFault(.notFinite, instance: instance, parameter: key.description, "the value is not finite.")
        }
        let samples =
            switch self {
            case .delayMs: conversion.samples(milliseconds: number, sampleRate: sampleRate)
            case .delayCm: conversion.samples(centimetres: number, sampleRate: sampleRate)
            }
        guard let samples else {
            throw ParameterFault(
                .outOfRange,
                instance: instance,
                parameter: key.description,
                "\(ParameterText.shown(number)) \(unitName) are more samples than can be delayed."
            )
        }
        return (ParameterKey(name: target, indices: key.indices), samples)
    }

    private var unitName: String { self == .delayMs ? "milliseconds" : "centimetres" }
}
