// Long lists of rows that differ in height are shown a page at a time, so that the page never holds more rows than a person reads at once.

import { counted, formatCount } from './format';

export interface PagerProps {
  /** Index of the first row shown. */
  first: number;
  pageSize: number;
  total: number;
  /** "event", "row". */
  one: string;
  go(first: number): void;
}

export function Pager({ first, pageSize, total, one, go }: PagerProps) {
  if (total <= pageSize) return null;
  const last = Math.min(total, first + pageSize);
  return (
    <nav class="pager" aria-label={`Pages of ${one}s`}>
      <button type="button" class="small" disabled={first === 0} onClick={() => go(Math.max(0, first - pageSize))}>
        Earlier
      </button>
      <span>
        {formatCount(first + 1)}–{formatCount(last)} of {counted(total, one)}
      </span>
      <button type="button" class="small" disabled={last >= total} onClick={() => go(first + pageSize)}>
        Later
      </button>
    </nav>
  );
}
