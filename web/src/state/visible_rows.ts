// Which rows of a long table are worth drawing: those that can be seen in the table's own box, and a few around. Rows are of equal height, so the
// rest is two blank spaces of known height, and nothing is kept per row: a million rows cost what a hundred do. (@tanstack/virtual-core keeps an
// object for each, and ends where the browsers do.) Browsers cut an element at 2^25 px (Chromium) or about half of that (Firefox). A taller table
// is drawn at true height around what is seen, while its scroll bar runs over a shorter one; only the wheel goes faster then.
// Pure arithmetic; long_rows.ts measures.

// Rows drawn beyond each edge, so that fast scrolling and the next arrow key find them there.
const kAround = 12;
// Below Firefox's limit with room to spare.
export const kTallest = 15_000_000;

export interface View {
  /** Of the box: how far it is scrolled, and its height without the header row. Pixels. */
  scrollTop: number;
  height: number;
  /** > 0 */
  rowHeight: number;
  count: number;
}

export interface VisibleRows {
  /** [first, last) of the rows. */
  first: number;
  last: number;
  /** Blank pixels above the first and below the last row drawn. */
  before: number;
  after: number;
}

// So far down nothing is shortened: the rows drawn above what is seen need a place above it.
const kTrueTop = 5000;

/** How much faster rows go by than the scroll bar, below kTrueTop; 1 for tables up to kTallest. */
function scale({ height, rowHeight, count }: Omit<View, 'scrollTop'>): number {
  const tall = rowHeight * count;
  return tall <= kTallest ? 1 : (tall - height - kTrueTop) / (kTallest - height - kTrueTop);
}

/** True pixels above what is seen. */
function offsetOf(view: View, top: number): number {
  return top <= kTrueTop ? top : kTrueTop + (top - kTrueTop) * scale(view);
}

function topOf(view: View, offset: number): number {
  return offset <= kTrueTop ? offset : kTrueTop + (offset - kTrueTop) / scale(view);
}

export function visibleRows(view: View): VisibleRows {
  const { scrollTop, height, rowHeight, count } = view;
  const whole = Math.min(rowHeight * count, kTallest);
  const top = Math.max(0, Math.min(scrollTop, whole - height));
  const offset = offsetOf(view, top);
  const clamp = (row: number) => Math.max(0, Math.min(count, row));
  const first = clamp(Math.floor(offset / rowHeight) - kAround);
  const last = Math.max(first, clamp(Math.ceil((offset + height) / rowHeight) + kAround));
  const before = Math.max(0, top - (offset - first * rowHeight));
  return { first, last, before, after: Math.max(0, whole - before - (last - first) * rowHeight) };
}

/** scrollTop that brings a row into sight with the least movement. */
export function scrollTopFor(view: View, row: number): number {
  const offset = offsetOf(view, view.scrollTop);
  const top = row * view.rowHeight;
  if (top < offset) return topOf(view, top);
  if (top + view.rowHeight > offset + view.height) return topOf(view, top + view.rowHeight - view.height);
  return view.scrollTop;
}
