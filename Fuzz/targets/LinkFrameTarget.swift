import ChainModel
import WireFormats

/// Link frames and device streams from outside. What decodes must encode to the same bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLinkFrame(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    for version in [LinkFrame.Version.v3, .v4] {
        do {
            let frame = try LinkFrame.decode(bytes, version: version)
            let again = try frame.encoded(version: version)
            require(again == bytes, "a frame of \(bytes.count) bytes came back as \(again)")
        } catch {
            continue
        }
    }
    checkStream(bytes)
    return 0
}

/// However a stream is cut, the same frames come out of it and every byte is accounted for.
private func checkStream(_ bytes: [UInt8]) {
    var whole = DeviceFrameDecoder(maximumDataLength: 512)
    let frames = whole.push(bytes)
    let inFrames = frames.reduce(0) { $0 + $1.data.count + DeviceFrame.overhead }
    require(inFrames + whole.counters.skippedBytes + whole.pendingBytes == bytes.count, "bytes were lost")

    var cut = DeviceFrameDecoder(maximumDataLength: 512)
    var found: [DeviceFrame] = []
    var start = 0
    while start < bytes.count {
        let end = min(bytes.count, start + 1 + Int(bytes[start] % 7))
        found += cut.push(bytes[start..<end])
        start = end
    }
    require(found == frames, "the stream was read differently in pieces")
}
