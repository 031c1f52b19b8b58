// The output's switches while what is wished of them is on its way to the node. Pure.

export type Switch = "muted" | "dimmed" | "bypassed" | "matched";

/** One turn of a switch. */
export interface Turn {
    readonly name: Switch;
    readonly isOn: boolean;
}

/** The last turn of each switch that the node has not answered: two fast presses are two turns. */
export class Switches {
    private readonly turns = new Map<Switch, Turn>();

    /** Turns a switch over: from its last turn, else from what the node has reported. */
    over(name: Switch, reported: boolean): Turn {
        const turn = { name, isOn: !(this.turns.get(name)?.isOn ?? reported) };
        this.turns.set(name, turn);
        return turn;
    }

    /** The node has answered a turn. */
    settle(turn: Turn): void {
        if (this.turns.get(turn.name) === turn) this.turns.delete(turn.name);
    }
}
