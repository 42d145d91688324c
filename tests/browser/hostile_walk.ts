// What a browser test runs inside the page to look at hostile text (tests/hostile): it goes from session to session as a user does and writes down
// what stands on the screen, read back from its escapes. Each function is handed to the browser by itself, so it may use nothing around it.

/** What the page shows of a session. */
export interface ShownSession {
  caller: string;
  operations: string[];
  statuses: string[];
  /** All other text of the evidence in it, each once. */
  texts: string[];
  /** The event rows' hints. */
  titles: string[];
  /** The two records that hold the payload, as they were in the file. */
  records: string[];
  /** What the menu of a value is headed by, and the filter it made, taken off again. */
  menu: string;
  chip: string;
  shown: string;
}

export interface Trouble {
  what: string;
  where: string;
}

/** Puts functions into the page that the others use. */
export function install(): void {
  const short = new Map([
    ['\\t', '\t'],
    ['\\n', '\n'],
    ['\\r', '\r'],
  ]);
  const character = (written: string) => short.get(written) ?? String.fromCodePoint(Number.parseInt(written.slice(3, -1), 16));
  /** The text that a <bdi> of the page stands for; what is left out of a long one is said in an element of its own. */
  const read = (bdi: Element): string =>
    [...bdi.childNodes]
      .map((node) => {
        if (!(node instanceof Element)) return node.textContent ?? '';
        if (node.classList.contains('escape')) return character(node.textContent ?? '');
        return node.classList.contains('muted') ? '' : read(node);
      })
      .join('');
  const all = (selector: string, root: ParentNode = document) => [...root.querySelectorAll(selector)];
  const readAll = (selector: string, root: ParentNode = document) => all(selector, root).map(read);
  const one = <Found extends Element>(selector: string, root: ParentNode = document): Found => {
    const found = root.querySelector<Found>(selector);
    if (found === null) throw new Error(`there is no ${selector}`);
    return found;
  };
  /** Until it gives something; half a minute at most. */
  const until = async <Value>(what: string, get: () => Value | null | undefined | false): Promise<Value> => {
    for (const end = performance.now() + 30_000; performance.now() < end; ) {
      const value = get();
      if (value !== null && value !== undefined && value !== false) return value;
      await new Promise((resolve) => setTimeout(resolve));
    }
    throw new Error(`waited in vain for ${what}`);
  };
  /** Markup, handlers or hidden characters anywhere in the document, and payloads beside a <bdi>. */
  const troubles = (): Trouble[] => {
    const found: Trouble[] = [];
    const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/u;
    const foreign = 'script, img, iframe, object, embed, a, form, style, link, meta, base, template, math, noscript, b, i, em, h1 h1';
    const own = 'a.skip[href="#main"], noscript:not(main *), body > script, head *';
    for (const element of all(foreign)) {
      if (!element.matches(own)) found.push({ what: 'element', where: element.outerHTML.slice(0, 200) });
    }
    for (const element of all('*')) {
      if (element.matches(own)) continue;
      for (const name of element.getAttributeNames()) {
        const value = element.getAttribute(name) ?? '';
        if (name.startsWith('on') || name === 'srcdoc' || name === 'href' || hidden.test(value)) {
          found.push({ what: `attribute ${name}`, where: value.slice(0, 200) });
        }
      }
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = (node.textContent ?? '').replaceAll('\n', '');
      const inside = node.parentElement?.closest('bdi, .copy-text, script') != null;
      if (hidden.test(text)) found.push({ what: 'hidden character', where: JSON.stringify(text.slice(0, 200)) });
      if (!inside && /hostileRan|127\.0\.0\.1:9/.test(text)) found.push({ what: 'outside', where: text.slice(0, 200) });
    }
    if ('hostileRan' in globalThis) found.push({ what: 'ran', where: '' });
    if (document.title !== 'CloudShell Hunt') found.push({ what: 'title', where: document.title });
    return found;
  };
  Object.assign(globalThis, { hostile: { read, all, readAll, one, until, troubles } });
}

/** The functions that install() put there. */
export interface Installed {
  read(bdi: Element): string;
  all(selector: string, root?: ParentNode): Element[];
  readAll(selector: string, root?: ParentNode): string[];
  one<Found extends Element>(selector: string, root?: ParentNode): Found;
  until<Value>(what: string, get: () => Value | null | undefined | false): Promise<Value>;
  troubles(): Trouble[];
}

