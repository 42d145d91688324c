// A raw record as a reader wants it: JSON indented, a CSV row beside its column names, bytes that are no text as a hex dump. The text itself is
// never changed: JSON is re-indented token by token (parse and print would round long numbers and drop the first of two equal keys).

/** Decodes the bytes of a record in the encoding of its input. */
export function decodeRecord(bytes: Uint8Array, encoding: string): string {
  const label = encoding.startsWith('utf-16be') ? 'utf-16be' : encoding.startsWith('utf-16') ? 'utf-16le' : 'utf-8';
  return new TextDecoder(label, { fatal: false, ignoreBOM: true }).decode(bytes);
}

/** A line of a formatted record, and the path of the key that stands in it: keys joined by '>', in lower case; empty where there is none. */
export interface RecordLine {
  text: string;
  path: string;
}

/** Lines of one indented JSON value, or null when the text is not exactly one JSON value. */
export function indentJson(text: string): string[] | null {
  return jsonLines(text)?.map((line) => line.text) ?? null;
}

// No exporter nests what is read deeper; a path of a thousand keys on each line would be megabytes.
const kPathLevels = 12;

export function jsonLines(text: string): RecordLine[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return null;
  try {
    JSON.parse(trimmed);
  } catch {
    return null;
  }
  const lines: RecordLine[] = [];
  let line = '';
  let path = '';
  let depth = 0;
  /** Keys of the objects and lists that are open; a list's members have no key. */
  const keys: string[] = [];
  let key = '';
  let word = '';
  const flush = () => {
    lines.push({ text: line, path });
    line = '  '.repeat(Math.min(depth, kIndentLevels));
    path = '';
  };
  // Valid JSON: strings, structure, other runs (numbers, words); blanks between tokens are dropped.
  for (const [token] of trimmed.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gsu)) {
    switch (token) {
      case '{':
      case '[':
        line += token;
        depth += 1;
        keys.push(key);
        key = '';
        flush();
        break;
      case '}':
      case ']':
        depth -= 1;
        keys.pop();
        if (line.trim() === '' && /[{[]$/.test(lines.at(-1)?.text ?? '')) {
          // An empty object or list stays on its line.
          const opened = lines.pop();
          line = `${opened?.text ?? ''}${token}`;
          path = opened?.path ?? '';
        } else {
          flush();
          line += token;
        }
        break;
      case ',':
        line += token;
        flush();
        break;
      case ':':
        line += ': ';
        key = (JSON.parse(word) as string).toLowerCase();
        path = keys.length > kPathLevels ? '' : [...keys, key].filter((one) => one !== '').join('>');
        break;
      default:
        line += token;
        word = token;
    }
  }
  lines.push({ text: line, path });
  return lines;
}

/** Path in a record (lower case) -> the columns that it fed, from a report's input. */
export function fedBy(columns: Readonly<Record<string, string[]>>): Map<string, string[]> {
  const fed = new Map<string, string[]>();
  for (const [column, paths] of Object.entries(columns)) {
    for (const path of paths) {
      const folded = path.toLowerCase();
      fed.set(folded, [...(fed.get(folded) ?? []), column]);
    }
  }
  return fed;
}

/** The columns that a column of a CSV fed: by its name without the portal's "[UTC]", or by JSON inside its cells. */
export function fedByName(fed: ReadonlyMap<string, string[]>, name: string): string[] {
  const plain = name.replace(/\s*\[[^\]]*\]\s*$/, '').toLowerCase();
  return [...fed].filter(([path]) => path === plain || path.startsWith(`${plain}>`)).flatMap(([, columns]) => columns);
}

/** Cuts text at every occurrence of `wanted` (lower case, not empty), without regard to case. */
export function matchParts(text: string, wanted: string): { text: string; match: boolean }[] {
  const folded = text.toLowerCase();
  // Lower case may be longer than the text (a dotted capital I): then places do not fit, and nothing is marked rather than the wrong thing.
  if (wanted === '' || folded.length !== text.length) return [{ text, match: false }];
  const parts: { text: string; match: boolean }[] = [];
  let from = 0;
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), match: false });
    from = at + wanted.length;
    parts.push({ text: text.slice(at, from), match: true });
  }
  if (from < text.length) parts.push({ text: text.slice(from), match: false });
  return parts;
}

// Deeper levels keep this indent: a record of a thousand nested lists must not grow a million blanks.
const kIndentLevels = 20;

/** Fields of the first CSV row in `text` (RFC 4180: quoted fields may hold delimiters and line breaks, a quote is doubled). */
export function csvRow(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (text[at] === '"') {
      for (at += 1; at < text.length; at += 1) {
        if (text[at] !== '"') {
          field += text[at];
        } else if (text[at + 1] === '"') {
          field += '"';
          at += 1;
        } else {
          at += 1;
          break;
        }
      }
    }
    const from = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
    fields.push(field + text.slice(from, at));
    if (text[at] !== delimiter) return fields;
    at += 1;
  }
}

/** A CSV row beside the names of its header row; null when the two do not fit together. */
export function csvColumns(header: string, row: string): { name: string; value: string }[] | null {
  const head = header.startsWith('\u{FEFF}') ? header.slice(1) : header;
  const delimiter = [',', ';', '\t'].reduce((best, next) => (csvRow(head, next).length > csvRow(head, best).length ? next : best));
  const names = csvRow(head, delimiter);
  const values = csvRow(row, delimiter);
  if (names.length < 2 || names.length !== values.length) return null;
  return names.map((name, index) => ({ name, value: values[index] ?? '' }));
}

/** True when most of the bytes are no text in that encoding, so that a hex dump says more. */
export function looksBinary(text: string): boolean {
  if (text === '') return false;
  const bad = text.match(/[\p{Cc}\p{Cn}\u{FFFD}]/gu)?.filter((character) => !/[\t\r\n]/.test(character)).length ?? 0;
  return bad * 10 > text.length;
}

/** Lines of 16 bytes: offset, hex, printable ASCII. `offset`: where the bytes stand in their file. */
export function hexDump(bytes: Uint8Array, offset: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.byteLength; at += 16) {
    const row = Array.from(bytes.subarray(at, at + 16));
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${(offset + at).toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines;
}
