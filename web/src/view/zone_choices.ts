// What a field for the zone of local times offers: this computer's zone first, as exports are mostly opened where they were made, then its offset
// and UTC, then every zone by name.

import { zoneHere, zoneNames } from '../engine/zone';
import { browserOffset } from './format';

let names: string[] | null = null;

/** `at`: an instant of the data, since the offset here may have been another one then. */
export function zoneChoices(at: string | null): string[] {
  names ??= zoneNames();
  const here = zoneHere();
  return [...new Set([...(here === null ? [] : [here]), browserOffset(at), '+00:00', ...names])];
}
