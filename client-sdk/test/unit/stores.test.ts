import 'fake-indexeddb/auto';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

beforeEach(() => vi.stubGlobal('navigator', {})); // a page over plain http has no locks

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

/** The locks of a browser, as far as they are used: one holds, the others wait until it ends or they give up. */
class Locks {
  readonly #held = new Map<string, Promise<unknown>>();

  async request(name: string, { signal }: { signal: AbortSignal }, use: () => Promise<unknown>): Promise<unknown> {
    const gaveUp = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    gaveUp.catch(() => {});
    while (this.#held.has(name)) {
      await Promise.race([this.#held.get(name), gaveUp]);
    }
    const held = use().finally(() => this.#held.delete(name));
    this.#held.set(name, held);
    return held;
  }
}

describe('tabs of one user', () => {
  beforeEach(() => vi.stubGlobal('navigator', { locks: new Locks() }));
  afterEach(() => vi.unstubAllGlobals());

  const tab = async (session: string): Promise<Store> => {
    const store = indexedDbStore(session);
    await store.open('host:tabs', fails);
    return store;
  };

  it('leave alone what a living one keeps, and one alone takes over what a dead one left (SDK-3)', async () => {
    const [one, two] = await Promise.all(['one', 'two'].map(tab));
    expect(await two?.claim('one')).toBe(false);
    await two?.close();
    const [four, five] = await Promise.all(['four', 'five'].map(tab));
    const claims = [four, five].flatMap((each) => [each?.claim('one'), each?.claim('one')]);
    await one?.close();
    const taken = await Promise.all(claims);
    expect(taken.slice(0, 2)).not.toEqual(taken.slice(2)); // one has all of it, the other nothing
    expect(taken.filter(Boolean)).toHaveLength(2);
    await Promise.all([four?.close(), five?.close()]);
  });
});

describe('a browser that keeps nothing', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each<[string, object]>([
    ['refuses', { open: () => { throw new DOMException('not here', 'SecurityError'); } }],
    ['fails', { open: () => { const request: { onerror?: () => void; error: Error } = { error: new Error('broken') }; queueMicrotask(() => request.onerror?.()); return request; } }],
  ])('says so when it %s, has files at hand and goes on', async (_, indexedDB) => {
    vi.stubGlobal('indexedDB', indexedDB);
    const store = indexedDbStore('s');
    const lost: unknown[] = [];
    expect((await store.open('host:private', (error) => lost.push(error))).size).toBe(0);
    store.put('a', 1);
    store.putBytes('k', new Blob(['abc']));
    expect((await store.bytes('k'))?.size).toBe(3);
    await store.close();
    expect(lost.length).toBeGreaterThan(0);
  });

  it('does not wait for ever for one that does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.stubGlobal('indexedDB', { open: () => ({}) });
    const lost: unknown[] = [];
    const kept = indexedDbStore('s').open('host:silent', (error) => lost.push(error));
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await kept).size).toBe(0);
    expect(lost).toEqual([new Error('no answer')]);
    vi.useRealTimers();
  });

  it('tells of a write that found no space', async () => {
    const store = indexedDbStore('s');
    const lost: unknown[] = [];
    await store.open('host:full', (error) => lost.push(error));
    store.put('a', () => 'no structured clone');
    store.put('b', 1);
    await store.close();
    expect(lost).toHaveLength(1);
  });
});

describe('a journal', () => {
  it('loses nothing but the line that was being written', async () => {
    const own = join(directory, 'torn');
    const store = new FileStore(own);
    await store.open('u', fails);
    store.put('a', 1);
    appendFileSync(join(own, 'u', 'journal.jsonl'), '["b", 2');
    const again = new FileStore(own);
    expect([...await again.open('u', fails)]).toEqual([['a', 1]]);
    again.put('c', 3);
    expect([...await new FileStore(own).open('u', fails)]).toEqual([['a', 1], ['c', 3]]);
  });

  it('tells of a disk that takes nothing', async () => {
    const own = join(directory, 'gone');
    const store = new FileStore(own);
    const lost: unknown[] = [];
    await store.open('u', (error) => lost.push(error));
    rmSync(own, { recursive: true });
    store.put('a', 1);
    expect(lost).toMatchObject([{ code: 'ENOENT' }]);
  });

  it('does not grow without bound', async () => {
    const own = join(directory, 'long');
    const store = new FileStore(own);
    await store.open('u', fails);
    for (let i = 0; i < 25_000; i++) {
      store.put('a', i);
    }
    expect([...await new FileStore(own).open('u', fails)]).toEqual([['a', 24_999]]);
    expect(readdirSync(join(own, 'u'))).toEqual(['journal.jsonl']);
  });
});
