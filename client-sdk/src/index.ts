import { newChat, type Chat, type ChatOptions, type Platform } from './chat.js';
import { indexedDbStore } from './shell/indexeddb.js';
import type { Socket } from './shell/link.js';
import { browserPut } from './shell/uploader.js';

export * from './public.js';
export { browserPut } from './shell/uploader.js';

const browser: Platform = {
  openSocket: (url, protocols) => new WebSocket(url, protocols) as unknown as Socket,
  put: browserPut,
  newStore: indexedDbStore,
  onNetwork: (listener) => {
    const ended = new AbortController();
    for (const type of ['online', 'offline', 'visibilitychange']) {
      addEventListener(type, () => listener(type !== 'offline'), { signal: ended.signal });
    }
    return () => ended.abort();
  },
};

export interface ChatClient extends Chat {}

/** One user's chat: connects by itself, stays connected, keeps what is queued. */
export class ChatClient {
  constructor(options: ChatOptions) {
    return Object.setPrototypeOf(newChat(options, browser), ChatClient.prototype) as ChatClient;
  }
}
