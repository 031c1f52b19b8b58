// Files that the page gives to the user.

/** Saves text as a file of the user's. */
export function saveText(name: string, text: string, type = "text/plain;charset=utf-8"): void {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    // The browser reads it after the click has returned.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
