import ChainModel
import Foundation
import Testing

@testable import Settings
import WireFormats

@Suite struct SettingCatalogTests {
    @Test func namesAndOptionsAreUnique() {
        let all = SettingCatalog.all
        #expect(Set(all.map(\.key)).count == all.count)
        #expect(Set(all.map(\.key.environmentVariable)).count == all.count)
        let options = all.flatMap(\.options)
        #expect(Set(options).count == options.count)
        #expect(Set(SettingCatalog.sections).count == SettingCatalog.sections.count, "sections stand together")
        #expect(all.allSatisfy { $0.summary.hasSuffix(".") && $0.summary.utf8.count <= 120 })
    }

    @Test func whatIsIgnoredIsNoSetting() {
        for ignored in IgnoredSetting.all {
            #expect(!SettingCatalog.all.contains { $0.key.section == ignored.section && $0.key.name == ignored.name })
            if ignored.name == nil { #expect(!SettingCatalog.sections.contains(ignored.section)) }
        }
    }

    @Test func theExampleFileSetsEverySettingToItsDefault() throws {
        let reading = try SettingsFile.parse(Array(ExampleFile.text.utf8), path: "example")
        #expect(reading.faults.isEmpty)
        #expect(reading.warnings.isEmpty)
        #expect(Set(reading.layer.entries.keys) == Set(SettingCatalog.all.map(\.key)))
        let settings = Settings(layers: [reading.layer])
        #expect(settings.changes(from: Settings()).isEmpty)
        for definition in SettingCatalog.all {
            #expect(ExampleFile.text.contains("// \(definition.summary)\n"))
        }
    }

    @Test func everyDefaultAndRangeComesBackFromTextAndFile() throws {
        for definition in SettingCatalog.all {
            let text = definition.defaultValue.description
            #expect(definition.form.value(text: text) == definition.defaultValue, "\(definition.key) from '\(text)'")
            let json = try JSONParser.parse(JSONEncoder().encode([definition.defaultValue]))
            guard case .array(let elements) = json, let element = elements.first else { return }
            #expect(definition.form.value(element) == definition.defaultValue)
        }
    }
}
