import Foundation
import SoundpostChannels
import WireFormats

/// Sends what is typed, a line a message, and prints what comes.
///
///     swift run channel NAME
@main
struct Terminal {
    static func main() {
        guard let name = CommandLine.arguments.dropFirst().first else {
            print("usage: channel NAME")
            return
        }
        do {
            try talk(over: name)
        } catch {
            print(error)
        }
    }

    private static func talk(over name: String) throws {
        let channel = try Channel.connectLocalSocket(name)
        let waker = try DescriptorWaker()
        channel.wakeOnArrival(waker)
        var waits = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            poll(&waits, 2, -1)
            if waits[1].revents != 0 {
                waker.reset()
                guard try printAll(from: channel) else { return }
            }
            guard waits[0].revents != 0 else { continue }
            if let line = readLine() {
                try channel.sendJSON(.string(line))
            } else {
                // The other end sends what is left and then ends, which wakes the loop.
                channel.shutdown()
                waits[0].fd = -1
            }
        }
    }

    /// False at the channel's end.
    private static func printAll(from channel: Channel) throws -> Bool {
        do {
            while let message = try channel.tryReceive() {
                if case .string(let line) = message.data { print(line) }
            }
            return true
        } catch let error as ChannelError where error.code == .disconnected {
            return false
        }
    }
}
