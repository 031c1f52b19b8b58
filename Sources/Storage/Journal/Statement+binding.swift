import GRDB
import GRDBSQLite

/// Values for the question marks of a statement, one after another.
struct RowBinding {
    fileprivate let statement: OpaquePointer
    fileprivate var position: Int32 = 0
    /// The first code that was not success.
    fileprivate var failure: Int32?
    /// SQLite copies the text.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    mutating func bind(_ number: Int64) {
        position += 1
        take(sqlite3_bind_int64(statement, position, number))
    }

    mutating func bind(_ text: String?) {
        position += 1
        guard var text else { return take(sqlite3_bind_null(statement, position)) }
        // The address of nothing may be none, which SQLite takes for NULL.
        guard !text.isEmpty else { return take(sqlite3_bind_text(statement, position, "", 0, Self.transient)) }
        let code = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(statement, position, $0.baseAddress, Int32($0.count), Self.transient)
            }
        }
        take(code)
    }

    private mutating func take(_ code: Int32) {
        if code != SQLITE_OK, failure == nil { failure = code }
    }
}

extension Statement {
    /// Runs the statement to its end with values that `bind` gives, without their detour through `StatementArguments`:
    /// with many changes a second a commit would spend a third of its time there.
    ///
    /// GRDB does not hear of a failure: whoever catches the error lets it run a statement of its own before the next
    /// transaction.
    func run(_ bind: (inout RowBinding) -> Void) throws {
        var binding = RowBinding(statement: sqliteStatement)
        bind(&binding)
        let code = binding.failure ?? sqlite3_step(sqliteStatement)
        let message = code == SQLITE_DONE ? nil : String(cString: sqlite3_errmsg(sqlite3_db_handle(sqliteStatement)))
        sqlite3_reset(sqliteStatement)
        if let message { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
    }
}
