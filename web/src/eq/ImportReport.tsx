// What became of each line of an imported text.
import type { Report } from "./import/plan";

/** A deviation below this is not worth a word, dB. */
const negligible = 0.0005;

export function ImportReport({ reports, deviationDb }: { reports: readonly Report[]; deviationDb: number }): JSX.Element {
    const taken = reports.filter((report) => report.isTaken).length;
    const refused = reports.filter((report) => !report.isTaken && !report.isHarmless).length;
    return (
        <div className="eq-report">
            <p role="status">
                {reports.length === 0
                    ? "No filter was found in this text."
                    : `${taken} taken, ${refused} not taken. ${deviationText(deviationDb)}`}
            </p>
            {reports.length > 0 && (
                <div className="scroll">
                    <table className="plain">
                        <thead>
                            <tr><th scope="col">Line</th><th scope="col">Text</th><th scope="col">Result</th></tr>
                        </thead>
                        <tbody>
                            {reports.map((report, i) => (
                                <tr key={i} className={report.isTaken ? undefined : report.isHarmless ? "harmless" : "refused"}>
                                    <td className="numbers">{report.line}</td>
                                    <td className="eq-line">{report.text}</td>
                                    <td>{resultText(report)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </div>
    );
}

function deviationText(db: number): string {
    return db < negligible
        ? "The curve is exactly what the text describes."
        : `The curve differs from what the text describes by at most ${db.toFixed(db < 0.1 ? 3 : 2)} dB.`;
}

function resultText(report: Report): string {
    if (!report.isTaken) return `${report.isHarmless ? "Left out" : "Not taken"}: ${report.note}`;
    const parts = ["Taken"];
    if (report.deviationDb >= negligible) parts.push(`at most ${report.deviationDb.toFixed(3)} dB off`);
    if (report.note !== "") parts.push(report.note);
    return parts.join(": ").replace(": at most", ", at most");
}
