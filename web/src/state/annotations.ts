// What the analyst makes of a session: a verdict and a note, by the session's id, which a second reading of the same events gives again. They
// stand in `annotations` of the exported JSON report, in the form below, and come back when that report is opened. An annotation of a session
// that the present settings do not find is kept: another window brings it back.

import { signal } from '@preact/signals';
import type { Annotation } from '../engine/report';

export const verdicts = ['benign', 'suspicious', 'confirmed'] as const;
export type Verdict = (typeof verdicts)[number];

// A note is a paragraph or a ticket's text, not a file.
export const kLongestNote = 20_000;

export class Annotations {
  private readonly bySession = signal<ReadonlyMap<string, Annotation>>(new Map());

  of(session: string): Annotation {
    return this.bySession.value.get(session) ?? { session, verdict: null, note: '' };
  }

  get count(): number {
    return this.bySession.value.size;
  }

  /** Changes what is given; an annotation that says nothing is gone. */
  set(session: string, changes: Partial<Pick<Annotation, 'verdict' | 'note'>>): void {
    const next = { ...this.of(session), ...changes };
    next.note = next.note.slice(0, kLongestNote);
    const all = new Map(this.bySession.value);
    if (next.verdict === null && next.note.trim() === '') all.delete(session);
    else all.set(session, next);
    this.bySession.value = all;
  }

  /** For the report: sorted by session id. */
  list(): Annotation[] {
    return [...this.bySession.value.values()].sort((a, b) => (a.session < b.session ? -1 : a.session > b.session ? 1 : 0));
  }

  /** Takes the `annotations` of an opened report in place of all there are; returns how many elements are not of the form above. */
  load(elements: readonly unknown[]): number {
    const all = new Map<string, Annotation>();
    let refused = 0;
    for (const element of elements) {
      const { session, verdict, note } = (typeof element === 'object' && element !== null ? element : {}) as Partial<
        Record<keyof Annotation, unknown>
      >;
      const judged = verdicts.find((one) => one === verdict) ?? null;
      if (typeof session !== 'string' || typeof note !== 'string' || (verdict !== null && judged === null)) refused += 1;
      else all.set(session, { session, verdict: judged, note: note.slice(0, kLongestNote) });
    }
    this.bySession.value = all;
    return refused;
  }

  clear(): void {
    this.bySession.value = new Map();
  }
}
