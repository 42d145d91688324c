// Text of the evidence inside HTML and Markdown that is made as text. Invariant: whatever comes in, the result is text to every reader: no tag, no
// attribute, no link, no image, no structure; characters that are not drawn are escapes.

import { visible } from '../view/visible';

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** For text nodes and quoted attributes. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}

/** Evidence in a page: isolated, so that its direction does not reach its neighbours. */
export function evidence(text: string, empty = '(empty)'): string {
  return text === '' ? `<span class="quiet">${html(empty)}</span>` : `<bdi>${html(text)}</bdi>`;
}

/** For a line or a table cell. Colon, at sign and full stop become entities: renderers make links of bare addresses. */
export function markdown(text: string): string {
  return visible(text)
    .replace(/[&<>:@.]/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(/[\\`*_{}[\]()+!|~^$="'-]|#(?!\d+;)/g, '\\$&');
}
