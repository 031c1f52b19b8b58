import ArgumentParser
import ChainModel
import WireFormats

/// `soundpost chain frame`: what a device is sent.
struct ChainFrameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frame",
        abstract: "Prints the frame that sets the chain on a device, in hex.",
        discussion: """
            The whole frame: 55 AA, command, sequence number 0, length, link frame and CRC-8. Version 3 (command 02) \
            where the sample rate fits its 16 bits, else version 4 (command 09).

            Example:
              soundpost chain frame examples/chains/stereo-tone.json | xxd -r -p > frame.bin
            """
    )

    @Argument(help: "LinkConfig file.")
    var file: String

    @Option(help: "Version of the link frame: 3 or 4; chosen by the sample rate if absent.")
    var linkVersion: UInt32?

    @Flag(help: "Print JSON.")
    var json = false

    private struct Report: Encodable {
        let linkVersion: UInt32
        let command: UInt8
        let bytes: Int
        let hex: String
    }

    func validate() throws {
        if let linkVersion, LinkFrame.Version(rawValue: linkVersion) == nil {
            throw ValidationError("--link-version \(linkVersion): the versions are 3 and 4.")
        }
    }

    func run() throws {
        let chain = try ChainFile(path: file).chain
        let fitting: LinkFrame.Version = chain.sampleRate < UInt16.max ? .v3 : .v4
        let version = linkVersion.flatMap(LinkFrame.Version.init(rawValue:)) ?? fitting
        let frame = try CommandFailure.naming(file) {
            try Self.frame(version.command, LinkFrame.encode(chain, version: version))
        }
        let hex = frame.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }
        if json {
            try Terminal.printJSON(
                Report(
                    linkVersion: version.rawValue, command: version.command, bytes: frame.count, hex: hex.joined()
                )
            )
        } else {
            for start in stride(from: 0, to: hex.count, by: 16) {
                Terminal.print(hex[start..<min(start + 16, hex.count)].joined(separator: " "))
            }
        }
    }

    /// `55 AA | CMD u8 | SEQ u16 | LEN u16 | DATA | CRC-8 over CMD…DATA`.
    private static func frame(_ command: UInt8, _ data: [UInt8]) throws -> [UInt8] {
        guard let length = UInt16(exactly: data.count) else {
            throw CommandFailure("the link frame has \(data.count) bytes, which one device frame cannot carry (65535)")
        }
        var body = ByteWriter()
        body.write(command)
        body.write(UInt16(0))
        body.write(length)
        body.write(data)
        return [0x55, 0xAA] + body.bytes + [CRC8.checksum(body.bytes)]
    }
}
