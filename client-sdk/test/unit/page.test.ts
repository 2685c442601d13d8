import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const BUILT = new URL('../../dist/index.js', import.meta.url);
const PAGE = new URL('../../../standalone/src/main/resources/META-INF/resources/demo/millrace-client.js', import.meta.url);
const code = (file: URL): string => readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, '').trim();

it.skipIf(!existsSync(BUILT))('the demo page has this client (otherwise: npm run build:page)', () => {
  expect(code(PAGE) === code(BUILT)).toBe(true);
});
