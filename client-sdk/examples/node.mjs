// A bot that answers each question once, though it be killed and started again: node examples/node.mjs [url] [room]
import { ChatClient, FileStore } from '@millrace/client';

const [url = 'http://localhost:8080', name = 'lobby'] = process.argv.slice(2);
const getToken = async () => (await (await fetch(`${url}/dev/token`, { method: 'POST', body: JSON.stringify({ sub: 'miller' }) })).json()).token;

const chat = new ChatClient({ url, user: 'miller', getToken, store: new FileStore('./miller'), resumeUnfinished: true });
const room = chat.room(name);

room.onDiscontinuity(({ from, to, reason }) => console.error(`missed ${from}-${to}: ${reason}`));
room.messages.subscribe(({ type, message, seq }) => {
  if (type === 'created' && !message.mine && message.text?.endsWith('?')) {
    room.messages.send({ id: `answer-${name}-${seq}`, text: 'Ask the water.', replyTo: message.id }); // the same id again is the same message
  }
});

await room.attach();
console.log(`in ${name} as ${chat.user}, from seq ${room.coverage.head}`);
process.on('SIGINT', async () => {
  await chat.close();
  process.exit();
});
