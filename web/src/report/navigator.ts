// The techniques of the sessions as a layer of the ATT&CK Navigator, layer format 4.5: a technique's score is the number of sessions with an
// operation of it, its colour their worst severity, its comment both in words and the operations.

import type { Session, Severity } from '../engine/report';
import { visible } from '../view/visible';
import { severitiesDown } from '../view/words';

const colours: Readonly<Record<Severity, string>> = {
  high: '#d64550',
  medium: '#e8912d',
  low: '#5b9bd5',
  info: '#a9b4c0',
  none: '#d5dbe1',
};
// Names that a comment lists; the rest is counted.
const kNamedOperations = 12;

interface Technique {
  sessions: number;
  /** Sessions by the worst severity of the technique's operations in it. */
  severities: Map<Severity, number>;
  operations: Set<string>;
}

export interface NavigatorTexts {
  version: string;
  /** One sentence on what the layer is over. */
  description: string;
}

/** JSON text. Only techniques with a well-formed id enter it. */
export function navigatorLayer(sessions: Iterable<Session>, { version, description }: NavigatorTexts): string {
  const techniques = new Map<string, Technique>();
  for (const { operations } of sessions) {
    const worst = new Map<string, Severity>();
    for (const operation of operations) {
      for (const id of operation.techniques) {
        if (!/^T\d{4}(\.\d{3})?$/.test(id)) continue;
        const technique = techniques.get(id) ?? { sessions: 0, severities: new Map<Severity, number>(), operations: new Set<string>() };
        techniques.set(id, technique);
        technique.operations.add(visible(operation.name));
        const before = worst.get(id);
        const rank = (severity: Severity) => severitiesDown.indexOf(severity);
        if (before === undefined || rank(operation.severity) < rank(before)) worst.set(id, operation.severity);
      }
    }
    for (const [id, severity] of worst) {
      const technique = techniques.get(id);
      if (technique === undefined) continue;
      technique.sessions += 1;
      technique.severities.set(severity, (technique.severities.get(severity) ?? 0) + 1);
    }
  }
  const sorted = [...techniques].sort(([a], [b]) => (a < b ? -1 : 1));
  const layer = {
    name: 'CloudShell Hunt',
    versions: { attack: '18', navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description,
    sorting: 3,
    hideDisabled: false,
    techniques: sorted.map(([techniqueID, { sessions: score, severities, operations }]) => {
      const present = severitiesDown.filter((severity) => severities.has(severity));
      const names = [...operations].sort();
      const more = names.length - kNamedOperations;
      return {
        techniqueID,
        score,
        color: colours[present[0] ?? 'none'],
        comment:
          `${score} ${score === 1 ? 'session' : 'sessions'}: ${present.map((severity) => `${severities.get(severity)} ${severity}`).join(', ')}. ` +
          `${names.slice(0, kNamedOperations).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
        enabled: true,
      };
    }),
    legendItems: severitiesDown.map((severity) => ({ label: severity, color: colours[severity] })),
    showTacticRowBackground: false,
    selectTechniquesAcrossTactics: true,
    metadata: [{ name: 'made by', value: `CloudShell Hunt ${version}` }],
  };
  return `${JSON.stringify(layer, null, 1)}\n`;
}
