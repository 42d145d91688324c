// Made-up exports of any size, the same bytes for the same seed: what scripts/bench measures on and the browser tests open. One stream of events,
// as a tenant of 600 people and 40 services would leave it, is written in every form; people open Cloud Shells and work in them, with storage and
// without. A file ends with the record that reaches its size.
// Invariant: equal name, seed and size give equal bytes, so a file that is there is used again.

import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const kSeed = 20_260_314;
const kStart = Date.UTC(2026, 2, 1);
const kMeanGapMillis = 4_000;
const kChunkBytes = 4 << 20;

const kConsoleApp = 'b677c290-cf4b-4a8e-a60e-91ba650a4abe';
const kApps = ['c44b4083-3bb0-49c1-b47d-974e53cbdf3c', '04b07795-8ddb-461a-bbee-02f9e1bf7b46', '1950a258-227b-4e31-a9cf-717495945fc2'];
const kListKeys = 'Microsoft.Storage/storageAccounts/listKeys/action';
const kRegions = ['westeurope', 'northeurope', 'eastus', 'southeastasia'];
const kSoap = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';
const kMicrosoft = 'http://schemas.microsoft.com/identity/claims/';

/** Operation, resource type, how often among 1,000. */
const kOperations = [
  ['Microsoft.Resources/deployments/write', 'deployments', 120],
  ['Microsoft.Compute/virtualMachines/write', 'virtualMachines', 80],
  ['Microsoft.Compute/virtualMachines/extensions/write', 'virtualMachines', 70],
  ['Microsoft.Compute/virtualMachines/start/action', 'virtualMachines', 60],
  ['Microsoft.Compute/virtualMachines/deallocate/action', 'virtualMachines', 60],
  ['Microsoft.Compute/virtualMachines/runCommand/action', 'virtualMachines', 10],
  ['Microsoft.Compute/disks/write', 'disks', 60],
  ['Microsoft.Compute/disks/beginGetAccess/action', 'disks', 5],
  ['Microsoft.Compute/snapshots/write', 'snapshots', 20],
  ['Microsoft.Network/networkInterfaces/write', 'networkInterfaces', 70],
  ['Microsoft.Network/networkSecurityGroups/securityRules/write', 'networkSecurityGroups', 40],
  ['Microsoft.Network/publicIPAddresses/write', 'publicIPAddresses', 40],
  ['Microsoft.Network/loadBalancers/write', 'loadBalancers', 30],
  ['Microsoft.Storage/storageAccounts/write', 'storageAccounts', 40],
  [kListKeys, 'storageAccounts', 60],
  ['Microsoft.KeyVault/vaults/write', 'vaults', 20],
  ['Microsoft.Authorization/roleAssignments/write', 'roleAssignments', 25],
  ['Microsoft.Authorization/policies/audit/action', 'policies', 90],
  ['Microsoft.Authorization/policies/auditIfNotExists/action', 'policies', 60],
  ['Microsoft.Web/sites/config/list/action', 'sites', 25],
  ['Microsoft.Resources/tags/write', 'tags', 15],
];

/** A generator of numbers in [0, 1) (mulberry32). */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const hex = (number, digits) => number.toString(16).padStart(digits, '0');
const guidOf = (random) => {
  const words = [0, 0, 0, 0].map(() => hex((random() * 4_294_967_296) >>> 0, 8));
  const [a, b, c, d] = /** @type {[string, string, string, string]} */ (words);
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
};

/**
 * The events, without an end. What stays the same of a caller is made once.
 * @param {number} seed
 */
