// What the page itself writes as text: case report, Navigator layer, lists. Hostile text of the evidence must stay text to a real renderer.

import { createHash } from 'node:crypto';
import MarkdownIt from 'markdown-it';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Annotation, Session } from '../../../web/src/engine/report';
import { type CaseReport, caseReportHtml, caseReportMarkdown } from '../../../web/src/report/case_report';
import { caseStyle, caseStyleHash } from '../../../web/src/report/case_style';
import { html, markdown } from '../../../web/src/report/escape';
import { navigatorLayer } from '../../../web/src/report/navigator';
import { defang, listValues } from '../../../web/src/report/values';
import { hostile, type Made, reportOf, sample } from './reports';

let made: Made;
let nasty: Made;
beforeAll(async () => {
  made = await reportOf(sample);
  nasty = await reportOf(hostile);
});

// Every renderer is a little different; this one is asked to do all it can: raw HTML, bare addresses as links, tables, strike-through.
const renderer = new MarkdownIt({ html: true, linkify: true, typographer: true });
const hostileNote =
  '<script>alert(1)</script>\n# head\n- [x](javascript:alert(1)) ![x](https://evil.example/p.png)\n\u202e www.evil.example a@b.example';

function caseOf({ report }: Made, changes: Partial<CaseReport> = {}): CaseReport {
  return {
    report,
    sessions: report.sessions,
    filters: '',
    annotations: report.sessions.slice(0, 1).map(({ id }): Annotation => ({ session: id, verdict: 'suspicious', note: hostileNote })),
    files: [
      { path: 'a<b>.json', size: 1234, sha256: 'ab'.repeat(32) },
      { path: 'gone.json', size: 5, sha256: null, why: 'could not be read again' },
    ],
    madeAt: '2026-03-15T08:00:00.000Z',
    version: '0.1.0',
    ...changes,
  };
}

const htmlOf = (made: CaseReport) => [...caseReportHtml(made)].join('');
const markdownOf = (made: CaseReport) => [...caseReportMarkdown(made)].join('');

/** Tags that HTML would see in rendered Markdown, without those that our own structure makes. */
function foreignTags(rendered: string): string[] {
  const own = /^<\/?(?:h[1-6]|p|ul|li|table|thead|tbody|tr|th|td|br|strong|blockquote)>$/;
  return (rendered.match(/<[^>]*>?/g) ?? []).filter((tag) => !own.test(tag));
}

