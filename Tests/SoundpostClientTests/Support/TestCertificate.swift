import Foundation

/// A certificate for localhost and 127.0.0.1 that signs itself, with its key, written into files of a directory of
/// their own. It is the tests' alone; nothing else may trust it.
struct TestCertificate {
    let directory: URL
    var certificate: URL { directory.appending(path: "certificate.pem") }
    var privateKey: URL { directory.appending(path: "key.pem") }

    /// Writes the files for the length of the body.
    static func with(_ body: (TestCertificate) async throws -> Void) async throws {
        let files = TestCertificate(
            directory: FileManager.default.temporaryDirectory.appending(path: "soundpost-tls-\(UUID().uuidString)")
        )
        try FileManager.default.createDirectory(at: files.directory, withIntermediateDirectories: true)
        let outcome: Result<Void, any Error>
        do {
            try Data(certificateText.utf8).write(to: files.certificate)
            try Data(keyText.utf8).write(to: files.privateKey)
            // A node refuses a key that others can read.
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: files.privateKey.path)
            try await body(files)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try FileManager.default.removeItem(at: files.directory)
        try outcome.get()
    }

    private static let certificateText = """
        -----BEGIN CERTIFICATE-----
        MIIBsjCCAVmgAwIBAgIUTWTF/LEsy9OtIJZTPenqIl0rgTowCgYIKoZIzj0EAwIw
        IDEeMBwGA1UEAwwVc291bmRwb3N0IHRlc3QgY2xpZW50MCAXDTI2MTEyMTA1NTMw
        NVoYDzIxMDAxMDI0MDU1MzA1WjAgMR4wHAYDVQQDDBVzb3VuZHBvc3QgdGVzdCBj
        bGllbnQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATtv+O3xbLr8pOV3cG34453
        ZTtbqwK/vvcbiczPHTuq/8x5VJwTqS2TzgULb+z3DcGLGq34Wb375SV6m26Qx7cO
        o28wbTAdBgNVHQ4EFgQUZ8vbuJ7KAZ/Wek0ZG80fGvjkU6cwHwYDVR0jBBgwFoAU
        Z8vbuJ7KAZ/Wek0ZG80fGvjkU6cwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzAR
        gglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgfR5DYsi/q4jPkDqE
        jot+ed49gY3yl9PPpCpsjlvQZWgCIEh6s01P2CoAg9J+haYBTjUHOwCSBTmiFmoD
        /Xt1Rcrp
        -----END CERTIFICATE-----

        """

    private static let keyText = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNbJXSLqk9MtjuVC8
        fEdk7DshJp/ntUDuIklkjojRYTShRANCAATtv+O3xbLr8pOV3cG34453ZTtbqwK/
        vvcbiczPHTuq/8x5VJwTqS2TzgULb+z3DcGLGq34Wb375SV6m26Qx7cO
        -----END PRIVATE KEY-----

        """
}
