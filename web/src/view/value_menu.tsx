// What can be done with a value where it stands, in the table and in a session alike: show only sessions with it, leave them out, mark it as known
// good, copy it. One menu for the whole page, drawn outside of what it belongs to, so that no table cell has to hold a dozen buttons.

import { type Signal, signal } from '@preact/signals';
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Case } from '../state/case';
import type { Choice } from '../state/filter';
import { type KnownKind, knownKinds } from '../state/known_good';
import type { FacetKey } from '../state/session_index';
import { Evidence } from './evidence';
import { facetTitle, facetWord, isOurs } from './words';

export interface Pointed {
  facet: FacetKey;
  value: string;
}

export interface MenuAction {
  label: string;
  run(): void;
}

interface OpenMenu {
  pointed: readonly Pointed[];
  more: readonly MenuAction[];
  /** Where it was asked for; in the window's pixels. */
  at: { left: number; top: number; bottom: number };
  /** Takes the focus again when the menu closes. */
  from: HTMLElement | null;
}

interface Menus {
  open(anchor: HTMLElement, pointed: readonly Pointed[], more?: readonly MenuAction[]): void;
}

const MenuContext = createContext<Menus>({ open: () => undefined });
export const useMenu = (): Menus => useContext(MenuContext);

// A cell may hold a hundred addresses; what is pointed at stands first.
const kMostSections = 6;

/** Writes to the clipboard and says so; where the browser refuses, it says that. */
export function copyText(hunt: Case, text: string, what: string): void {
  const say = (sentence: string) => {
    hunt.announcement.value = sentence;
    hunt.toast.value = sentence;
  };
  // Where the page is not served safely there is no clipboard at all.
  if (navigator.clipboard === undefined) {
    say('This browser does not let the page copy.');
    return;
  }
  navigator.clipboard.writeText(text).then(
    () => say(`${what} copied`),
    () => say('The browser did not allow copying.'),
  );
}

export function MenuRoot({ hunt, children }: { hunt: Case; children: ComponentChildren }) {
  const menu = useMemo(() => signal<OpenMenu | null>(null), []);
  const menus = useMemo<Menus>(
    () => ({
      open(anchor, pointed, more = []) {
        const { left, top, bottom } = anchor.getBoundingClientRect();
        const focused = document.activeElement;
        menu.value = { pointed, more, at: { left, top, bottom }, from: focused instanceof HTMLElement ? focused : anchor };
      },
    }),
    [menu],
  );
  return (
    <MenuContext.Provider value={menus}>
      {children}
      <Menu hunt={hunt} menu={menu} />
    </MenuContext.Provider>
  );
}

