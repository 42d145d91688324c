// The queries to go on with, checked by Kusto's own language service: no diagnostic against the tables of a Sentinel workspace, and a caller of any
// characters comes back as the one string literal that it is.

import { createRequire } from 'node:module';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { kqlString, pivotQueries } from '../../../web/src/state/pivot_kql';
import { session } from './sessions';

interface Kusto {
  Kusto: {
    Language: {
      GlobalState: { Default: { WithDatabase(database: unknown): unknown } };
      KustoCode: {
        ParseAndAnalyze(
          text: string,
          globals: unknown,
        ): { GetDiagnostics(): { Count: number; getItem(index: number): { Message: string } } };
      };
      Symbols: {
        TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
        DatabaseSymbol: { $ctor1: new (name: string, symbols: unknown[]) => unknown };
      };
      KustoFacts: { GetStringLiteralValue(text: string): string };
    };
  };
}

// From the documentation of the tables (learn.microsoft.com/azure/azure-monitor/reference/tables/…), the columns that the queries use.
const activity =
  '(TimeGenerated:datetime, Caller:string, OperationNameValue:string, ActivityStatusValue:string, CallerIpAddress:string, ResourceGroup:string, SubscriptionId:string, _ResourceId:string, CorrelationId:string, Type:string)';
const signIns =
  '(TimeGenerated:datetime, Type:string, UserPrincipalName:string, UserId:string, AppDisplayName:string, AppId:string, IPAddress:string, Location:string, ResultType:string, ResultDescription:string, UserAgent:string, ConditionalAccessStatus:string, AuthenticationRequirement:string, CorrelationId:string)';
const audit =
  '(TimeGenerated:datetime, InitiatedBy:dynamic, OperationName:string, Category:string, Result:string, TargetResources:dynamic, CorrelationId:string, Type:string)';

let check: (text: string) => string[];
let readBack: (literal: string) => string;
beforeAll(() => {
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min');
  const { Language } = (globalThis as unknown as Kusto).Kusto;
  const tables = Object.entries({
    AzureActivity: activity,
    SigninLogs: signIns,
    AADNonInteractiveUserSignInLogs: signIns,
    AuditLogs: audit,
  });
  const symbols = tables.map(([name, schema]) => Language.Symbols.TableSymbol.From(schema).WithName(name));
  const globals = Language.GlobalState.Default.WithDatabase(new Language.Symbols.DatabaseSymbol.$ctor1('workspace', symbols));
  check = (text) => {
    const found = Language.KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics();
    return Array.from({ length: found.Count }, (_, at) => found.getItem(at).Message);
  };
  readBack = (literal) => Language.KustoFacts.GetStringLiteralValue(literal);
  // The first question builds the language's tables, which takes seconds.
  check('AzureActivity');
}, 120_000);

const callers = [
  'alice@contoso.com',
  '660f199f-d47b-43bd-ac87-43520ed9bc8e',
  'x" or true // \n| project Caller; "',
  "it's \\",
  '\u202e\u200b\0\u{e0041}😀',
];

describe('queries to go on with', () => {
  it('find the checker at work', () => {
    expect(check('AzureActivity | where Nothing == 1')).not.toEqual([]);
    expect(check('AzureActivity | where Caller =~ "a" b"')).not.toEqual([]);
  });

  it.each(callers)('have no diagnostic with the caller %j', (caller) => {
    for (const { id, text } of pivotQueries(session({ caller, ips: ['203.0.113.7', caller] }))) expect(check(text), id).toEqual([]);
  });

  it('hold a text that Kusto reads as it was', () => {
    for (const caller of callers) expect(readBack(kqlString(caller))).toBe(caller);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(readBack(kqlString(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});
