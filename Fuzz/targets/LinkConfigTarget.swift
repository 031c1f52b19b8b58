import ChainModel
import Foundation

private let library = ModuleLibrary.builtIn

/// Chain files from outside: read, stored and read again without loss; validated; and, when valid, flattened and planned.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLinkConfig(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let bytes = Data(UnsafeBufferPointer(start: data, count: size))
    do {
        let link = try LinkConfig.decode(bytes)
        let again = try LinkConfig.decode(try link.encoded())
        precondition(again == link, "a chain file changed when it was stored")
        check(link)
    } catch {
        return 0
    }
    return 0
}

private func check(_ link: LinkConfig) {
    let faults = ChainValidator(library: library).validate(link)
    do {
        let chain = try ChainFlattener(library: library).flatten(link)
        precondition(faults.isEmpty, "a chain with faults was flattened: \(faults)")
        plan(chain)
    } catch {
        precondition(!faults.isEmpty, "a chain without faults was refused: \(error)")
    }
}

/// Any assignment plans, unless a core gets too many wires, and its frames encode.
private func plan(_ chain: FlattenedChain) {
    var assignment: [InstanceID: Int] = [:]
    for (index, module) in chain.modules.enumerated() { assignment[module.id] = index * 7 % 3 }
    do {
        let plan = try ExecutionPlan(chain: chain, coreCount: 3, assignment: assignment)
        precondition(plan.modules.count == chain.modules.count)
        precondition(plan.edges.allSatisfy { $0.delayFrames >= 0 && $0.delayFrames <= plan.latencyFrames })
        let frame = try LinkFrame(chain)
        let again = try LinkFrame.decode(try frame.encoded(version: .v4), version: .v4)
        precondition(again == frame, "the chain's link frame came back changed")
    } catch {
        precondition(error is ExecutionPlanFault || error is LinkFrameFault, "unexpected: \(error)")
    }
}