function Menu({ hunt, menu }: { hunt: Case; menu: Signal<OpenMenu | null> }) {
  const box = useRef<HTMLDivElement>(null);
  const open = menu.value;
  const close = (refocus: boolean) => {
    const from = menu.peek()?.from;
    menu.value = null;
    if (refocus) from?.focus({ preventScroll: true });
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (open === null || element === null) return;
    const { width, height } = element.getBoundingClientRect();
    const below = open.at.bottom + 4;
    const top = below + height <= innerHeight ? below : Math.max(4, open.at.top - height - 4);
    element.style.left = `${Math.max(4, Math.min(open.at.left, innerWidth - width - 4))}px`;
    element.style.top = `${top}px`;
    element.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true });
  }, [open]);

  useEffect(() => {
    if (open === null) return;
    const outside = (event: Event) => {
      if (event.target instanceof Node && box.current?.contains(event.target)) return;
      close(false);
    };
    document.addEventListener('pointerdown', outside, true);
    document.addEventListener('scroll', outside, true);
    addEventListener('resize', outside);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('scroll', outside, true);
      removeEventListener('resize', outside);
    };
  }, [open]);

  if (open === null) return null;
  const keys = (event: KeyboardEvent) => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = new Map([
      ['ArrowDown', (at + 1) % items.length],
      ['ArrowUp', (at + items.length - 1) % items.length],
      ['Home', 0],
      ['End', items.length - 1],
    ]).get(event.key);
    if (to !== undefined) items[to]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const run = (action: () => void) => {
    close(true);
    action();
  };
  return (
    <div ref={box} class="menu" role="menu" aria-label="What to do with this value" data-testid="value-menu" onKeyDown={keys}>
      {open.pointed.slice(0, kMostSections).map(({ facet, value }) => (
        <div key={`${facet} ${value}`} role="group" aria-label={facetTitle(facet)} class="menu-part">
          <p class="menu-title" role="presentation">
            <span class="muted">{facetTitle(facet)}</span> <FacetText facet={facet} value={value} />
          </p>
          {actionsOn(hunt, facet, value).map(({ label, run: action }) => (
            <button key={label} type="button" role="menuitem" tabIndex={-1} onClick={() => run(action)}>
              {label}
            </button>
          ))}
        </div>
      ))}
      {open.more.length > 0 && (
        <div role="group" aria-label="Rows" class="menu-part">
          {open.more.map(({ label, run: action }) => (
            <button key={label} type="button" role="menuitem" tabIndex={-1} onClick={() => run(action)}>
              {label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function actionsOn(hunt: Case, facet: FacetKey, value: string): MenuAction[] {
  const { view } = hunt;
  const chosen = view.choiceOf(facet, value);
  const choose = (label: string, undo: string, choice: Choice): MenuAction =>
    chosen === choice
      ? { label: undo, run: () => view.choose(facet, value, null) }
      : { label, run: () => view.choose(facet, value, choice) };
  const kind: KnownKind | undefined = knownKinds.find((known) => known === facet);
  return [
    choose('Show only sessions with it', 'Do not filter by it', 'only'),
    choose('Hide sessions with it', 'Do not hide by it', 'not'),
    ...(kind === undefined
      ? []
      : [
          view.known.has(kind, value)
            ? { label: 'No longer known good', run: () => view.known.remove(kind, value) }
            : { label: 'Mark as known good', run: () => markKnown(hunt, kind, value) },
        ]),
    { label: 'Copy', run: () => copyText(hunt, isOurs(facet) ? facetWord(facet, value) : value, 'Value') },
  ];
}

/** What cannot be marked is said where it was asked for; the list itself is not in sight. */
function markKnown(hunt: Case, kind: KnownKind, value: string): void {
  const { known } = hunt.view;
  known.add({ kind, value });
  if (!known.has(kind, value)) hunt.toast.value = known.problem.value;
}

/** A facet's value as it reads: one of our words, or text of the evidence. */
export function FacetText({ facet, value }: { facet: FacetKey; value: string }) {
  if (isOurs(facet)) return <span>{facetWord(facet, value)}</span>;
  return <Evidence text={value} mono={facet !== 'caller'} />;
}

export interface ValueProps {
  hunt: Case;
  facet: FacetKey;
  value: string;
  /** Drawn as a chip. */
  chip?: boolean;
  /** Instead of the value's own text. */
  children?: ComponentChildren;
}

/** A value with its menu. */
export function Value({ hunt, facet, value, chip = false, children }: ValueProps) {
  const menu = useMenu();
  const kind: KnownKind | undefined = knownKinds.find((known) => known === facet);
  const known = kind !== undefined && hunt.view.known.has(kind, value);
  const choice = hunt.view.choiceOf(facet, value);
  return (
    <button
      type="button"
      class={`value${chip ? ' chip' : ''}${known ? ' known' : ''}${choice === null ? '' : ' filtered-by'}`}
      aria-haspopup="menu"
      title={known ? 'Known good. Filter, copy…' : 'Filter, copy…'}
      onClick={(event) => menu.open(event.currentTarget, [{ facet, value }])}
      onContextMenu={(event) => {
        event.preventDefault();
        event.stopPropagation();
        menu.open(event.currentTarget, [{ facet, value }]);
      }}
    >
      {children ?? <FacetText facet={facet} value={value} />}
      {known && <span class="visually-hidden"> (known good)</span>}
    </button>
  );
}
