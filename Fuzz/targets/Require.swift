/// Ends the program with the message when a property does not hold; `precondition` drops its message in optimised
/// builds.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}
