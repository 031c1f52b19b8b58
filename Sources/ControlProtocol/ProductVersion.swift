/// The version of the product, as `/api/status` and `soundpost version` print it.
public enum ProductVersion {
    /// Semantic version; CHANGELOG.md has the same.
    public static let current = "0.1.0"
}
