// Which rows of a long table are worth drawing: those between the upper and lower edge of what can be seen, and a few around. Rows are of equal
// height, so the rest is two blank spaces of known height. Pure arithmetic; sessions_table.tsx measures.

// Rows drawn beyond each edge, so that fast scrolling and the next arrow key find them there.
const kAround = 12;
// Chromium cuts an element at 2^25 px (33.5 million), Firefox at about half of that; 300,000 rows of 50 px stay below both.
export const kMostRows = 300_000;

export interface VisibleRows {
  /** [first, last) of the rows. */
  first: number;
  last: number;
}

/** `bodyTop`, `viewTop`, `viewBottom` in one coordinate system; `rowHeight` > 0. */
export function visibleRows(bodyTop: number, viewTop: number, viewBottom: number, rowHeight: number, count: number): VisibleRows {
  const clamp = (row: number) => Math.max(0, Math.min(count, row));
  const first = clamp(Math.floor((viewTop - bodyTop) / rowHeight) - kAround);
  const last = clamp(Math.ceil((viewBottom - bodyTop) / rowHeight) + kAround);
  return first < last ? { first, last } : { first: Math.min(first, Math.max(0, count - 1)), last: Math.min(count, first + 1) };
}
