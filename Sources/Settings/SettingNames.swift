/// Looks up what a name in a file or in the environment stands for.
enum SettingNames {
    enum Meaning {
        case setting(SettingDefinition)
        /// Known, and without effect for the reason given.
        case ignored(String)
        case unknown
    }

    /// - Parameter same: how names compare: a file's exactly, an environment variable's in any case.
    static func meaning(
        section: String, name: String, same: (String, String) -> Bool = { $0 == $1 }
    ) -> Meaning {
        let definition = SettingCatalog.all.first { same($0.key.section, section) && same($0.key.name, name) }
        if let definition {
            return .setting(definition)
        }
        let ignored = IgnoredSetting.all.first { known in
            same(known.section, section) && known.name.map { same($0, name) } ?? true
        }
        return ignored.map { .ignored($0.reason) } ?? .unknown
    }

    /// What is to be said about a section without settings; nil when it has some.
    static func idleSection(_ section: String) -> String? {
        guard !SettingCatalog.sections.contains(section) else { return nil }
        if let ignored = IgnoredSetting.all.first(where: { $0.section == section && $0.name == nil }) {
            return "is ignored: \(ignored.reason)."
        }
        return unknown("section", hint: NearestName.of(section, among: SettingCatalog.sections))
    }

    static func unknown(_ kind: String, hint: String?) -> String {
        "is no known \(kind)" + (hint.map { "; did you mean '\($0)'?" } ?? ".")
    }
}
