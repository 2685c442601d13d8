import 'fake-indexeddb/auto';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileStore } from '../../src/node/file-store.ts';
import { indexedDbStore } from '../../src/shell/indexeddb.ts';
import { MemoryStore, type Store } from '../../src/shell/store.ts';

const directory = mkdtempSync(join(tmpdir(), 'millrace-store-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const memory = new MemoryStore();
const stores: [string, () => Store][] = [
  ['memory', () => memory],
  ['IndexedDB', () => indexedDbStore('s')],
  ['a file', () => new FileStore(directory)],
];

const fails = (error: unknown): void => { throw error; };

/** SDK-3: one contract for all places a queue can be kept in. */
describe.each(stores)('a queue kept in %s', (_, open) => {
  it('is there again after a new start, in its last state', async () => {
    const store = open();
    store.put('early', { n: 0 });
    await store.open('host:ana', fails);
    store.put('a', { n: 1 });
    store.put('b', { n: 2 });
    store.put('a', { n: 3 });
    store.delete('b');
    await store.close();
    const again = open();
    const kept = await again.open('host:ana', fails);
    expect([...kept].sort()).toEqual([['a', { n: 3 }], ['early', { n: 0 }]]);
    await again.close();
  });

  it('keeps the bytes of files until they are deleted', async () => {
    const store = open();
    await store.open('host:ana', fails);
    store.putBytes('k', new Blob([new Uint8Array([1, 2, 3])]));
    expect((await store.bytes('k'))?.size).toBe(3);
    await store.close();
    const again = open();
    await again.open('host:ana', fails);
    expect([...new Uint8Array(await (await again.bytes('k'))?.arrayBuffer() ?? new ArrayBuffer(0))]).toEqual([1, 2, 3]);
    again.deleteBytes('k');
    await new Promise((later) => setTimeout(later, 0));
    expect(await again.bytes('k')).toBeUndefined();
    await again.close();
  });
});

describe('a queue kept apart', () => {
  it.each(stores.slice(1))('belongs to one user in %s', async (_, open) => {
    const store = open();
    expect((await store.open('host:somebody/else', fails)).size).toBe(0);
    await store.close();
  });
});

describe('a journal', () => {
  it('loses nothing but the line that was being written', async () => {
    const own = join(directory, 'torn');
    const store = new FileStore(own);
    await store.open('u');
    store.put('a', 1);
    appendFileSync(join(own, 'u', 'journal.jsonl'), '["b", 2');
    const again = new FileStore(own);
    expect([...await again.open('u')]).toEqual([['a', 1]]);
    again.put('c', 3);
    expect([...await new FileStore(own).open('u')]).toEqual([['a', 1], ['c', 3]]);
  });

  it('does not grow without bound', async () => {
    const own = join(directory, 'long');
    const store = new FileStore(own);
    await store.open('u');
    for (let i = 0; i < 25_000; i++) {
      store.put('a', i);
    }
    expect([...await new FileStore(own).open('u')]).toEqual([['a', 24_999]]);
    expect(readdirSync(join(own, 'u'))).toEqual(['journal.jsonl']);
  });
});
