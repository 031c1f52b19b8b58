// One side of a channel for scripts/tests/stepper.c, which kills it: `channel-victim victim|survivor DIRECTORY`.
// What is asked and answered stands in Victim.swift and Survivor.swift.
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import SoundpostChannels

let arguments = CommandLine.arguments
guard arguments.count == 3, ["victim", "survivor"].contains(arguments[1]) else {
    Lines.complain("usage: channel-victim victim|survivor DIRECTORY")
    exit(2)
}
let place = SocketPlace(directory: arguments[2])
if arguments[1] == "victim" {
    VictimTemplate(place).run()
} else {
    try Survivor(place).run()
}
