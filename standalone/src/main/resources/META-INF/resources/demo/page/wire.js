import { browserPut } from '../millrace-client.js';

const SLOW_MS = 6_000;
const STEPS = 60;

/** The network of one pane, with troubles that can be switched on: a cursor that gets lost, texts that go missing, uploads that crawl. */
export class Wire {
  slow = false;
  loseCursor = false;
  loseTexts = false;

  platform = {
    openSocket: (url, protocols) => {
      const socket = new WebSocket(url, protocols);
      const send = socket.send.bind(socket);
      socket.send = (text) => send(this.#spoilt(text));
      return socket;
    },
    put: async (url, headers, bytes, progress) => {
      for (let step = 1; step < STEPS && this.slow; step++) {
        await new Promise((later) => setTimeout(later, SLOW_MS / STEPS));
        progress(bytes.size * step / STEPS);
      }
      return browserPut(url, headers, bytes, progress);
    },
  };

  #spoilt(text) {
    return this.loseCursor || this.loseTexts ? text.split('\n').map((line) => JSON.stringify(this.#spoiltFrame(JSON.parse(line)))).join('\n') : text;
  }

  #spoiltFrame(frame) {
    if (this.loseCursor && frame.op === 'subscribe') {
      this.loseCursor = false;
      return { ...frame, ...(frame.cursor && { cursor: 'lost' }) };
    }
    return this.loseTexts && frame.op === 'send' ? { ...frame, text: undefined } : frame;
  }
}

export async function devToken(sub) {
  const response = await fetch('/dev/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ sub }) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw Object.assign(new Error(answer.message ?? `the server answered ${response.status}`), { final: answer.retryable === false });
  }
  return answer.token;
}
