// A raw record as a reader wants it: JSON indented, a CSV row beside its column names, bytes that are no text as a hex dump. The text itself is
// never changed: JSON is re-indented token by token (parse and print would round long numbers and drop the first of two equal keys).

/** Decodes the bytes of a record in the encoding of its input. */
export function decodeRecord(bytes: Uint8Array, encoding: string): string {
  const label = encoding.startsWith('utf-16be') ? 'utf-16be' : encoding.startsWith('utf-16') ? 'utf-16le' : 'utf-8';
  return new TextDecoder(label, { fatal: false, ignoreBOM: true }).decode(bytes);
}

/** Lines of one indented JSON value, or null when the text is not exactly one JSON value. */
export function indentJson(text: string): string[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return null;
  try {
    JSON.parse(trimmed);
  } catch {
    return null;
  }
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  const flush = () => {
    lines.push(line);
    line = '  '.repeat(Math.min(depth, kIndentLevels));
  };
  // Valid JSON: strings, structure, other runs (numbers, words); blanks between tokens are dropped.
  for (const [token] of trimmed.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gsu)) {
    switch (token) {
      case '{':
      case '[':
        line += token;
        depth += 1;
        flush();
        break;
      case '}':
      case ']':
        depth -= 1;
        if (line.trim() === '' && /[{[]$/.test(lines.at(-1) ?? '')) {
          line = `${lines.pop() ?? ''}${token}`; // an empty object or list stays on its line
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
        break;
      default:
        line += token;
    }
  }
  lines.push(line);
  return lines;
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
