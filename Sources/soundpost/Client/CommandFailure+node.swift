import ControlProtocol
import SoundpostClient

extension CommandFailure {
    /// What went wrong between a command and a node, with what would help.
    init(talkingToNode error: any Error) {
        switch error {
        case let failure as CommandFailure:
            self = failure
        case let error as ControlError:
            self.init("\(error.field.map { "\($0): " } ?? "")\(error.message) [\(error.code.rawValue)]")
        case let error as ClientError where error.code == .unreachable && error.refusal == nil:
            self.init("\(error) Is the node running? 'soundpost serve' starts one; --url names another.")
        case let error as ClientError where error.refusal?.code.rawValue.hasPrefix("token_") == true:
            self.init("\(error) Name the file with the node's token: --token-file FILE, or set SOUNDPOST_TOKEN.")
        default:
            self.init("\(error)")
        }
    }
}
