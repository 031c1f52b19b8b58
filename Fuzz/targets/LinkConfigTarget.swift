import ChainModel
import Foundation

private let library = ModuleLibrary.builtIn

/// Chain files from outside: read, stored and read again without loss; validated; and, when valid, flattened and
/// planned.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLinkConfig(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let bytes = Data(UnsafeBufferPointer(start: data, count: size))
    do {
        let link = try LinkConfig.decode(bytes)
        // Texts are compared, not values: 2.0 is stored as 2, which is the same number but another value.
        let stored = try link.encoded()
        let again = try LinkConfig.decode(stored).encoded()
        require(again == stored, "a chain file changed when it was stored and read")
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
        require(faults.isEmpty, "a chain with faults was flattened: \(faults)")
        plan(chain)
    } catch {
        require(!faults.isEmpty, "a chain without faults was refused: \(error)")
    }
}

/// Any assignment plans, unless a core gets too many wires, and its frames encode.
private func plan(_ chain: FlattenedChain) {
    var assignment: [InstanceID: Int] = [:]
    for (index, module) in chain.modules.enumerated() { assignment[module.id] = index * 7 % 3 }
    do {
        let plan = try ExecutionPlan(chain: chain, coreCount: 3, assignment: assignment)
        require(plan.modules.count == chain.modules.count, "modules were lost")
        let inTime = plan.edges.allSatisfy { (0...plan.latencyFrames).contains($0.delayFrames) }
        require(inTime, "a wire is delayed by less than nothing or more than everything")
        let frame = try LinkFrame(chain)
        let again = try LinkFrame.decode(try frame.encoded(version: .v4), version: .v4)
        require(again == frame, "the chain's link frame came back changed")
    } catch {
        require(error is ExecutionPlanFault || error is LinkFrameFault, "unexpected: \(error)")
    }
}
