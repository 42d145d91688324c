// The built glue as TypeScript sees it; its types are written by hand in wasm/engine.d.ts because Embind writes none.
declare module '*/build/wasm/engine.mjs' {
  const createEngineModule: typeof import('../../../wasm/engine').default;
  export default createEngineModule;
}
