import Synchronization

/// A full fence, for code that writes to shared memory by plain stores.
func atomicFence() {
    atomicMemoryFence(ordering: .sequentiallyConsistent)
}
