import GRDB
import GRDBSQLite

/// Values for the question marks of a statement, one after another.
struct StatementBinding {
    fileprivate let statement: OpaquePointer
    fileprivate var position: Int32 = 0
    /// SQLite copies the text.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    mutating func bind(_ number: Int64) {
        position += 1
        sqlite3_bind_int64(statement, position, number)
    }

    mutating func bind(_ text: String?) {
        position += 1
        guard var text else {
            sqlite3_bind_null(statement, position)
            return
        }
        if text.isEmpty {
            // The address of nothing may be none, which SQLite takes for NULL.
            sqlite3_bind_text(statement, position, "", 0, Self.transient)
            return
        }
        _ = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(statement, position, $0.baseAddress, Int32($0.count), Self.transient)
            }
        }
    }
}

extension Statement {
    /// Runs the statement to its end with values that `bind` gives, without their detour through `StatementArguments`: with
    /// many changes a second a commit would spend a third of its time there.
    func run(_ bind: (inout StatementBinding) -> Void) throws {
        var binding = StatementBinding(statement: sqliteStatement)
        bind(&binding)
        let code = sqlite3_step(sqliteStatement)
        let message = code == SQLITE_DONE ? nil : String(cString: sqlite3_errmsg(sqlite3_db_handle(sqliteStatement)))
        sqlite3_reset(sqliteStatement)
        if let message { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
    }
}
