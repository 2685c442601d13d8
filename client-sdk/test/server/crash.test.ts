import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileStore } from '#node';
import { Distribution, isBuilt, until } from './distribution.ts';

const N = 1_500;

/** SDK-2, SDK-6, ING-2: the server is killed while messages are on their way, and started again on the same data. */
describe.skipIf(!isBuilt())('a server that is killed while a client sends', () => {
  const millrace = new Distribution({ MILLRACE_INGEST_RATE: '2000', MILLRACE_INGEST_BURST: '2000' });
  const directory = mkdtempSync(join(tmpdir(), 'millrace-client-'));

  beforeAll(() => millrace.start());
  afterAll(async () => {
    await millrace.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('loses nothing, doubles nothing and keeps the order, for sender and reader', async () => {
    const writer = millrace.client('ana', { store: new FileStore(directory), user: 'ana' });
    const reader = millrace.client('ben');
    const room = reader.room('mill');
    const seqs: number[] = [];
    const texts: (string | undefined)[] = [];
    const gaps: unknown[] = [];
    room.onDiscontinuity((gap) => gaps.push(gap));
    room.messages.subscribe(({ seq, entry }) => { seqs.push(seq); texts.push(entry.text); });
    await room.attach();
    const sent = Array.from({ length: N }, (_, i) => writer.room('mill').messages.send({ text: `${i}` }).synced);
    await until('some to be through', () => seqs.length > N / 5, 120_000);
    await millrace.kill();
    await millrace.start();
    const synced = await Promise.all(sent);
    await until('the reader to have all', () => seqs.length >= N, 60_000);
    expect(texts).toEqual(Array.from({ length: N }, (_, i) => `${i}`));
    expect(seqs).toEqual(Array.from({ length: N }, (_, i) => i + 1));
    expect(synced.map(({ seq }) => seq)).toEqual(seqs);
    expect(gaps).toEqual([]);
    await Promise.all([writer.close(), reader.close()]);
  });
});
