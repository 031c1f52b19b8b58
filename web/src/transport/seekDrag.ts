// A drag along the seek bar: where the bar stands while a hand or a request holds it. Pure.

/** Positions are milliseconds. */
export class SeekDrag {
    /** Where the bar is held; null while it follows the source. */
    position: number | null = null;
    private isDown = false;

    press(position: number): void {
        this.isDown = true;
        this.position = position;
    }

    move(position: number): void {
        if (this.isDown) this.position = position;
    }

    /** Lets go: the bar stays there until the node has followed. Returns where to seek to; null when nothing was held. */
    release(): number | null {
        if (!this.isDown) return null;
        this.isDown = false;
        return this.position;
    }

    cancel(): void {
        this.isDown = false;
        this.position = null;
    }

    /** The node has followed to a position; a later drag goes on. */
    settle(position: number): void {
        if (!this.isDown && this.position === position) this.position = null;
    }
}
