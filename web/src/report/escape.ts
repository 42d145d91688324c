// Text of the evidence inside HTML and Markdown that is made as text. Invariant: whatever comes in, the result is text to every reader: no tag, no
// attribute, no link, no image, no structure; characters that are not drawn are escapes, and what the text was can be read back (visible.ts).

import { visible, visibleRuns } from '../view/visible';

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

const withEntities = (text: string) => text.replace(/[&<>"']/g, (character) => entities.get(character) ?? character);

/** For text nodes and quoted attributes. */
export function html(text: string): string {
  return withEntities(visible(text));
}

/** Evidence in a page: isolated, so that its direction does not reach its neighbours; its escapes are marked, as on the page. */
export function evidence(text: string, empty = '(empty)'): string {
  if (text === '') return `<span class="quiet">${html(empty)}</span>`;
  const runs = visibleRuns(text).map((run) => (run.escaped ? `<span class="escape">${run.text}</span>` : withEntities(run.text)));
  return `<bdi>${runs.join('')}</bdi>`;
}

/**
 * For a line or a table cell. Colon, at sign and full stop become entities: renderers make links of bare addresses. So do blanks at either end, which
 * renderers take away.
 */
export function markdown(text: string): string {
  const shown = visible(text);
  let from = 0;
  let to = shown.length;
  while (from < to && shown[from] === ' ') from += 1;
  while (to > from && shown[to - 1] === ' ') to -= 1;
  const blanks = (count: number) => '&#32;'.repeat(count);
  const middle = shown
    .slice(from, to)
    .replace(/[&<>:@.]/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(/[\\`*_{}[\]()+!|~^$="'-]|#(?!\d+;)|([,?])(?=\1)|(?<=([,?]))\2/g, '\\$&');
  return `${blanks(from)}${middle}${blanks(shown.length - to)}`;
}
