import ControlProtocol
import HTTPTypes

extension FileRoutes {
    /// Its part of the server's table.
    var routes: [Route] {
        [
            Route(
                method: .post,
                path: BodyRules.uploadPath,
                summary: "Keeps an audio file, which `sim_start` then plays by its name.",
                parameters: [
                    .init(
                        name: "name",
                        place: .query,
                        summary: "The file's name: 1 to 64 letters, digits and `_ . # -`, not beginning with a dot.",
                        schema: .string,
                        example: "music.wav"
                    )
                ],
                body: .init(
                    type: "application/octet-stream",
                    summary: "A file that libsndfile reads; any type but those of forms is taken.", schema: .binary),
                answers: [
                    .json("The file is kept.", .object([.init("path", .string)])),
                    .refusal(
                        400, "The name or the file is none.", codes: "bad_field", "bad_file", "bad_length",
                        "broken_body"),
                    .refusal(408, "The body came too slowly.", codes: "too_slow"),
                    .refusal(411, "The length is missing.", codes: "length_required"),
                    .refusal(415, "A form, or an encoded body.", codes: "bad_content_type"),
                    .refusal(503, "The node stops, or many files come and go.", codes: "not_running", "busy"),
                    .refusal(507, "The file cannot be written.", codes: "storage_failed"),
                ],
                handler: { request, context in try await uploadAudio(request, context) }
            ),
            Route(
                method: .get,
                path: BodyRules.archivePath,
                summary:
                    "The whole data directory as one archive: chain, presets, profiles, audio, values and history.",
                answers: [
                    .content("A zip archive.", type: "application/zip", .binary),
                    .refusal(503, "The node stops, or many files come and go.", codes: "not_running", "busy"),
                    .refusal(507, "The archive cannot be made.", codes: "storage_failed"),
                ],
                handler: { request, context in try await exportArchive(request, context) }
            ),
            Route(
                method: .post,
                path: BodyRules.archivePath,
                summary: "Takes over an archive in place of everything that the node keeps: all of it, or nothing.",
                body: .init(type: "application/zip", summary: "An archive of a node.", schema: .binary),
                answers: [
                    .json("What it brought.", JSONSchema(of: ArchiveSummary.self)),
                    .refusal(
                        400,
                        "The archive is none, or holds what cannot be.",
                        codes: "bad_archive", "bad_file", "bad_length", "broken_body", "invalid_chain"
                    ),
                    .refusal(408, "The body came too slowly.", codes: "too_slow"),
                    .refusal(409, "The mode does not allow it.", codes: "mode_refused"),
                    .refusal(411, "The length is missing.", codes: "length_required"),
                    .refusal(415, "A form, or an encoded body.", codes: "bad_content_type"),
                    .refusal(503, "The node stops, or many files come and go.", codes: "not_running", "busy"),
                    .refusal(507, "The archive cannot be written.", codes: "storage_failed"),
                ],
                handler: { request, context in try await importArchive(request, context) }
            ),
        ]
    }
}
