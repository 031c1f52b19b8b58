/// The messages of the control API, by wire name.
public struct MessageCatalog: Sendable {
    /// In the order of the protocol's areas.
    public let requests: [any ControlRequest.Type]
    public let events: [any ControlEvent.Type]
    private let requestsByName: [String: any ControlRequest.Type]

    /// - Precondition: no two messages share a wire name; a request's aliases count as its names.
    public init(requests: [any ControlRequest.Type], events: [any ControlEvent.Type]) {
        var byName: [String: any ControlRequest.Type] = [:]
        for request in requests {
            for name in [request.type] + request.aliases {
                precondition(byName.updateValue(request, forKey: name) == nil, "Two requests are called \(name).")
            }
        }
        self.requests = requests
        self.events = events
        requestsByName = byName
    }

    /// Everything this version offers.
    public static let standard = MessageCatalog(
        requests: [
            Ping.self, GetStatus.self, SetMode.self,
            SetParameter.self, GetParameter.self, GetModuleParameters.self, GetAllParameters.self,
            ApplyParameters.self,
            Undo.self, Redo.self, GetHistory.self,
            WriteLink.self, ReadLink.self, GetDspChain.self, GetModuleLibrary.self,
            SimStart.self, SimStop.self, ListAudioDevices.self, SetAudioDevice.self, StartAudioEngine.self,
            StopAudioEngine.self, GetAudioEngineStatus.self, GetThreadAssignments.self,
            GetOutput.self, SetOutput.self,
            GetTransport.self, SetTransport.self, ListAudioFiles.self, DeleteAudioFile.self,
            SavePreset.self, LoadPreset.self, DeletePreset.self, ListPresets.self, DiffPresets.self,
            MorphPresets.self,
            SaveProfile.self, LoadProfile.self, DeleteProfile.self, ListProfiles.self,
            GetCompare.self, CompareSelect.self, CompareCopy.self,
            DebugSubscribe.self, DebugUnsubscribe.self, SpectrumSubscribe.self, SpectrumUnsubscribe.self,
            OpenTap.self, CloseTap.self,
            ListExtensions.self, CallExtension.self, RestartExtension.self,
        ],
        events: [
            DspStatus.self, ModeChanged.self, ErrorMessage.self, LogLine.self,
            ParameterUpdate.self, LinkUpdated.self,
            SimStatus.self, AudioEngineStarted.self, AudioEngineStopped.self, AudioEngineStatus.self,
            ThreadAssignments.self, OutputStatus.self, TransportStatus.self, AudioFileList.self,
            PresetList.self, PresetState.self, ProfileList.self,
            CompareStatus.self,
            DebugMetrics.self, Spectrum.self,
            ExtensionList.self, ExtensionEvent.self,
        ]
    )

    /// The request with a wire name or alias.
    ///
    /// Throws `unsupported` for requests of the protocol that are not offered, `unknown_type` for any other name.
    public func request(named name: String) throws(ControlError) -> any ControlRequest.Type {
        if let request = requestsByName[name] {
            return request
        }
        if UnofferedMessages.types.contains(name) {
            throw ControlError(.unsupported, "This node does not offer \(name).", field: "type")
        }
        throw ControlError(.unknownType, "No message has the type \"\(name.prefix(64))\".", field: "type")
    }
}
