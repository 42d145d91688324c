// Stands in a table for rows that are not drawn. Its height is an attribute of the cell: the page's policy forbids style attributes, and a height set
// after the drawing would for a moment leave the table too short, which moves what is scrolled to.

export function SpaceRow({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of a table takes no focus
    <tr class="space" aria-hidden="true">
      <td colSpan={columns} height={height} />
    </tr>
  );
}
