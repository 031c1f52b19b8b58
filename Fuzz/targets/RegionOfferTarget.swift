@testable import SoundpostChannels

/// What a server says about its region. What is read is written and read again without loss.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRegionOffer(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let message: Message
    do throws(Message.Fault) {
        message = try Message(encoded: UnsafeRawBufferPointer(start: data, count: size))
    } catch {
        return 0
    }
    do throws(RegionOffer.Fault) {
        let offer = try RegionOffer(message)
        let again = try RegionOffer(offer.message)
        require(again == offer, "\(offer) came back as \(again)")
        checkIsWritten(offer)
        refuse(offer)
    } catch {
        require(!error.text.isEmpty, "refused without a word")
    }
    return 0
}

private func checkIsWritten(_ offer: RegionOffer) {
    do throws(Message.Fault) {
        _ = try offer.message.encoded()
    } catch {
        fatalError("an offer that was read cannot be written: \(error)")
    }
}

/// No descriptor came with it, so it is refused whatever it says.
private func refuse(_ offer: RegionOffer) {
    do throws(Region.Fault) {
        let descriptor = try RegionBacking.sealed.open(offer, beside: -1)
        fatalError("\(offer) was opened as \(descriptor)")
    } catch {
        require(!error.description.isEmpty, "refused without a word")
    }
}
