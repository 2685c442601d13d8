import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient, type Message } from '#node';
import { Distribution, isBuilt, until } from './distribution.ts';

const PACKAGE = resolve(import.meta.dirname, '../..');

/** What a new user tries first, as it is written: the start of the README and the bot. */
describe.skipIf(!isBuilt())('the examples', () => {
  const millrace = new Distribution();
  const directory = mkdtempSync(join(tmpdir(), 'millrace-example-'));
  const bots: ChildProcess[] = [];

  beforeAll(async () => {
    mkdirSync(join(directory, 'node_modules', '@millrace'), { recursive: true });
    symlinkSync(PACKAGE, join(directory, 'node_modules', '@millrace', 'client'));
    copyFileSync(join(PACKAGE, 'examples', 'node.mjs'), join(directory, 'node.mjs'));
    await millrace.start();
  });
  afterAll(async () => {
    bots.forEach((bot) => bot.kill('SIGKILL'));
    await millrace.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const startBot = async (): Promise<ChildProcess> => {
    const bot = spawn(process.execPath, ['node.mjs', millrace.url, 'mill'], { cwd: directory });
    let output = '';
    [bot.stdout, bot.stderr].forEach((stream) => stream.on('data', (part) => { output += part; }));
    bots.push(bot);
    await until(`the bot to enter: ${output}`, () => output.includes('in mill as miller'));
    return bot;
  };

  it('start with the five lines of the README', async () => {
    const start = /```js\n([\s\S]*?)```/.exec(readFileSync(join(PACKAGE, 'README.md'), 'utf8'))?.[1] ?? '';
    const lines = start.trim().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe("import { ChatClient } from '@millrace/client';");
    let shown: readonly Message[] = [];
    const code = lines.slice(1).join('\n').replace('https://chat.example.com', millrace.url);
    const run = new Function('ChatClient', 'getToken', 'show', `return (async () => { ${code} })();`);
    await run(ChatClient, () => millrace.token('new'), (messages: readonly Message[]) => { shown = messages; });
    await until('the first message to be synced', () => shown.some(({ text, syncState }) => text === 'Hello' && syncState === 'synced'));
  });

  it('have a bot that answers each question once, though it is killed', async () => {
    const asker = millrace.client('asker');
    const room = asker.room('mill');
    await room.attach();
    const answers = (): (string | undefined)[] => room.messages.live().messages.filter(({ sender }) => sender === 'miller').map(({ replyTo }) => replyTo);
    const bot = await startBot();
    const first = await room.messages.send({ text: 'How deep is the race?' }).synced;
    await until('an answer', () => answers().length === 1);
    bot.kill('SIGKILL');
    const second = await room.messages.send({ text: 'And the pond?' }).synced;
    await startBot();
    await until('the answer of the second bot', () => answers().length === 2);
    await room.messages.send({ text: 'no question' }).synced;
    const third = await room.messages.send({ text: 'Still there?' }).synced;
    await until('one more answer', () => answers().length > 2);
    expect(answers()).toEqual([first.id, second.id, third.id]);
    await asker.close();
  });
});