export function* events(seed = kSeed) {
  const random = randomNumbers(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const wheel = kOperations.flatMap(([operation, type, weight]) => Array.from({ length: weight }, () => ({ operation, type })));
  const tenant = guidOf(random);
  const subscriptions = Array.from({ length: 12 }, () => guidOf(random));
  const groups = Array.from({ length: 200 }, (_, number) => `rg-${pick(['app', 'data', 'net', 'shared'])}-${number}`);
  const callers = Array.from({ length: 640 }, (_, number) => {
    const service = number >= 600;
    const id = guidOf(random);
    const upn = service ? '' : `person.number${number}@contoso.example`;
    const address = `203.0.${113 - (number % 3)}.${number % 250}`;
    const region = pick(kRegions);
    const claims = {
      aud: 'https://management.core.windows.net/',
      iss: `https://sts.windows.net/${tenant}/`,
      [`${kMicrosoft}objectidentifier`]: id,
      ipaddr: address,
      name: service ? `service ${number}` : `Person Number ${number}`,
      ...(service ? {} : { [`${kSoap}name`]: upn, [`${kSoap}upn`]: upn }),
      uti: guidOf(random).slice(0, 22),
      ver: '1.0',
    };
    const account = `cs1${hex(number, 4)}${id.replaceAll('-', '').slice(0, 12)}`;
    return { upn, id, caller: upn || id, address, claims: JSON.stringify(claims).slice(1, -1), region, account };
  });
  const people = callers.slice(0, 600);
  /** Shells that are open: how many operations will still come out of each. */
  const shells = [];
  /** Calls that have begun: what ends one has its caller, resource and correlation id. */
  const begun = [];
  let time = kStart;
  const instantOf = () => ({ time, ticks: Math.floor(random() * 10_000), duration: Math.floor(random() * 4_000) });
  for (;;) {
    time += Math.ceil(random() * 2 * kMeanGapMillis);
    let caller = pick(callers);
    let { operation, type } = pick(wheel);
    let app = pick(kApps);
    let group = pick(groups);
    let name = `${type.slice(0, 6).toLowerCase()}${Math.floor(random() * 2_000)}`;
    let status = random() < 0.45 ? 'Start' : random() < 0.9 ? 'Success' : random() < 0.5 ? 'Accept' : 'Failure';
    const chance = random();
    if (chance < 0.001) {
      caller = pick(people);
      shells.push({ caller, left: 2 + Math.floor(random() * 20) });
      if (random() < 0.7) {
        // With storage: the portal lists the keys of the shell's account, from an address of Azure.
        [operation, type, status, group, name] = [
          kListKeys,
          'storageAccounts',
          'Success',
          `cloud-shell-storage-${caller.region}`,
          caller.account,
        ];
        app = /** @type {string} */ (kApps[0]);
      } else {
        app = kConsoleApp;
      }
    } else if (chance < 0.02 && shells.length > 0) {
      const at = Math.floor(random() * shells.length);
      const shell = /** @type {{ caller: (typeof callers)[0], left: number }} */ (shells[at]);
      caller = shell.caller;
      app = kConsoleApp;
      shell.left -= 1;
      if (shell.left === 0) shells.splice(at, 1);
    }
    if (chance >= 0.02 && status !== 'Start' && begun.length > 0 && random() < 0.9) {
      const call = begun.splice(Math.floor(random() * begun.length), 1)[0];
      yield { ...call, ...instantOf(), event: guidOf(random), status };
      continue;
    }
    const subscription = pick(subscriptions);
    const [provider = ''] = operation.split('/');
    const resource = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${provider}/${type}/${name}`;
    const what = { caller, app, operation, provider, type, group, subscription, tenant, resource, correlation: guidOf(random) };
    if (status === 'Start') begun.push(what);
    if (begun.length > 64) begun.shift();
    yield { ...what, ...instantOf(), event: guidOf(random), status };
  }
}

/** @typedef {ReturnType<typeof events> extends Generator<infer E> ? E : never} Event */

const iso = ({ time, ticks }) => `${new Date(time).toISOString().slice(0, 23)}${String(ticks).padStart(4, '0')}Z`;
const claims = ({ caller, app }) => `{${caller.claims},"appid":"${app}","appidacr":"0"}`;
const kSignatures = { Start: 'Started.', Success: 'Succeeded.OK', Accept: 'Accepted.Accepted', Failure: 'Failed.Conflict' };
const kRestWords = { Start: 'Started', Success: 'Succeeded', Accept: 'Accepted', Failure: 'Failed' };

/** As a diagnostic setting writes it: one object, 1.9 kB. @param {Event} event */
export function diagnosticRecord(event) {
  const { caller, operation, resource, status, correlation } = event;
  const scope = resource.toUpperCase();
  return (
    `{"RoleLocation":"West Europe","ReleaseVersion":"6.2026.9.1+${correlation.slice(0, 8)}.release_2026w09","time":"${iso(event)}",` +
    `"resourceId":"${scope}","operationName":"${operation.toUpperCase()}","category":"Administrative","resultType":"${status}",` +
    `"resultSignature":"${kSignatures[status]}","durationMs":"${event.duration}","callerIpAddress":"${caller.address}",` +
    `"correlationId":"${correlation}","identity":{"authorization":{"scope":"${resource}","action":"${operation}","evidence":` +
    `{"role":"Contributor","roleAssignmentScope":"/subscriptions/${event.subscription}","principalId":"${caller.id.replaceAll('-', '')}",` +
    `"principalType":"User"}},"claims":${claims(event)}},"level":"Information","location":"global","tenantId":"${event.tenant}",` +
    `"properties":{"eventCategory":"Administrative","entity":"${resource}","message":"${operation}",` +
    `"hierarchy":"${event.tenant}/${event.subscription}"}}`
  );
}

/** As the REST API and `az` print it: minified. @param {Event} event */
function restRecord(event) {
  const { caller, operation, resource, status, correlation } = event;
  const twice = (word) => `{"value":"${word}","localizedValue":"${word}"}`;
  const id = `${resource}/events/${event.event}/ticks/${(event.time - kStart) * 10_000}`;
  return (
    `{"authorization":{"action":"${operation}","scope":"${resource}"},"caller":"${caller.caller}","category":${twice('Administrative')},` +
    `"channels":"Operation","claims":${claims(event)},"correlationId":"${correlation}","description":"","eventDataId":"${event.event}",` +
    `"eventName":${twice('EndRequest')},"eventTimestamp":"${iso(event)}","httpRequest":{"clientRequestId":"${event.event}",` +
    `"clientIpAddress":"${caller.address}","method":"PUT"},"id":"${id}","level":"Informational","operationId":"${correlation}",` +
    `"operationName":${twice(operation)},"properties":{"eventCategory":"Administrative","entity":"${resource}","message":"${operation}",` +
    `"hierarchy":"${event.tenant}/${event.subscription}"},"resourceGroupName":"${event.group}","resourceId":"${resource}",` +
    `"resourceProviderName":${twice(event.provider)},"resourceType":${twice(`${event.provider}/${event.type}`)},` +
    `"status":${twice(kRestWords[status])},"subStatus":${twice('')},"submissionTimestamp":"${iso(event)}",` +
    `"subscriptionId":"${event.subscription}","tenantId":"${event.tenant}"}`
  );
}

// biome-ignore format: a column a line tells nothing
export const tableColumns = [
  'TenantId', 'SourceSystem', 'CallerIpAddress', 'CategoryValue', 'CorrelationId', 'Authorization', 'Authorization_d', 'Claims', 'Claims_d',
  'Level', 'OperationNameValue', 'Properties', 'Properties_d', 'Caller', 'EventDataId', 'EventSubmissionTimestamp [UTC]', 'HTTPRequest',
  'OperationId', 'ResourceGroup', 'ResourceProviderValue', 'ActivityStatusValue', 'ActivitySubstatusValue', 'Hierarchy',
  'TimeGenerated [UTC]', 'SubscriptionId', 'Type', '_ResourceId',
];

/** As Log Analytics exports it in a browser that speaks American English; a JSON cell goes over several lines. @param {Event} event */
function tableRow(event) {
  const { caller, operation, resource, status, correlation } = event;
  const at = new Date(event.time);
  const hour = at.getUTCHours();
  const two = (number) => String(number).padStart(2, '0');
  const time =
    `"${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}, ${hour % 12 || 12}:${two(at.getUTCMinutes())}:` +
    `${two(at.getUTCSeconds())}.${String(at.getUTCMilliseconds()).padStart(3, '0')} ${hour < 12 ? 'AM' : 'PM'}"`;
  const cell = (json) => `"${json.replaceAll('"', '""')}"`;
  const authorization = cell(
    `{\n  "scope": "${resource}",\n  "action": "${operation}",\n  "evidence": {\n    "role": "Contributor"\n  }\n}`,
  );
  const properties = cell(
    `{"eventCategory":"Administrative","entity":"${resource}","message":"${operation}","hierarchy":"${event.tenant}"}`,
  );
  const said = cell(claims(event));
  return (
    `"${event.tenant}",Azure,"${caller.address}",Administrative,"${correlation}",${authorization},,${said},,Informational,` +
    `"${operation.toUpperCase()}",${properties},,"${caller.caller}","${event.event}",${time},,"${correlation}","${event.group.toUpperCase()}",` +
    `"${event.provider.toUpperCase()}",${status},,"${event.tenant}/${event.subscription}",${time},"${event.subscription}",AzureActivity,` +
    `"${resource.toLowerCase()}"\n`
  );
}

/** As a workspace's data export writes it, with the columns that a hunt reads: small, for many events. @param {Event} event */
function exportedRow(event) {
  const { caller, operation, resource, status } = event;
  return (
    `{"TimeGenerated":"${iso(event)}","Caller":"${caller.caller}","OperationNameValue":"${operation.toUpperCase()}",` +
    `"ActivityStatusValue":"${status}","ResourceGroup":"${event.group.toUpperCase()}","CallerIpAddress":"${caller.address}",` +
    `"CorrelationId":"${event.correlation}","_ResourceId":"${resource.toLowerCase()}","Claims_d":{"appid":"${event.app}"}}\n`
  );
}

/** The forms: how a file begins, how a record stands in it, what is between two, how it ends. */
const kForms = {
  lines: { suffix: '.jsonl', begin: '', record: (event) => `${diagnosticRecord(event)}\n`, between: '', end: '' },
  minified: { suffix: '-minified.json', begin: '[', record: restRecord, between: ',', end: ']' },
  pretty: {
    suffix: '-pretty.json',
    begin: '[\n',
    record: (event) => `  ${JSON.stringify(JSON.parse(restRecord(event)), null, 2).replaceAll('\n', '\n  ')}`,
    between: ',\n',
    end: '\n]\n',
  },
  table: {
    suffix: '.csv',
    begin: `${tableColumns.map((name) => (/[ _]/.test(name) ? `"${name}"` : name)).join(',')}\n`,
    record: tableRow,
    between: '',
    end: '',
  },
  exported: { suffix: '-rows.jsonl', begin: '', record: exportedRow, between: '', end: '' },
};

/**
 * The file of a form that has at least `bytes` bytes, or exactly `count` events; made unless it is there.
 * @param {string} folder
 * @param {keyof typeof kForms} form
 * @param {{ bytes?: number, count?: number, label: string }} size label: of the file's name
 * @returns {Promise<{ path: string, bytes: number }>}
 */
export async function dataFile(folder, form, { bytes = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY, label }) {
  const { suffix, begin, record, between, end } = kForms[form];
  const path = join(folder, `${label}${suffix}`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const out = createWriteStream(`${path}.part`);
    let chunk = begin;
    let written = 0;
    let number = 0;
    const flush = async () => {
      written += Buffer.byteLength(chunk);
      if (!out.write(chunk)) await once(out, 'drain');
      chunk = '';
    };
    for (const event of events()) {
      if (number > 0) chunk += between;
      chunk += record(event);
      number += 1;
      if (number >= count || written + chunk.length >= bytes) break;
      if (chunk.length >= kChunkBytes) await flush();
    }
    chunk += end;
    await flush();
    out.end();
    await once(out, 'close');
    renameSync(`${path}.part`, path);
  }
  return { path, bytes: statSync(path).size };
}

/**
 * A tree as a diagnostic setting leaves it in a storage account, an hour a file: the events of `files` hours in a row, of one subscription each.
 * @param {string} folder made; what is in it already stays
 * @param {number} files
 * @param {number} perFile events in each
 */
export function hourlyTree(folder, files, perFile) {
  const stream = events();
  for (let number = 0; number < files; number++) {
    const hour = new Date(kStart + Math.floor(number / 4) * 3_600_000);
    const two = (value) => String(value).padStart(2, '0');
    const day = `y=${hour.getUTCFullYear()}/m=${two(hour.getUTCMonth() + 1)}/d=${two(hour.getUTCDate())}/h=${two(hour.getUTCHours())}/m=00`;
    const subscription = `0000000${number % 4}-1111-4222-8333-444455556666`;
    const path = join(folder, `resourceId=/SUBSCRIPTIONS/${subscription.toUpperCase()}`, day, 'PT1H.json');
    let text = '';
    for (let at = 0; at < perFile; at++) {
      const event = /** @type {Event} */ (stream.next().value);
      const time = hour.getTime() + Math.floor((at * 3_600_000) / perFile);
      text += `${diagnosticRecord({ ...event, time, subscription, resource: event.resource.replace(event.subscription, subscription) })}\n`;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
