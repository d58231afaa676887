//! The arrow keys go from row to row.

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Moves the focus to the row before or after; from the table itself to its first. */
export function step(event: React.KeyboardEvent<HTMLElement>): void {
  const by = STEPS[event.key];
  if (by !== undefined && stepIn(event.currentTarget, by)) event.preventDefault();
}

/** Whether there was a row to go to. */
export function stepIn(table: HTMLElement, by: number): boolean {
  const rows = [...table.querySelectorAll<HTMLElement>("[role=row] > [role=gridcell]:first-child :is(a, button)")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = rows[at < 0 ? 0 : at + by];
  if (!next) return false;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}
