// Figures and instants as they read on the page, at the places where rounding or text order would go wrong.

import { describe, expect, it } from 'vitest';
import { compareInstants, counted, formatBytes, formatDuration, instantText, resourceEnd } from '../../../web/src/view/format';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.00 kB'],
  [9_994, '9.99 kB'],
  [9_996, '10.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.00 MB'],
  [5_000_000_000, '5.00 GB'],
  [5_000_000_000_000_000, '5000.0 TB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [0, '0 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [3_600_000, '1 h'],
  [5_445_000, '1 h 30 min'],
  [90_061_000, '1 d 1 h'],
  [86_461_000, '1 d'],
])('%d ms read as %s', (millis, text) => {
  expect(formatDuration(millis)).toBe(text);
});

it('counts in the singular and the plural', () => {
  expect([counted(0, 'row'), counted(1, 'row'), counted(1200, 'row'), counted(2, 'entry', 'entries')]).toEqual([
    '0 rows',
    '1 row',
    '1,200 rows',
    '2 entries',
  ]);
});

describe('instants', () => {
  it('are ordered to the last digit, with a fraction or without', () => {
    const ordered = [
      '0001-01-01T00:00:00Z',
      '2026-03-14T09:59:59.9999998Z',
      '2026-03-14T09:59:59.9999999Z',
      '2026-03-14T10:00:00Z',
      '2026-03-14T10:00:00.0000001Z',
      '2026-03-14T10:00:00.5Z',
      '2026-03-14T10:00:01Z',
    ];
    expect([...ordered].reverse().sort(compareInstants)).toEqual(ordered);
    expect(compareInstants('2026-03-14T10:00:00Z', '2026-03-14T10:00:00Z')).toBe(0);
  });

  it('keep all their digits in UTC', () => {
    expect(instantText('2026-03-14T09:12:05.3234567Z', 'utc')).toEqual({
      date: '2026-03-14',
      time: '09:12:05',
      fraction: '.3234567',
      zone: 'UTC',
    });
    expect(instantText('0001-01-01T00:00:00Z', 'utc')).toEqual({ date: '0001-01-01', time: '00:00:00', fraction: '', zone: 'UTC' });
  });
});

it('shortens a resource id to type and name', () => {
  expect(resourceEnd('/subscriptions/1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm')).toBe('…/virtualMachines/vm');
  expect(resourceEnd('/subscriptions/1')).toBe('/subscriptions/1');
  expect(resourceEnd('')).toBe('');
});
