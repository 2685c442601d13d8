import { defineConfig } from 'vitest/config';

/** The built client against the served distribution: one file at a time, each with a server of its own. */
export default defineConfig({
  resolve: { alias: { '#node': new URL('./dist/node.js', import.meta.url).pathname } },
  test: { include: ['test/server/**/*.test.ts'], fileParallelism: false, testTimeout: 400_000, hookTimeout: 180_000 },
});
