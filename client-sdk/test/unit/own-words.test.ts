import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
// @ts-expect-error the build is plain JavaScript
import { OWN } from '../../own-words.js';

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const members = (code: string): string[] => [...code.matchAll(/(\w+)\??[:(<]/g)].map(([, name]) => name as string);

it('shortens no word of the API, of a frame or of a stored value', () => {
  const api = [...text('docs/api.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);
  const seen = new Set([...api, text('src/protocol.ts'), text('src/core/outgoing.ts')].flatMap(members));
  expect(seen).toContain('laneSeq');
  expect((OWN as string[]).filter((word) => seen.has(word))).toEqual([]);
});
