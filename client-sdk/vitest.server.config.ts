import { defineConfig } from 'vitest/config';

/** Against the served distribution: one file at a time, each with a server of its own. */
export default defineConfig({ test: { include: ['test/server/**/*.test.ts'], fileParallelism: false, testTimeout: 400_000, hookTimeout: 180_000 } });
