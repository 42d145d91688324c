// Stands in a table for rows that are not drawn.

import { useLayoutEffect, useRef } from 'preact/hooks';

export function SpaceRow({ height, columns }: { height: number; columns: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  useLayoutEffect(() => {
    // Through the CSSOM: the page's policy forbids style attributes.
    if (cell.current !== null) cell.current.style.height = `${height}px`;
  }, [height, height > 0]);
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of a table takes no focus
    <tr class="space" aria-hidden="true">
      <td ref={cell} colSpan={columns} />
    </tr>
  );
}
