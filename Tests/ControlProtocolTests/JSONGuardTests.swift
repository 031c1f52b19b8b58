import ControlProtocol
import Testing

@Suite struct JSONGuardTests {
    private func code(_ text: String, _ limits: JSONGuard = JSONGuard()) -> ControlError.Code? {
        code(Array(text.utf8), limits)
    }

    private func code(_ bytes: [UInt8], _ limits: JSONGuard = JSONGuard()) -> ControlError.Code? {
        do throws(ControlError) {
            try limits.check(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: [33, 100, 10_000, 500_000]) func nestingBeyondTheLimitIsRefused(depth: Int) {
        #expect(code(String(repeating: "[", count: depth)) == .tooDeep)
        #expect(code(String(repeating: "{\"a\":", count: min(depth, 200_000))) == .tooDeep)
    }

    @Test func nestingUpToTheLimitPasses() {
        #expect(code(String(repeating: "[", count: 32) + String(repeating: "]", count: 32)) == nil)
        #expect(code(String(repeating: "[]", count: 1000)) == nil)
    }

    @Test func closingBracketsDoNotBuyDepth() {
        #expect(code(String(repeating: "]", count: 40) + String(repeating: "[", count: 33)) == .tooDeep)
    }

    @Test func bracketsInStringsDoNotCount() {
        #expect(code("\"" + String(repeating: "[{", count: 50) + "\"") == nil)
        #expect(code("\"\\\"" + String(repeating: "[", count: 50) + "\"") == nil)
        #expect(code("\"\\\\\"" + String(repeating: "[", count: 50)) == .tooDeep)
    }

    @Test func lengthIsLimitedToTheByte() {
        let limits = JSONGuard(maximumBytes: 10)
        #expect(code("[12345678]", limits) == nil)
        #expect(code("[123456789]", limits) == .tooLarge)
    }

    @Test func bytesOfOtherEncodingsAreRefused() {
        let deep = String(repeating: "[", count: 3)
        #expect(code(deep.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == .badJSON)
        #expect(code(deep.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }) == .badJSON)
        #expect(code([0x22, 0x0A, 0x22]) == .badJSON)
        #expect(code("{\t\r\n }") == nil)
    }
}
