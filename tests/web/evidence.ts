// A small day of a tenant in three shapes, written by hand: what the tests of the built engine read. Enough for every kind of signal, a Sentinel row,
// a reject and an empty cell; meaning is tested elsewhere, here the bytes only have to be interesting to cut.

const alice = 'alice@contoso.example';
const subscription = '11111111-1111-1111-1111-111111111111';
const shellGroup = 'cloud-shell-storage-westeurope';
const shellAccount = `/subscriptions/${subscription}/resourceGroups/${shellGroup}/providers/Microsoft.Storage/storageAccounts/cs1100`;

/** `az monitor activity-log list`: one pretty-printed array, a non-ASCII name, braces and quotes within texts. */
export const restArray = JSON.stringify(
  [
    {
      caller: alice,
      claims: { appid: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', ipaddr: '203.0.113.7' },
      correlationId: 'c-1',
      eventDataId: 'e-1',
      eventTimestamp: '2026-03-14T09:12:05.3234567Z',
      operationName: { value: 'Microsoft.Storage/storageAccounts/listKeys/action', localizedValue: 'List Storage Account Keys' },
      resourceGroupName: shellGroup,
      resourceId: shellAccount,
      status: { value: 'Succeeded', localizedValue: 'Succeeded' },
      subscriptionId: subscription,
      httpRequest: { clientIpAddress: '203.0.113.7' },
    },
    {
      caller: alice,
      claims: { appid: 'b677c290-cf4b-4a8e-a60e-91ba650a4abe', name: 'Ålice “A” {x} [y] \\ " ,\n' },
      correlationId: 'c-2',
      eventDataId: 'e-2',
      eventTimestamp: '2026-03-14T09:20:00Z',
      operationName: { value: 'Microsoft.Compute/virtualMachines/runCommand/action', localizedValue: 'Run Command on Virtual Machine' },
      resourceGroupName: 'prod',
      resourceId: `/subscriptions/${subscription}/resourceGroups/prod/providers/Microsoft.Compute/virtualMachines/vm1`,
      status: { value: 'Succeeded', localizedValue: 'Succeeded' },
      subscriptionId: subscription,
    },
  ],
  null,
  2,
);

const diagnostic = (time: string, operation: string, result: string, group: string, name: string, appId: string): string =>
  JSON.stringify({
    time,
    resourceId: `/SUBSCRIPTIONS/${subscription}/RESOURCEGROUPS/${group.toUpperCase()}/PROVIDERS/MICROSOFT.STORAGE/STORAGEACCOUNTS/${name}`,
    operationName: operation.toUpperCase(),
    category: 'Administrative',
    resultType: result,
    callerIpAddress: '198.51.100.9',
    correlationId: `d-${time}`,
    identity: { claims: { appid: appId, 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'bob@contoso.example' } },
    properties: { message: 'a } brace, a " quote and a \\ in a text', eventCategory: 'Administrative' },
  });

/** PT1H.json: JSON Lines, CRLF once, one bad line, a last line without its end. */
export const diagnosticLines = [
  `${diagnostic('2026-03-14T10:01:00.0000001Z', 'Microsoft.Storage/storageAccounts/listKeys/action', 'Success', shellGroup, 'CS2200', '')}\r\n`,
  `${diagnostic('2026-03-14T10:30:00Z', 'Microsoft.Authorization/roleAssignments/write', 'Start', 'prod', 'X', 'b677c290-cf4b-4a8e-a60e-91ba650a4abe')}\n`,
  '{"time":"2026-03-14T10:31:00Z","operationName":}\n',
  `${diagnostic('2026-03-14T10:32:00Z', 'Microsoft.Storage/storageAccounts/listKeys/action', 'Success', 'prod', 'VAULT', '')}\n`,
  diagnostic('2026-03-14T12:00:00Z', 'Microsoft.KeyVault/vaults/write', 'Success', 'prod', 'Y', ''),
].join('');

/** query_data.csv: quoted cells with newlines, doubled quotes and commas, an empty caller, en-US times. */
export const rowsCsv = [
  '"TimeGenerated [UTC]",OperationNameValue,ActivityStatusValue,ResourceGroup,Caller,"Claims_d",CallerIpAddress,CorrelationId',
  `"3/14/2026, 11:00:00.000 AM",MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION,Success,${shellGroup.toUpperCase()},carol@contoso.example,"{""appid"":""c44b4083-3bb0-49c1-b47d-974e53cbdf3c"",\n""x"":""a,b""}",192.0.2.1,r-1`,
  '"3/14/2026, 11:59:59.999 AM",MICROSOFT.COMPUTE/DISKS/BEGINGETACCESS/ACTION,Failure,PROD,carol@contoso.example,,192.0.2.1,r-2',
  '"3/14/2026, 12:00:00.000 PM",MICROSOFT.PORTAL/CONSOLES/WRITE,Success,,carol@contoso.example,,192.0.2.2,r-3',
  '"3/14/2026, 12:10:00.000 PM",MICROSOFT.RESOURCES/DEPLOYMENTS/WRITE,Start,PROD,,,,r-4',
  '',
].join('\r\n');

export const evidence: Record<string, string> = { 'az.json': restArray, 'PT1H.json': diagnosticLines, 'query_data.csv': rowsCsv };