/** Opens the first session of the table and goes on to the next, `every`-th by `every`-th, `count` of them. */
export async function walkSessions({
  count,
  every,
}: {
  count: number;
  every: number;
}): Promise<{ sessions: ShownSession[]; troubles: Trouble[] }> {
  const { all, read, readAll, one, until, troubles } = (globalThis as unknown as { hostile: Installed }).hostile;
  const sessions: ShownSession[] = [];
  const found: Trouble[] = [];
  one<HTMLElement>('[data-testid=session-row] button').click();
  for (let at = 0; ; at += 1) {
    const detail = await until('a session', () => document.querySelector('[data-testid=session-detail]'));
    const rows = await until('its events', () => {
      const rows = all('[data-testid=event-row]', detail);
      return all('.on-its-way', detail).length === 0 && rows.length > 0 && rows;
    });
    const caller = read(one('#detail-title bdi', detail));
    if (at % every === 0) {
      const records: string[] = [];
      // The others hold nothing but the caller.
      for (const place of rows.length === 4 ? [2, 3] : []) {
        one<HTMLElement>(`tr[data-place="${place}"] .event-record button`, detail).click();
        const head = `Record of event ${place + 1}`;
        const pre = await until('the record', () => {
          const panel = detail.querySelector('.record-panel');
          return panel?.textContent?.includes(head) === true ? panel.querySelector('[data-testid=raw-record] pre') : null;
        });
        records.push(
          all('.line', pre)
            .map((line) => readAll('bdi', line).join(''))
            .join('\n'),
        );
        found.push(...troubles());
      }
      const operations = readAll('[data-testid=operation-row] .operation-name bdi', detail);
      const statuses = readAll('[data-testid=operation-row] .statuses bdi', detail);
      const texts = [...new Set(readAll('bdi', detail))];
      const titles = all('[data-testid=event-row] [title]', detail).map((element) => element.getAttribute('title') ?? '');
      // A value's menu, and a filter by it.
      const values = all('#detail-title .value, .operation-name .value, .facts .value', detail) as HTMLElement[];
      const value = values[sessions.length % values.length] as HTMLElement;
      value.click();
      const menu = await until('the menu', () => document.querySelector('[data-testid=value-menu]'));
      const headed = read(one('.menu-title bdi', menu));
      (all('[role=menuitem]', menu)[0] as HTMLElement).click();
      const chip = await until('the filter', () => document.querySelector<HTMLElement>('.filter-chip'));
      const by = read(one('bdi', chip));
      const shown = one('[data-testid=shown-count]').textContent ?? '';
      found.push(...troubles());
      chip.click();
      await until('no filter', () => document.querySelector('.filter-chip') === null);
      sessions.push({ caller, operations, statuses, texts, titles, records, menu: headed, chip: by, shown });
    }
    const next = all('.detail-bar button', detail).find((button) => button.textContent === 'Next') as HTMLButtonElement;
    if (at + 1 >= count || next.disabled) break;
    next.click();
    const before = detail;
    await until('the next session', () => {
      const now = document.querySelector('[data-testid=session-detail]');
      return now !== null && (now !== before || read(one('#detail-title bdi', now)) !== caller);
    });
  }
  one<HTMLElement>('[data-testid=close-detail]').click();
  return { sessions, troubles: found };
}

/** Scrolls through the table of sessions: the callers in their order. */
export async function walkTable(): Promise<{ callers: string[]; troubles: Trouble[] }> {
  const { all, read, one, until, troubles } = (globalThis as unknown as { hostile: Installed }).hostile;
  const table = await until('the table', () => document.querySelector('table.sessions'));
  const scroller = table.closest('.scroller') as HTMLElement;
  const total = Number(table.getAttribute('aria-rowcount')) - 1;
  const callers = new Map<number, string>();
  const found: Trouble[] = [];
  for (let place = 0; place < total; place += 1) {
    if (callers.has(place)) continue;
    const drawn = all('tr[data-place]', table).map((row) => Number((row as HTMLElement).dataset.place));
    const height = one('tr[data-place]', table).getBoundingClientRect().height;
    if (!drawn.includes(place)) scroller.scrollTop = place * height;
    await until('the rows', () => table.querySelector(`tr[data-place="${place}"]`));
    for (const row of all('tr[data-place]', table))
      callers.set(Number((row as HTMLElement).dataset.place), read(one('.col-caller bdi', row)));
    found.push(...troubles());
  }
  scroller.scrollTop = 0;
  await until('the first row', () => table.querySelector('tr[data-place="0"]'));
  return { callers: [...callers].sort(([a], [b]) => a - b).map(([, caller]) => caller), troubles: found };
}

