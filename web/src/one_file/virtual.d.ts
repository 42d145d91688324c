declare module 'virtual:one-file-files' {
  /** By address: bytes compressed by raw deflate, as base64. */
  const files: ReadonlyMap<string, { type: string; base64: string }>;
  export default files;
}
