import { defineConfig } from 'vitest/config';

const file = (path: string): string => new URL(path, import.meta.url).pathname;
const named = (name: string, include: string[], client: string) =>
  ({ resolve: { alias: { '#client': file(client) } }, test: { name, include, testTimeout: 10_000, restoreMocks: true } });

/** Everything in the sources; and the whole client again as it is built, so that no minifying breaks it unseen. */
export default defineConfig({
  test: { projects: [named('sources', ['test/unit/**/*.test.ts'], './src/index.ts'), named('built', ['test/unit/client.test.ts', 'test/unit/connection.test.ts'], './dist/index.js')] },
});
