extension ParameterSchema {
    /// Reads a value as a client or file states it and checks type and range.
    ///
    /// Numbers may be stated as text, as the parameter store writes them; enumerations by name or number; booleans as 0
    /// and 1.
    ///
    /// - Throws: A fault without instance and parameter, which the caller knows.
    public func value(from input: ParameterInput, sampleRate: Int) throws(ParameterFault) -> ParameterValue {
        switch dataType {
        case .bool: .bool(try flag(input))
        case .enumeration: .int(try choice(input))
        case .int32, .uint8: .int(try integer(input, sampleRate))
        case .float: .float(try float(input, sampleRate))
        case .floatArray:
            throw ParameterFault(.badType, "is an array, which is loaded from a file and not set element by element.")
        }
    }

    private func flag(_ input: ParameterInput) throws(ParameterFault) -> Bool {
        switch input {
        case .bool(let value): return value
        case .number(0), .string("false"): return false
        case .number(1), .string("true"): return true
        case .number, .string: throw wrongType(input, "true or false is needed")
        }
    }

    private func choice(_ input: ParameterInput) throws(ParameterFault) -> Int32 {
        let names = values.joined(separator: ", ")
        switch input {
        case .string(let text):
            if let number = values.firstIndex(of: text) { return Int32(number) }
            guard let number = ParameterText.number(text) else {
                throw ParameterFault(.outOfRange, "'\(text.prefix(40))' is no value; possible are \(names).")
            }
            return try choice(.number(Double(number)))
        case .number(let number):
            guard let index = Int(exactly: number), values.indices.contains(index) else {
                throw ParameterFault(
                    .outOfRange,
                    "\(ParameterText.shown(number)) is no value; possible are \(names), or 0…\(values.count - 1)."
                )
            }
            return Int32(index)
        case .bool:
            throw wrongType(input, "one of \(names) is needed")
        }
    }

    private func integer(_ input: ParameterInput, _ sampleRate: Int) throws(ParameterFault) -> Int32 {
        let number = try number(input)
        guard number == number.rounded() else { throw wrongType(input, "a whole number is needed") }
        try checkRange(number, sampleRate)
        guard let value = Int32(exactly: number) else {
            throw ParameterFault(.outOfRange, "\(ParameterText.shown(number)) does not fit 32 bits.")
        }
        return value
    }

    private func float(_ input: ParameterInput, _ sampleRate: Int) throws(ParameterFault) -> Float {
        // Text is read as f32 at once: by way of a double it would be rounded twice.
        if case .string(let text) = input, let value = ParameterText.float(text) {
            try checkRange(Double(value), sampleRate)
            return value
        }
        let number = try number(input)
        let value = Float(number)
        try checkRange(value.isFinite ? Double(value) : number, sampleRate)
        return value
    }

    private func number(_ input: ParameterInput) throws(ParameterFault) -> Double {
        switch input {
        case .number(let number):
            guard number.isFinite else { throw ParameterFault(.notFinite, "the value is not finite.") }
            return number
        case .string(let text):
            guard let number = ParameterText.number(text) else { throw wrongType(input, "a number is needed") }
            return number
        case .bool:
            throw wrongType(input, "a number is needed")
        }
    }

    private func checkRange(_ number: Double, _ sampleRate: Int) throws(ParameterFault) {
        let lowest = Double(minValue)
        let highest = Double(maximum(sampleRate: sampleRate))
        guard number < lowest || number > highest else { return }
        let unit = unit.isEmpty ? "" : " \(unit)"
        let ofRate = maxIsOfRate ? " at \(sampleRate) Hz" : ""
        throw ParameterFault(
            .outOfRange,
            "\(ParameterText.shown(number)) is out of range; \(ParameterText.shown(Double(minValue), asFloat: true))…"
                + "\(ParameterText.shown(highest, asFloat: true))\(unit) is possible\(ofRate)."
        )
    }

    private func wrongType(_ input: ParameterInput, _ needed: String) -> ParameterFault {
        let found =
            switch input {
            case .bool(let value): "\(value)"
            case .number(let value): ParameterText.shown(value)
            case .string(let value): "'\(value.prefix(40))'"
            }
        return ParameterFault(.badType, "found \(found) where \(needed).")
    }
}
