internal import Synchronization

/// The thread of the handlers: it runs them one after another, and sends their answers and pongs.
///
/// It is not the one that reads, so a handler may wait for this channel's other end, and an answer that waits for room
/// holds up nothing but the handlers.
extension ChannelCore {
    func addHandlers(
        message: @escaping @Sendable (Message) -> Void, failure: @escaping @Sendable (ChannelError) -> Void
    ) {
        _ = locked.withLock { $0.messages.addHandlers(message: message, failure: failure) }
        bell.ring()
        startWorker()
        startPump()
    }

    func setHandlers(of methods: [String: ChannelState.Handler]) {
        _ = locked.withLock { $0.messages.setHandlers(of: methods, begin: shutdown.begin) }
        bell.ring()
        startWorker()
        startPump()
    }

    func startWorker() {
        let starts = locked.withLock { locked in
            defer { locked.hasWorker = true }
            return !locked.hasWorker
        }
        if starts {
            BackgroundThread.start("handlers \(name)") { [self] in work() }
        } else {
            workBell.ring()
        }
    }

    private func work() {
        while let task = nextTask() { perform(task) }
    }

    /// Waits for something to do; nil at the end.
    private func nextTask() -> ChannelState.Work? {
        let task: ChannelState.Work?? = workBell.wait(.never) {
            let (task, isOver): (ChannelState.Work?, Bool) = locked.withLock { locked in
                let task = locked.messages.takeWork()
                let isOver = task == nil && locked.messages.end != nil
                if isOver { locked.hasWorker = false }
                return (task, isOver)
            }
            if let task { return .some(task) }
            finishIfDone()
            return isOver ? .some(nil) : nil
        }
        // The thread that reads may wait for room.
        bell.ring()
        return task ?? nil
    }

    private func perform(_ task: ChannelState.Work) {
        switch task {
        case .answer(let message):
            try? hand(over: .message(message), .never, waits: true)
        case .call(let handler, let request):
            defer { shutdown.end() }
            call(handler, request)
        case .notify(let handlers, let message):
            for handler in handlers { handler(message) }
        case .fail(let handlers, let error):
            for handler in handlers { handler(error) }
        }
    }

    private func call(_ handler: ChannelState.Handler, _ request: Message) {
        let answer: Message
        do {
            answer = try handler(request)
        } catch let failure as Message.Failure {
            answer = request.answer(failure)
        } catch {
            meter.failed()
            answer = request.answer(Message.Failure(code: Message.Failure.handlerFailed, message: "\(error)"))
        }
        do throws(ChannelError) {
            try hand(over: .message(answer), .never, waits: true)
        } catch {
            guard error.code == .serialization || error.code == .sendFailed else { return }
            // The asker learns why it gets no data.
            let failure = Message.Failure(code: Message.Failure.handlerFailed, message: error.message)
            try? hand(over: .message(request.answer(failure)), .never, waits: true)
        }
    }
}
