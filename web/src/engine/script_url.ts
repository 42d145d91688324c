// A Worker's address is a Trusted Types sink. The page has one policy, and it accepts exactly the addresses that the build wrote for its workers, so no
// text from anywhere else can ever become a script.

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}
interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

const kPolicyName = 'cloudshell-hunt';
const own = new Set<string>();
let policy: ScriptUrlPolicy | null = null;

/** Called with constants of the build only, by the module that starts the worker. */
export function ownScript(url: string): string {
  own.add(url);
  return url;
}

/** For `new Worker`; throws TypeError for any address that is not a script of this page. */
export function scriptUrl(url: string): string | URL {
  const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;
  if (factory === undefined) return url;
  policy ??= factory.createPolicy(kPolicyName, {
    createScriptURL(asked) {
      if (!own.has(asked)) throw new TypeError('not a script of this page');
      return asked;
    },
  });
  // The DOM's types do not know TrustedScriptURL yet.
  return policy.createScriptURL(url) as unknown as string;
}
