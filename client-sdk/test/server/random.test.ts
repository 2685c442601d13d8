import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatClient, Discontinuity } from '#node';
import { CutProxy } from './cut-proxy.ts';
import { Distribution, isBuilt, until } from './distribution.ts';

const MESSAGES = Number(process.env['MILLRACE_RANDOM_MESSAGES'] ?? 10_000);
const SEED = Number(process.env['MILLRACE_RANDOM_SEED'] ?? Date.now() % 1_000_000);
const SENDERS = ['ana', 'ben', 'cem', 'dot'];
const ROOMS = ['red', 'green', 'blue'];
const RESTARTS = 2;
const MEAN_BYTES = 60_000;

/** A small generator, so that a seed tells the whole story of what was drawn. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** SYN-1, SYN-2, SDK-2, SDK-6: connections cut anywhere, the server killed, and still each message once and each lane in order. */
describe.skipIf(!isBuilt())(`${MESSAGES} messages over a bad network (seed ${SEED})`, () => {
  const chance = generator(SEED);
  const millrace = new Distribution({ MILLRACE_INGEST_RATE: '5000', MILLRACE_INGEST_BURST: '5000', MILLRACE_DELIVERY_RECOVERY_WINDOW: '10m' });
  const proxy = new CutProxy(() => millrace.httpPort, chance);
  const clients: ChatClient[] = [];
  let url = '';

  beforeAll(async () => {
    await millrace.start();
    url = await proxy.open();
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    proxy.close();
    await millrace.stop();
  });

  const join = (name: string): ChatClient => {
    const client = millrace.client(name, { url });
    clients.push(client);
    return client;
  };

  it('arrive once each, in the order of their lanes, at readers who miss nothing', async () => {
    const given = new Map(ROOMS.map((room) => [room, [] as { seq: number; lane: string; n: number }[]]));
    const gaps: Discontinuity[] = [];
    const reader = join('reader');
    await Promise.all(ROOMS.map(async (name) => {
      const room = reader.room(name);
      room.onDiscontinuity((gap) => gaps.push(gap));
      room.messages.subscribe(({ seq, entry }) => given.get(name)?.push({ seq, lane: `${entry.sender} ${entry.type}`, n: Number(entry.text) }));
      await room.attach();
    }));
    proxy.cutAfter = MEAN_BYTES;
    const senders = SENDERS.map(join);
    const count = (): number => [...given.values()].reduce((sum, { length }) => sum + length, 0);
    const fates: Promise<unknown>[] = [];
    for (let n = 0; n < MESSAGES; n++) {
      const sender = senders[Math.floor(chance() * senders.length)] as ChatClient;
      const room = ROOMS[Math.floor(chance() * ROOMS.length)] as string;
      fates.push(sender.room(room).messages.send({ text: `${n}`, type: chance() < 0.7 ? 'text' : 'image' }).synced);
    }
    for (let restart = 1; restart <= RESTARTS; restart++) {
      const at = MESSAGES * (restart - chance() * 0.5) / (RESTARTS + 1);
      await until(`${Math.floor(at)} messages before a restart`, () => count() >= at, 240_000);
      await millrace.kill();
      await millrace.start();
    }
    await Promise.all(fates);
    proxy.cutAfter = 0;
    await until('the reader to have all', () => count() >= MESSAGES, 120_000);

    expect(gaps).toEqual([]);
    const all = [...given.values()].flat();
    expect(all.map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
    for (const entries of given.values()) {
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
      for (const lane of new Set(entries.map((entry) => entry.lane))) {
        const ns = entries.filter((entry) => entry.lane === lane).map(({ n }) => n);
        expect(ns).toEqual([...ns].sort((a, b) => a - b));
      }
    }
    expect(proxy.cuts).toBeGreaterThan(10);
    console.log(`seed ${SEED}: ${proxy.cuts} connections cut, ${RESTARTS} restarts`);
  }, 600_000);
});
