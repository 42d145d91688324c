// The files for other hosts say the same as scripts/serve sends: each is read here by its own syntax, as its host would, and every header must
// stand in it once, whole. (They were also tried with nginx 1.22, Apache 2.4 and Caddy 2.6 themselves, which are not installed for the tests.)

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { securityHeaders } from '../../web/server/headers.mjs';
import { hostFiles, writeHostFiles } from '../../web/server/hosts.mjs';

const kForever = 'public, max-age=31536000, immutable';
const file = (name: string): string => {
  const text = hostFiles[name];
  if (text === undefined) throw new Error(`there is no ${name}`);
  return text;
};

/** All matches of a pattern with a name and a value, as a list, so that a header set twice shows. */
const pairs = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '', value = '']) => [name, value]);
const expected = Object.entries(securityHeaders);

describe('every header, once and whole', () => {
  test('nginx: on the server block, where locations inherit them, and on errors too', () => {
    const text = file('nginx.conf');
    expect(pairs(text, /^ {2}add_header ([\w-]+) "(.*)" always;$/gm)).toEqual(expected);
    // A location with a header of its own would lose them all.
    expect(text.slice(text.indexOf('\n  location'))).not.toContain('add_header');
    expect(text).toMatch(/application\/wasm wasm;/);
    expect(text.split('{').length).toBe(text.split('}').length);
  });

  test('Apache', () => {
    const text = file('apache.htaccess');
    expect(pairs(text, /^Header always set ([\w-]+) "(.*)"$/gm).slice(0, -1)).toEqual(expected);
    expect(text).toContain('AddType application/wasm .wasm');
  });

  test('Caddy: on answers and on errors', () => {
    const text = file('Caddyfile');
    const snippet = text.slice(text.indexOf('(cloudshell_hunt)'), text.indexOf('-Server'));
    expect(pairs(snippet, /^\t\t([\w-]+) "(.*)"$/gm)).toEqual(expected);
    expect(text.match(/^\t+import cloudshell_hunt$/gm)).toHaveLength(2);
  });

  test('_headers, within the 2,000 characters a line that Cloudflare reads', () => {
    const [all = '', assets = ''] = file('_headers').split('/assets/*\n');
    expect(pairs(all, /^ {2}([\w-]+): (.*)$/gm)).toEqual([...expected, ['Cache-Control', 'no-cache']]);
    expect(pairs(assets, /^ {2}([\w-]+): (.*)$/gm)).toEqual([['Cache-Control', kForever]]);
    for (const line of all.split('\n')) expect(line.length).toBeLessThan(2000);
  });

  test('Azure Static Web Apps', () => {
    const config = JSON.parse(file('staticwebapp.config.json')) as { globalHeaders: object; mimeTypes: object };
    expect(config.globalHeaders).toEqual({ ...securityHeaders, 'Cache-Control': 'no-cache' });
    expect(config.mimeTypes).toMatchObject({ '.wasm': 'application/wasm', '.js': 'text/javascript' });
  });

  test('CloudFront, which names some itself, within its 1,783 characters a value', () => {
    const policy = JSON.parse(file('cloudfront-response-headers-policy.json')) as {
      SecurityHeadersConfig: Record<string, Record<string, string>>;
      CustomHeadersConfig: { Quantity: number; Items: { Header: string; Value: string; Override: boolean }[] };
    };
    const own = policy.SecurityHeadersConfig;
    const sent = new Map(policy.CustomHeadersConfig.Items.map(({ Header, Value }) => [Header, Value]));
    expect(policy.CustomHeadersConfig.Quantity).toBe(sent.size);
    sent.set('Content-Security-Policy', own.ContentSecurityPolicy?.ContentSecurityPolicy ?? '');
    sent.set('X-Frame-Options', own.FrameOptions?.FrameOption ?? '');
    sent.set('Referrer-Policy', own.ReferrerPolicy?.ReferrerPolicy ?? '');
    if (own.ContentTypeOptions?.Override) sent.set('X-Content-Type-Options', 'nosniff');
    for (const [name, value] of expected) {
      expect([name, sent.get(name)]).toEqual([name, value]);
      expect(value.length).toBeLessThanOrEqual(1783);
    }
  });
});

test('they are written as files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-test-'));
  writeHostFiles(join(folder, 'hosts'));
  for (const name of readdirSync(join(folder, 'hosts'))) expect(readFileSync(join(folder, 'hosts', name), 'utf8')).toBe(file(name));
  expect(readdirSync(join(folder, 'hosts')).sort()).toEqual(Object.keys(hostFiles).sort());
  rmSync(folder, { recursive: true });
});
