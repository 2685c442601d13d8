import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FileStore, type ChatClient, type Discontinuity, type Message, type Room } from '#node';
import { Distribution, isBuilt, until } from './distribution.ts';

const texts = (room: Room): (string | undefined)[] => room.messages.live().messages.map(({ text }) => text);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe.skipIf(!isBuilt())('the client against a served Millrace', () => {
  const millrace = new Distribution({ MILLRACE_DELIVERY_REPLAY_LIMIT: '50', MILLRACE_SYNC_GAP_TIMEOUT: '1h' });
  const clients: ChatClient[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'millrace-client-'));
  const client = (...args: Parameters<Distribution['client']>): ChatClient => {
    const made = millrace.client(...args);
    clients.push(made);
    return made;
  };

  beforeAll(() => millrace.start());
  afterEach(() => Promise.all(clients.splice(0).map((each) => each.close())));
  afterAll(async () => {
    await millrace.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('sends, confirms and shows what was said in one order to both (SDK-1)', async () => {
    const [ana, ben] = [client('ana').room('mill'), client('ben').room('mill')];
    await Promise.all([ana.attach(), ben.attach()]);
    const sending = ana.messages.send({ text: 'Is the water up?' });
    expect(sending.message).toMatchObject({ text: 'Is the water up?', syncState: 'syncing', mine: true });
    expect(await sending.synced).toMatchObject({ seq: 1, syncState: 'synced', sender: 'ana' });
    expect(await ben.messages.send({ text: 'It is.' }).synced).toMatchObject({ seq: 2 });
    await until('both to see both', () => texts(ana).length === 2 && texts(ben).length === 2);
    expect(texts(ana)).toEqual(['Is the water up?', 'It is.']);
    expect(texts(ben)).toEqual(texts(ana));
    expect(ben.coverage).toMatchObject({ head: 2, held: [[1, 2]], lost: [] });
  });

  it('edits, reacts and deletes (MSG-4, LOG-2)', async () => {
    const [ana, ben] = [client('ana').room('edits'), client('ben', { rooms: { '*': ['publish', 'subscribe', 'history'] } }).room('edits')];
    await Promise.all([ana.attach(), ben.attach()]);
    const said = await ana.messages.send({ text: 'teh wheel' }).synced;
    await ana.messages.update(said, { text: 'the wheel' }).synced;
    await until('ben to see the edit', () => ben.messages.live().messages[0]?.edited === true);
    await ben.messages.react(ben.messages.live().messages[0] as Message, 'like').synced;
    await until('the reaction', () => ana.messages.live().messages[0]?.reactions['like']?.total === 1);
    expect(ana.messages.live().messages).toMatchObject([{ text: 'the wheel', edited: true, reactions: { like: { senders: ['ben'] } } }]);
    await expect(ben.messages.delete(ben.messages.live().messages[0] as Message).synced).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await ana.messages.softDelete(said.id);
    await until('the deletion', () => ben.messages.live().messages[0]?.deleted === true);
    expect(ben.messages.live().messages[0]).not.toHaveProperty('text');
  });

  it('goes on behind what is refused, in order, without waiting for its number (SDK-2, SYN-3)', async () => {
    const ana = client('ana').room('refused');
    await ana.attach();
    const fates = ['1', undefined, '3', undefined, undefined, '6', '7'].map((text) => ana.messages.send({ type: 'text', ...(text && { text }) }).synced);
    const ends = await Promise.allSettled(fates); // for an hour, were a hole waited for
    expect(ends.map((end) => end.status === 'fulfilled' ? end.value.seq : end.reason.code)).toEqual([1, 'INVALID', 2, 'INVALID', 'INVALID', 3, 4]);
    const after = await ana.messages.send({ text: '8' }).synced;
    expect(after).toMatchObject({ seq: 5 });
    expect(ana.messages.live().messages.filter(({ seq }) => seq).map(({ text }) => text)).toEqual(['1', '3', '6', '7', '8']);
  });

  it('queues while offline and sends in order when it is back (SDK-2)', async () => {
    const chat = client('ana');
    const ana = chat.room('tunnel');
    const ben = client('ben').room('tunnel');
    await Promise.all([ana.attach(), ben.attach()]);
    chat.disconnect();
    const sent = range(120).map((n) => ana.messages.send({ text: `sack ${n}` }));
    await ben.messages.send({ text: 'meanwhile' }).synced;
    expect(ana.messages.live().messages.every(({ syncState }) => syncState === 'queued')).toBe(true);
    chat.connect();
    const seqs = (await Promise.all(sent.map(({ synced }) => synced))).map(({ seq }) => seq);
    expect(seqs).toEqual(range(120).map((n) => n + 1));
    await until('ben to have all', () => texts(ben).length === 121);
    await until('ana to have all', () => ana.coverage.held[0]?.[1] === 121);
    expect(texts(ana)).toEqual(texts(ben));
    expect(texts(ben)).toEqual(['meanwhile', ...range(120).map((n) => `sack ${n}`)]);
  });

  it('is told the exact range it missed, once, and recovers it (CON-3, SDK-5)', async () => {
    const chat = client('ana');
    const ana = chat.room('flood');
    const ben = client('ben').room('flood');
    const told: Discontinuity[] = [];
    ana.onDiscontinuity((discontinuity) => told.push(discontinuity));
    await Promise.all([ana.attach(), ben.attach()]);
    await ana.messages.send({ text: 'before' }).synced;
    await until('ana to have it', () => ana.coverage.held[0]?.[1] === 1);
    chat.disconnect();
    await Promise.all(range(60).map((n) => ben.messages.send({ text: `drop ${n}` }).synced));
    chat.connect();
    await until('the discontinuity', () => told.length > 0);
    expect(told).toMatchObject([{ reason: 'BACKLOG_LIMIT', from: 2, to: 61, lost: 60, recoverable: true }]);
    expect(ana.coverage.lost).toEqual([[2, 61]]);
    const recovered = await ana.recover();
    expect(recovered).toMatchObject({ complete: true, missing: [] });
    expect(recovered.messages.map(({ text }) => text)).toEqual(range(60).map((n) => `drop ${n}`));
    await ben.messages.send({ text: 'after' }).synced;
    await until('the last', () => texts(ana).at(-1) === 'after');
    expect(texts(ana)).toEqual(texts(ben));
    expect(ana.coverage).toMatchObject({ held: [[1, 62]], lost: [] });
    expect(told).toHaveLength(1);
  });

  it('pages back from where a subscription began, without gap or overlap (HIS-2)', async () => {
    const ana = client('ana').room('pages');
    await Promise.all(range(30).map((n) => ana.messages.send({ text: `line ${n}` }).synced));
    const room = client('ben').room('pages');
    const live: number[] = [];
    const subscription = room.messages.subscribe(({ seq }) => live.push(seq));
    await room.attach();
    await ana.messages.send({ text: 'line 31' }).synced;
    await until('the live one', () => live.length === 1);
    const back: (number | undefined)[] = [];
    for (let page = await subscription.historyBeforeSubscribe({ limit: 12 }); ; page = await page.next()) {
      back.push(...page.items.map(({ seq }) => seq));
      if (!page.hasNext()) {
        break;
      }
    }
    expect(back).toEqual(range(30).reverse());
    expect(live).toEqual([31]);
  });

  it('uploads a file, tells how far it is, and lets text pass meanwhile (ING-9, SYN-5)', async () => {
    const ana = client('ana').room('files');
    await ana.attach();
    const bytes = new Uint8Array(600_000).fill(7);
    const sent: number[] = [];
    const states = new Set<string>();
    ana.messages.live().subscribe(({ changes }) => changes.forEach(({ message }) => {
      if (message.attachments.length > 0) {
        states.add(message.syncState);
        sent.push(message.attachments[0]?.sent ?? 0);
      }
    }));
    const image = ana.messages.send({ text: 'the wheel', attachments: [{ data: new Blob([bytes], { type: 'image/png' }), name: 'wheel.png' }] });
    const text = ana.messages.send({ text: 'it turns' });
    await text.synced;
    const synced = await image.synced;
    expect(synced).toMatchObject({ type: 'image', attachments: [{ name: 'wheel.png' }] });
    expect([...states]).toEqual(expect.arrayContaining(['queued', 'uploading', 'syncing', 'synced']));
    expect(Math.max(...sent)).toBe(600_000);
    const response = await fetch(`${millrace.url}/v1/attachments/${synced.attachments[0]?.id}`, { headers: { authorization: `Bearer ${await millrace.token('ben')}` } });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  it('goes on where a former run ended: place kept, queue sent in order with the same ids (SDK-3)', async () => {
    const store = (): FileStore => new FileStore(join(directory, 'resumed'));
    const first = client('ana', { store: store() });
    const ana = first.room('reload');
    await ana.attach();
    await ana.messages.send({ text: 'one' }).synced;
    await until('it to stand', () => ana.coverage.head === 1);
    first.disconnect();
    const ids = ['two', 'three', 'four'].map((text) => ana.messages.send({ text }).id);
    await first.close();
    await client('ben').room('reload').messages.send({ text: 'from ben' }).synced;
    const second = client('ana', { store: store(), user: 'ana', resumeUnfinished: true }).room('reload');
    const seen: (string | undefined)[] = [];
    second.messages.subscribe(({ message }) => seen.push(message?.text));
    await second.attach();
    await until('all to be there', () => seen.length === 4);
    expect(seen).toEqual(['from ben', 'two', 'three', 'four']);
    expect(second.messages.live().messages.slice(1).map(({ id }) => id)).toEqual(ids);
  });

  it('marks as failed what a former run left, and resends or deletes it on demand (SDK-3, SDK-4)', async () => {
    const store = (): FileStore => new FileStore(join(directory, 'failed'));
    const first = client('ana', { store: store(), user: 'ana' });
    await first.room('left').attach();
    first.disconnect();
    ['a', 'b', 'c'].forEach((text) => first.room('left').messages.send({ text }));
    await first.close();
    const room = client('ana', { store: store(), user: 'ana' }).room('left');
    await until('the failed ones', () => room.messages.live().messages.length === 3);
    expect(room.messages.live().messages).toMatchObject([{ text: 'a', syncState: 'failed' }, { text: 'b' }, { text: 'c', cause: { code: 'interrupted' } }]);
    const [a, b] = room.messages.live().messages.map(({ id }) => id) as [string, string];
    await room.messages.softDelete(a);
    const again = room.messages.resend(b);
    expect(again.id).not.toBe(b);
    expect(room.messages.live().messages.map(({ text }) => text)).toEqual(['b', 'c']);
    expect(await again.synced).toMatchObject({ text: 'b', seq: 1 });
    room.messages.deleteFailedMessages();
    expect(texts(room)).toEqual(['b']);
  });

  it('keeps its connection over the end of its tokens (SEC-2)', async () => {
    const chat = client('ana', { expiresInSeconds: 4 });
    const changes: string[] = [];
    chat.on('connection', ({ status }) => changes.push(status));
    const room = chat.room('tokens');
    await room.attach();
    const end = Date.now() + 9_000;
    await until('two lives of a token to pass', () => Date.now() > end);
    await room.messages.send({ text: 'still here' }).synced;
    expect(changes).toEqual(['connecting', 'connected']);
  });
});
