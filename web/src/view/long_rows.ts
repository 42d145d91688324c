// A table of any length in a box of its own: which rows to draw, and the keyboard's way from row to row. One row can be reached by Tab; arrows,
// Page Up and Down, Home and End move on from there. A row is known by its place, `tr[data-place]`; what takes the focus in it is its button, or
// the cell of the column that the keyboard went to.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { scrollTopFor, type View, type VisibleRows, visibleRows } from '../state/visible_rows';

export interface LongRows {
  scroller: RefObject<HTMLDivElement | null>;
  body: RefObject<HTMLTableSectionElement | null>;
  rows: VisibleRows;
  /** Pixels. */
  rowHeight: number;
  /** The place that Tab reaches. */
  reachable: number;
  active: number;
  setActive(place: number): void;
  /** Scrolls to a place and gives it the focus. */
  goTo(place: number): void;
  toTop(): void;
  /** Handles the keys that move; true when it was one. */
  move(event: KeyboardEvent): boolean;
}

// Until a row has been measured.
const kFirstRowHeight = 34;
const kFirstRows = 40;

/** `column`: of the cell that takes the focus; null: the row's button. `version`: changes when the rows mean something else. */
export function useLongRows(count: number, column: number | null, version: unknown): LongRows {
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [rowHeight, setRowHeight] = useState(kFirstRowHeight);
  const [rows, setRows] = useState<VisibleRows>({ first: 0, last: Math.min(count, kFirstRows), before: 0, after: 0 });
  const [active, setActive] = useState(0);
  const focusWanted = useRef(false);

  const viewOf = (): View | null => {
    const box = scroller.current;
    if (box === null) return null;
    const head = box.querySelector('thead')?.getBoundingClientRect().height ?? 0;
    return { scrollTop: box.scrollTop, height: Math.max(1, box.clientHeight - head), rowHeight, count };
  };

  useLayoutEffect(() => {
    const update = () => {
      const drawn = body.current?.querySelector('tr[data-place]')?.getBoundingClientRect().height ?? 0;
      if (drawn > 0 && Math.abs(drawn - rowHeight) > 0.01) {
        setRowHeight(drawn);
        return;
      }
      const view = viewOf();
      if (view === null) return;
      const next = visibleRows(view);
      setRows((now) =>
        now.first === next.first && now.last === next.last && now.before === next.before && now.after === next.after ? now : next,
      );
    };
    update();
    const box = scroller.current;
    if (box === null) return;
    // Not within the observer's own turn: what update() draws may change the size again.
    let frame = 0;
    const resized = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(update);
    });
    box.addEventListener('scroll', update, { passive: true });
    resized.observe(box);
    return () => {
      cancelAnimationFrame(frame);
      box.removeEventListener('scroll', update);
      resized.disconnect();
    };
  }, [count, rowHeight, version]);

  // At once with the drawing, not after the next frame: a key that comes before would find the focus where it was, and an effect of the drawing
  // before that one would use up the wish with the column it knew.
  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    const row = body.current?.querySelector(`tr[data-place="${active}"]`);
    const cell = column === null ? null : row?.querySelector<HTMLElement>(`td[data-column="${column}"]`);
    const target = cell ?? row?.querySelector<HTMLElement>('button');
    if (target == null) return;
    focusWanted.current = false;
    target.focus({ preventScroll: true });
    // After every drawing: the row may still be on its way.
  });

  // Fewer rows than before: the focus stays on one that is there.
  useEffect(() => {
    if (active >= count) setActive(Math.max(0, count - 1));
  }, [count]);

  const goTo = (place: number) => {
    const to = Math.max(0, Math.min(count - 1, place));
    const view = viewOf();
    if (view === null || scroller.current === null) return;
    focusWanted.current = true;
    scroller.current.scrollTop = scrollTopFor(view, to);
    setActive(to);
    // Where nothing scrolled and the place is the same nothing would be drawn again.
    if (to === active) setRows((now) => ({ ...now }));
  };

  const move = (event: KeyboardEvent): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const page = Math.max(1, Math.floor((viewOf()?.height ?? 400) / rowHeight) - 1);
    const to = new Map([
      ['ArrowDown', active + 1],
      ['ArrowUp', active - 1],
      ['PageDown', active + page],
      ['PageUp', active - page],
      ['Home', 0],
      ['End', count - 1],
    ]).get(event.key);
    if (to === undefined) return false;
    event.preventDefault();
    goTo(to);
    return true;
  };

  const { first, last } = rows;
  return {
    scroller,
    body,
    rowHeight,
    rows: last <= count ? rows : { ...rows, first: Math.min(first, count), last: count },
    reachable: active >= first && active < last ? active : first,
    active,
    setActive,
    goTo,
    toTop: () => scroller.current?.scrollTo({ top: 0 }),
    move,
  };
}
