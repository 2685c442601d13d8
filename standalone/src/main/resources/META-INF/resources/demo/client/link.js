const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 15_000;
const STABLE_MS = 5_000;
const HELLO_MS = 20_000;
const MESSAGE_MAX_BYTES = 1 << 20;

const CLOSE_WORDS = {
  1009: 'a frame was too big', 4100: 'the server is going away', 4101: 'this client was too slow', 4401: 'the token expired',
  4500: 'the server did not understand this client', 4501: 'the token was refused', 4503: 'this is forbidden',
};

/** The bytes of a string as UTF-8. */
export const byteLength = (text) => new TextEncoder().encode(text).length;

/**
 * One socket that is kept: opened with a token as subprotocol (SEC-1), opened again after a loss with full-jitter backoff, left alone
 * after a close code from 4500 on (ERR-2). Frames of one turn go out joined, joined frames come in one by one (ING-7).
 *
 * States: `connecting`, `open` (after `hello`), `waiting` (for the next try), `cut` (by the user), `stopped` (by the server, for good).
 */
export class Link {
  #path;
  #tokens;
  #on;
  #socket = null;
  #attempt = 0;
  #goodbyeMs = null;
  #retry = 0;
  #watch = 0;
  #openedAt = 0;
  #heardAt = 0;
  #out = [];
  #nextRef = 1;
  #requests = new Map();
  state = 'cut';
  why = '';

  /** @param {{opened: (hello: object) => void, frame: (frame: object) => void, state: () => void}} on */
  constructor(path, tokens, on) {
    this.#path = path;
    this.#tokens = tokens;
    this.#on = on;
    addEventListener('online', () => this.state === 'waiting' && this.connect());
  }

  /** Does nothing when a socket is there or on its way. */
  async connect() {
    if (this.#socket !== null || this.state === 'connecting') {
      return;
    }
    clearTimeout(this.#retry);
    this.#become('connecting', '');
    let token;
    try {
      token = await this.#tokens.current();
    } catch (e) {
      if (this.state === 'connecting') {
        e.final ? this.#become('stopped', e.message) : this.#later(e.message);
      }
      return;
    }
    if (this.state === 'connecting' && this.#socket === null) {
      this.#open(token);
    }
  }

  /** Drops the socket as a dead network would: what is still under way in either direction is lost. */
  cut() {
    clearTimeout(this.#retry);
    this.#drop('the connection was cut');
    this.#become('cut', '');
  }

  /** Sends when open, else forgets: whoever needs an answer sends again after `opened`. */
  send(frame) {
    if (this.state !== 'open') {
      return;
    }
    if (this.#out.push(JSON.stringify(frame)) === 1) {
      queueMicrotask(() => this.#flush());
    }
  }

  /** Sends with a `ref` of its own; settles with the answer, or rejects with its error or with the loss of the socket. */
  request(frame) {
    return new Promise((resolve, reject) => {
      if (this.state !== 'open') {
        return reject(new Error('there is no connection'));
      }
      const ref = this.#nextRef++;
      this.#requests.set(ref, { resolve, reject });
      this.send({ ...frame, ref });
    });
  }

  #open(token) {
    const url = new URL(this.#path, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = this.#socket = new WebSocket(url, ['millrace.v1', `bearer.${token}`]);
    socket.onmessage = ({ data }) => {
      this.#heardAt = performance.now();
      for (const line of data.split('\n')) {
        if (socket === this.#socket && line.trim() !== '') {
          this.#frame(JSON.parse(line));
        }
      }
    };
    this.#watch = setTimeout(() => socket === this.#socket && this.#closed(1006, 'it did not answer in time'), HELLO_MS);
    socket.onclose = ({ code, reason }) => socket === this.#socket && this.#closed(code, reason);
  }

  #frame(frame) {
    if (frame.op === 'hello') {
      this.#openedAt = performance.now();
      clearTimeout(this.#watch);
      this.#watch = setInterval(() => this.#check(frame.pingMs ?? 25_000), 2_000);
      this.#become('open', '');
      return this.#on.opened(frame);
    }
    if (frame.op === 'goodbye') {
      this.#goodbyeMs = frame.reconnectAfterMs;
    }
    const request = this.#requests.get(frame.ref);
    if (request !== undefined) {
      this.#requests.delete(frame.ref);
      return frame.op === 'error' ? request.reject(Object.assign(new Error(frame.message), frame)) : request.resolve(frame);
    }
    this.#on.frame(frame);
  }

  #flush() {
    const frames = this.#out.splice(0);
    for (let joined = [], bytes = 0; frames.length > 0 && this.state === 'open';) {
      joined.push(frames.shift());
      bytes += byteLength(joined.at(-1)) + 1;
      if (frames.length === 0 || bytes + byteLength(frames[0]) > MESSAGE_MAX_BYTES) {
        this.#socket.send(joined.join('\n'));
        joined = [];
        bytes = 0;
      }
    }
  }

  /** A socket that says nothing for two pings is dead, whatever the operating system believes. */
  #check(pingMs) {
    const silentMs = performance.now() - this.#heardAt;
    if (silentMs > 2 * pingMs) {
      this.#closed(1006, 'the server fell silent');
    } else if (silentMs > pingMs) {
      this.send({ op: 'ping' });
    }
  }

  #closed(code, reason) {
    const neverOpened = this.state === 'connecting';
    if (this.state === 'open' && performance.now() - this.#openedAt > STABLE_MS) {
      this.#attempt = 0;
    }
    const why = [CLOSE_WORDS[code] ?? (neverOpened ? 'the server was not reached' : 'the connection was lost'), reason].filter(Boolean).join(': ');
    this.#drop(why);
    if (neverOpened || code === 4401) {
      this.#tokens.discard(); // a browser does not tell a refused token from a dead server
    }
    if (code >= 4500 && code <= 4999) {
      return this.#become('stopped', `${why} (close code ${code})`);
    }
    this.#later(why);
  }

  #later(why) {
    const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** this.#attempt++);
    const wait = this.#goodbyeMs ?? Math.random() * ceiling;
    this.#goodbyeMs = null;
    this.#become('waiting', why);
    this.#retry = setTimeout(() => this.connect(), wait);
  }

  #drop(why) {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#watch); // of the hello or of the pings: one number space
    this.#out = [];
    socket?.close(1000);
    this.#requests.forEach(({ reject }) => reject(new Error(why)));
    this.#requests.clear();
  }

  #become(state, why) {
    this.state = state;
    this.why = why;
    this.#on.state();
  }
}
