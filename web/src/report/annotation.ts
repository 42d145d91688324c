// The form in which a verdict and a note stand in a report.

export const verdicts = ['benign', 'suspicious', 'confirmed'] as const;
export type Verdict = (typeof verdicts)[number];

// A note is a paragraph or a ticket's text, not a file.
export const kLongestNote = 20_000;
