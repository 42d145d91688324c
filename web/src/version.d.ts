/** Version of the project, written in by the build (vite.config.ts). */
declare const __VERSION__: string;