describe('the case report', () => {
  test('its policy allows its own style sheet by hash and nothing else', () => {
    expect(caseStyleHash).toBe(`sha256-${createHash('sha256').update(caseStyle).digest('base64')}`);
    const text = htmlOf(caseOf(made));
    expect(text).toContain(`content="default-src 'none'; style-src '${caseStyleHash}'; base-uri 'none'; form-action 'none'"`);
    expect(text).not.toMatch(/<(script|img|link|iframe|a|form|object)[\s>]/i);
    expect(text).not.toMatch(/\s(style|on\w+|href|src)=/i);
    expect(caseStyle).not.toMatch(/url\(|@import/);
  });

  test('names settings, files, sums, findings and what the analyst wrote', () => {
    const text = htmlOf(caseOf(made));
    for (const part of [
      '13 Cloud Shell sessions: 2 high, 5 medium, 1 low, 2 info, 3 none.',
      'The published query returns 7 rows and misses 6 of the sessions.',
      'ab'.repeat(32),
      'could not be read again',
      'sums hold',
      'Suspicious',
      'Made by CloudShell Hunt 0.1.0 at 2026-03-15 08:00:00.000 UTC',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('SUMS DO NOT HOLD');
    expect(text.match(/<figure>/g)).toHaveLength(13);
    expect(text.match(/<section class="session"/g)).toHaveLength(13);
  });

  test('says when the sums of a file do not hold', () => {
    const report = structuredClone(made.report);
    const [input] = report.inputs;
    if (input !== undefined) input.framed += 1;
    expect(htmlOf(caseOf({ ...made, report }))).toContain('SUMS DO NOT HOLD');
  });

  test('says what is hidden, and that the files were not open', () => {
    const text = htmlOf(caseOf(made, { sessions: made.report.sessions.slice(0, 4), filters: 'Filters: <b>.', files: null }));
    expect(text).toContain('9 sessions of them hidden and not in this report. Filters: &lt;b&gt;.');
    expect(text).toContain('the files themselves were not open');
    expect(text.match(/<section class="session"/g)).toHaveLength(4);
  });

  test('describes so many sessions one by one, and says so', () => {
    const [one] = made.report.sessions as [Session];
    const sessions = Array.from({ length: 301 }, (_, at) => ({ ...one, id: `${at}` }));
    const text = htmlOf(caseOf(made, { sessions }));
    expect(text.match(/<section class="session"/g)).toHaveLength(300);
    expect(text).toContain('The first 300 sessions are described one by one');
    expect(htmlOf(caseOf(made, { sessions: sessions.slice(1) }))).not.toContain('one by one');
  });

  test('every tag of it is one of ours, whatever the evidence holds', () => {
    const own =
      /^<(?:!doctype html|\/?(?:html|head|body|main|title|style|h[1-3]|p|ul|li|dl|dt|dd|div|section|table|thead|tbody|tr|th|td|br|bdi|code|strong|span|figure|figcaption|svg|text|line|polygon|circle)(?: (?:class|id|scope|lang|aria-label|aria-hidden|role|viewBox|points|text-anchor|x|y|x1|y1|x2|y2|cx|cy|r)="[^"<>]*")*\/?|meta (?:charset|name|http-equiv)="[^"]*"(?: content="[^"]*")?)>$/;
    for (const some of [made, nasty]) {
      const text = htmlOf(caseOf(some)).replace(caseStyle, '');
      const tags = text.match(/<[^>]*>?/g) ?? [];
      expect(tags.length).toBeGreaterThan(100);
      expect(tags.filter((tag) => !own.test(tag))).toEqual([]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may stand there
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }
    expect(htmlOf(caseOf(nasty))).toContain('\\u{202E}');
  });

  test('as Markdown it has no link, image or tag of the evidence', () => {
    for (const some of [made, nasty]) {
      const rendered = renderer.render(markdownOf(caseOf(some)));
      expect(foreignTags(rendered)).toEqual([]);
    }
    const rendered = renderer.render(markdownOf(caseOf(nasty)));
    expect(rendered).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(rendered).toContain('[x](javascript:alert(1))');
  });
});

const texts = [
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/p.png)',
  'https://evil.example/',
  'www.evil.example',
  'a@evil.example',
  '<https://evil.example>',
  '&lt;b&gt; &#58; #58;',
  '`code` *b* _i_ ~~s~~ | \\| \\\\',
  '# head',
  '1. list',
  '- list',
  '> quote',
  '***',
  '===',
  '[a]: https://evil.example',
  '"quoted" \'single\' -- ... (c)',
  '$x$ :smile: @mention #1',
];

describe('text of the evidence', () => {
  test.each(texts)('%s is itself, in Markdown of the page', (text) => {
    for (const place of [
      `${markdown(text)}\n`,
      `| ${markdown(text)} |\n| --- |\n| ${markdown(text)} |\n`,
      `- ${markdown(text)}\n`,
      `> ${markdown(text)}\n`,
    ]) {
      const rendered = new MarkdownIt({ html: true, linkify: true }).render(place);
      expect(foreignTags(rendered), rendered).toEqual([]);
      const shown = rendered
        .replace(/<[^>]*>/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&');
      expect(shown).toContain(text);
    }
  });

  test.each(texts)('%s is no markup in HTML', (text) => {
    expect(html(text)).not.toMatch(/[<>"']/);
  });

  test.each(['sessions', 'operations', 'events', 'sentinel'] as const)('%s of hostile files are plain tables to a renderer', (table) => {
    const text = nasty.text({ table, form: 'markdown' });
    const rendered = renderer.render(text);
    expect(foreignTags(rendered)).toEqual([]);
    const rows = rendered.match(/<tr>/g)?.length ?? 0;
    expect(rows).toBe(text.split('\n').filter((line) => line.startsWith('|')).length - 1);
  });

  test.each(['sessions', 'operations', 'events', 'sentinel'] as const)(
    '%s of hostile files hold no cell that starts a formula',
    (table) => {
      const csv = nasty.text({ table, form: 'csv' });
      const fields = Array.from(
        csv.matchAll(/(?<=^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?=,|\r\n)/g),
        (match) => match[1] ?? match[2] ?? '',
      );
      expect(fields.length).toBeGreaterThan(20);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are leads of formulas too
      expect(fields.filter((field) => /^[=+\-@\t\r\n\u0000\uff1d\uff0b\uff0d\uff20]/.test(field))).toEqual([]);
      expect(nasty.text({ table: 'sessions', form: 'csv' })).toContain("'=");
    },
  );
});

describe('the Navigator layer', () => {
  interface Layer {
    versions: { layer: string };
    domain: string;
    techniques: { techniqueID: string; score: number; comment: string; color: string; enabled: boolean }[];
  }
  const layerOf = (sessions: readonly Session[]) => JSON.parse(navigatorLayer(sessions, { version: '0.1.0', description: 'x' })) as Layer;

  test('counts the sessions of each technique, with their worst severity', () => {
    const { versions, domain, techniques } = layerOf(made.report.sessions);
    expect(versions.layer).toBe('4.5');
    expect(domain).toBe('enterprise-attack');
    expect(techniques.length).toBeGreaterThan(5);
    for (const { techniqueID, score, comment, color } of techniques) {
      const with_ = made.report.sessions.filter(({ operations }) => operations.some(({ techniques }) => techniques.includes(techniqueID)));
      expect(score).toBe(with_.length);
      expect(comment).toMatch(new RegExp(`^${score} sessions?: `));
      expect(color).toMatch(/^#[0-9a-f]{6}$/);
    }
    expect(techniques.map(({ techniqueID }) => techniqueID)).toEqual(techniques.map(({ techniqueID }) => techniqueID).sort());
  });

  test('takes no id that is none, and no hidden character', () => {
    const session = structuredClone(made.report.sessions.find(({ operations }) => operations.length > 0)) as Session;
    const [operation] = session.operations;
    if (operation === undefined) throw new Error('the sample has operations');
    operation.techniques = ['T1059', 'T1059.009', 'T1<b>', '__proto__', ''];
    operation.name = 'a\u202eb';
    const { techniques } = layerOf([{ ...session, operations: [operation] }]);
    expect(techniques.map(({ techniqueID }) => techniqueID)).toEqual(['T1059', 'T1059.009']);
    expect(techniques[0]?.comment).toContain('a\\u{202E}b');
  });

  test('is empty without sessions', () => {
    expect(layerOf([]).techniques).toEqual([]);
  });
});

describe('lists to paste', () => {
  test('hold each value once, sorted, one a line whatever it holds', () => {
    const addresses = listValues(made.report.sessions, 'addresses');
    expect(addresses).toEqual([...new Set(made.report.sessions.flatMap(({ ips }) => ips))].sort());
    const [one] = made.report.sessions as [Session];
    expect(
      listValues(
        [
          { ...one, caller: 'a\nb\u200b' },
          { ...one, caller: '' },
        ],
        'callers',
      ),
    ).toEqual(['a\\u{000A}b\\u{200B}']);
  });

  // Defanged: each mark that makes an address stands in brackets, so that nothing takes it for a link. No pattern, and nothing left open.
  test.each([
    ['20.50.1.10', '20[.]50[.]1[.]10'],
    ['2001:db8::1', '2001[:]db8[:][:]1'],
    ['alice@contoso.com', 'alice[@]contoso[.]com'],
    ['first.last@contoso.com', 'first.last[@]contoso[.]com'],
    ['a@b@c.de', 'a[@]b[@]c[.]de'],
    ['https://evil.example/x', 'hxxps[:]//evil[.]example/x'],
    ['https://evil.example/@x', 'hxxps[:]//evil[.]example/[@]x'],
    ['www.evil.example/x@y', 'www[.]evil[.]example/x[@]y'],
    ['evil.example\\\\x@y', 'evil[.]example\\\\x[@]y'],
    ['b677c290-cf4b-4a8e-a60e-91ba650a4abe', 'b677c290-cf4b-4a8e-a60e-91ba650a4abe'],
    ['T1059.009', 'T1059.009'],
  ])('%s defanged is %s', (value, expected) => {
    expect(defang(value)).toBe(expected);
  });
});
