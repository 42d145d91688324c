// How fast reading goes, from what was seen in the last seconds: a mean since the start would hide a drive that slows down, and the last tenth
// of a second alone jumps. Time comes in from outside, so that a test can say what time it is.

const kSpanMillis = 5000;
// Below this the figure would be a guess, and a wrong time left is worse than none.
const kEnoughMillis = 700;

export class Rate {
  private samples: { at: number; bytes: number }[] = [];

  /** `at`: milliseconds of any steady clock. A count that falls (a share is read again) starts the measurement over. */
  add(at: number, bytes: number): void {
    const last = this.samples.at(-1);
    if (last !== undefined && bytes < last.bytes) this.samples = [];
    this.samples.push({ at, bytes });
    while (this.samples.length > 2 && at - (this.samples[0]?.at ?? at) > kSpanMillis) this.samples.shift();
  }

  /** Bytes a second; null until enough was seen. */
  get(): number | null {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < kEnoughMillis) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }

  /** Milliseconds until `total`; null while it cannot be told. */
  left(total: number): number | null {
    const rate = this.get();
    const done = this.samples.at(-1)?.bytes ?? 0;
    return rate === null || rate <= 0 ? null : (Math.max(0, total - done) * 1000) / rate;
  }
}
