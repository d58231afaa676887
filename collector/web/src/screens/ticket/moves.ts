//! Where a ticket can go from each state. Pure. The collector has the last word, and says why not.

import type { State } from "../../api/tickets";

export type Move = "open" | "wait" | "propose" | "resolve" | "reopen" | "close";

const MOVES: Record<State, readonly Move[]> = {
  new: ["open", "wait", "propose"],
  open: ["wait", "propose"],
  waiting: ["open", "wait", "propose"],
  proposed: ["reopen", "resolve"],
  resolved: ["reopen", "close"],
  closed: [],
};

export const TARGETS: Record<Move, State> = {
  open: "open",
  wait: "waiting",
  propose: "proposed",
  resolve: "resolved",
  reopen: "open",
  close: "closed",
};

export function moves(state: State): readonly Move[] {
  return MOVES[state];
}

/** Done at once, without a word of why. */
export function isPlain(move: Move): boolean {
  return move === "open";
}
