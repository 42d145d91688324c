// csv-spectrum, the cases that CSV readers share, through the framer and the record reader of the core: the rows that its authors wrote down.
// csv_rows prints them (build/native); each case arrives whole, in blocks of one byte and in blocks of seven.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const project = fileURLToPath(new URL('../../', import.meta.url));
const spectrum = join(project, 'node_modules/csv-spectrum');

/** The published answer is another row than the file's: its telephone number is not the file's, and it is an object, not a list of rows. */
const defective = 'location_coordinates';

const cases = readdirSync(join(spectrum, 'csvs'))
  .map((file) => file.replace(/\.csv$/, ''))
  .sort();
const blocks = [[], ['--block', '1'], ['--block', '7']];

function rowsOf(name: string, block: string[]): unknown {
  const file = join(spectrum, 'csvs', `${name}.csv`);
  return JSON.parse(execFileSync(join(project, 'build/native/tests/core/csv_rows'), [...block, file], { encoding: 'utf8' }));
}

function published(name: string): unknown {
  return JSON.parse(readFileSync(join(spectrum, 'json', `${name}.json`), 'utf8'));
}

test('all of its twelve cases are here', () => {
  expect(cases).toHaveLength(12);
  expect(cases).toContain(defective);
});

test.each(cases.filter((name) => name !== defective))('%s', (name) => {
  for (const block of blocks) expect(rowsOf(name, block)).toEqual(published(name));
});

// Copied from the file: quotes inside a field that no quote opens are plain characters, and the replacement characters stand in it as such.
test(`${defective} reads as its file says, not as its answer does`, () => {
  const row = {
    'Contact Phone Number': '2095257564',
    'Location Coordinates': `37\uFFFD36'37.8"N 121\uFFFD2'17.9"W`,
    Cities: 'Modesto',
    Counties: 'Stanislaus',
  };
  for (const block of blocks) expect(rowsOf(defective, block)).toEqual([row]);
  expect(published(defective)).toEqual({ ...row, 'Contact Phone Number': '1234567890' });
});
