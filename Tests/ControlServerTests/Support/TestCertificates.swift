import Foundation

@testable import ControlServer

/// Two certificates for localhost that sign themselves, valid to the end of 2099, with their keys. They are the tests'
/// alone; nothing else may trust them.
enum TestCertificates {
    static let firstCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBfDCCASOgAwIBAgIBATAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBRzb3VuZHBv
        c3QgdGVzdCBmaXJzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMDk5MTIzMTIzNTk1OVow
        HzEdMBsGA1UEAwwUc291bmRwb3N0IHRlc3QgZmlyc3QwWTATBgcqhkjOPQIBBggq
        hkjOPQMBBwNCAAQSp2p/P3RQZ2Oaj/eWPzpcSdnog0yFhyDTv50u2YfbOWO4OnQS
        2PDcjKb4ln85JFNQ8JUB5tjpFF1hVq35Gbu8o04wTDAPBgNVHRMBAf8EBTADAQH/
        MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAdBgNVHQ4EFgQUzG4VCai4pd4X
        EU8BvdUKEhVgmC8wCgYIKoZIzj0EAwIDRwAwRAIgcTUy7Tpdu83U5xjWQFHRoMGm
        UhpU8H6j0msxyZXFFcwCIBu6X4Yb/j9c+tSSjg6JHQMBIb9QYxqdysemxW6xHvt7
        -----END CERTIFICATE-----

        """

    static let firstKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0qCoFCHBj0V8LY+f
        cLWRK9K2KXtiWNR398SFWg+CcgmhRANCAAQSp2p/P3RQZ2Oaj/eWPzpcSdnog0yF
        hyDTv50u2YfbOWO4OnQS2PDcjKb4ln85JFNQ8JUB5tjpFF1hVq35Gbu8
        -----END PRIVATE KEY-----

        """

    static let secondCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBgDCCASWgAwIBAgIBAjAKBggqhkjOPQQDAjAgMR4wHAYDVQQDDBVzb3VuZHBv
        c3QgdGVzdCBzZWNvbmQwIBcNMjAwMTAxMDAwMDAwWhgPMjA5OTEyMzEyMzU5NTla
        MCAxHjAcBgNVBAMMFXNvdW5kcG9zdCB0ZXN0IHNlY29uZDBZMBMGByqGSM49AgEG
        CCqGSM49AwEHA0IABDPovmXGlslYicVASErbdLeQFW328v3YT6cO815I+dIBREuK
        yh1+8RPFYEP3wfQI27CYdeKUEMv7ptr59TYy0BmjTjBMMA8GA1UdEwEB/wQFMAMB
        Af8wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMB0GA1UdDgQWBBRRFUqx1PHA
        F+uRaqQ+zuJI4SdCEzAKBggqhkjOPQQDAgNJADBGAiEA/3IIFAiDj7IYz1q+ZTt2
        tiRTkphX5jt42dKa2RvINmQCIQDJ059XF/HwtZt9XQj5M7m/CSSs+oY6iDV9wjyc
        YrlZ9g==
        -----END CERTIFICATE-----

        """

    static let secondKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZ+FYfvwFzbU92Hzz
        +CT+JiIYYgtaBIPt/MEMh1YcqyqhRANCAAQz6L5lxpbJWInFQEhK23S3kBVt9vL9
        2E+nDvNeSPnSAURLisodfvETxWBD98H0CNuwmHXilBDL+6ba+fU2MtAZ
        -----END PRIVATE KEY-----

        """

    /// Writes a certificate and a key into a directory of their own, for the length of a closure.
    static func withFiles<Value>(
        certificate: String = firstCertificate,
        key: String = firstKey,
        _ body: (TLSFiles) async throws -> Value
    ) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory.appending(path: "soundpost-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let files = TLSFiles(
            certificate: directory.appending(path: "chain.pem"),
            privateKey: directory.appending(path: "key.pem")
        )
        try Data(certificate.utf8).write(to: files.certificate)
        try Data(key.utf8).write(to: files.privateKey)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(files))
        } catch {
            result = .failure(error)
        }
        try FileManager.default.removeItem(at: directory)
        return try result.get()
    }
}