/** All pages of a table: the texts of the evidence of each of its rows. */
export async function walkPages({ row, nav }: { row: string; nav: string }): Promise<{ rows: string[][]; troubles: Trouble[] }> {
  const { all, readAll, until, troubles } = (globalThis as unknown as { hostile: Installed }).hostile;
  await until('rows', () => document.querySelector(row));
  const rows: string[][] = [];
  const found: Trouble[] = [];
  for (;;) {
    const first = document.querySelector(row)?.textContent;
    rows.push(...all(row).map((element) => readAll('bdi', element)));
    found.push(...troubles());
    const later = all(`nav[aria-label="${nav}"] button`).find((button) => button.textContent === 'Later') as HTMLButtonElement | undefined;
    if (later === undefined || later.disabled) return { rows, troubles: found };
    later.click();
    await until('the next page', () => document.querySelector(row)?.textContent !== first);
  }
}

/** The values that each facet lists, and how its second button is called. */
export async function walkFacets(facets: readonly string[]): Promise<{ values: string[][]; labels: string[][]; troubles: Trouble[] }> {
  const { all, read, readAll, until, troubles } = (globalThis as unknown as { hostile: Installed }).hostile;
  const values: string[][] = [];
  const labels: string[][] = [];
  for (const facet of facets) {
    const box = (await until(facet, () => document.querySelector(`details[data-facet="${facet}"]`))) as HTMLDetailsElement;
    box.open = true;
    const more = await until('its values', () => all('button.link', box)[0] as HTMLElement | undefined);
    more.click();
    await until('more values', () => all('li', box).length > 6);
    values.push(readAll('.facet-text bdi', box));
    labels.push(
      all('li', box).map((row) => {
        const text = row.querySelector('.facet-text bdi');
        return text === null ? '' : `${row.querySelector('.facet-not')?.getAttribute('aria-label')}\n${read(text)}`;
      }),
    );
  }
  return { values, labels, troubles: troubles() };
}

/** Marks the callers of the first rows as known good, one by one, and searches for each: what the list and the chip of the search show. */
export async function walkMarks({ count }: { count: number }): Promise<{ known: string[]; searched: string[]; troubles: Trouble[] }> {
  const { all, read, readAll, one, until, troubles } = (globalThis as unknown as { hostile: Installed }).hostile;
  const searched: string[] = [];
  for (let place = 0; place < count; place += 1) {
    const cell = await until('the row', () => document.querySelector<HTMLElement>(`tr[data-place="${place}"] .col-caller`));
    cell.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
    const menu = await until('the menu', () => document.querySelector('[data-testid=value-menu]'));
    (all('[role=menuitem]', menu).find((item) => item.textContent === 'Mark as known good') as HTMLElement).click();
    await until('no menu', () => document.querySelector('[data-testid=value-menu]') === null);
  }
  one<HTMLElement>('[data-testid=known-good] summary').click();
  const list = await until('the list', () => document.querySelector('.known-list'));
  const known = readAll('bdi', list);
  const found = troubles();
  const search = one<HTMLInputElement>('[data-testid=search]');
  for (const text of known) {
    search.value = text;
    search.dispatchEvent(new Event('input', { bubbles: true }));
    const chip = await until('the search', () => {
      const bdi = document.querySelector('.filter-chip bdi');
      return bdi !== null && read(bdi) === search.value.trim() ? bdi : text.trim() === '' ? document.body : null;
    });
    searched.push(chip === document.body ? '' : read(chip));
    found.push(...troubles());
  }
  search.value = '';
  search.dispatchEvent(new Event('input', { bubbles: true }));
  await until('no filter', () => document.querySelector('.filter-chip') === null);
  return { known, searched, troubles: found };
}
