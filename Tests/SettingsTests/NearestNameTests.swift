import Testing

@testable import Settings

@Suite struct NearestNameTests {
    @Test(
        arguments: [
            ("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("ListenUrl", "LstenUrl", 1), ("abc", "abc", 0),
        ])
    func distanceCountsEdits(_ one: String, _ other: String, _ distance: Int) {
        #expect(NearestName.distance(Array(one.utf8), Array(other.utf8)) == distance)
        #expect(NearestName.distance(Array(other.utf8), Array(one.utf8)) == distance)
    }

    @Test func onlyWhatIsNearIsProposed() {
        let known = ["Sink", "Source", "SimCoreCount"]
        #expect(NearestName.of("sorce", among: known) == "Source")
        #expect(NearestName.of("SIMCORECOUNT", among: known) == "SimCoreCount")
        #expect(NearestName.of("Frequency", among: known) == nil)
        #expect(NearestName.of(String(repeating: "x", count: 100_000), among: known) == nil)
        #expect(NearestName.of("x", among: []) == nil)
    }
}
