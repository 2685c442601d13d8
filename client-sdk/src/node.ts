import { ChatClient as Client, type ChatOptions, type Platform } from './chat.js';
import { nodePut } from './node/put.js';
import { NodeSocket } from './node/socket.js';
import { systemClock } from './shell/clock.js';
import { MemoryStore } from './shell/store.js';

export * from './public.js';
export { FileStore } from './node/file-store.js';

const node: Platform = {
  clock: systemClock,
  openSocket: (url, protocols) => new NodeSocket(url, protocols),
  put: nodePut,
  newStore: () => new MemoryStore(),
  onNetwork: () => () => {},
};

/** One user's chat: connects by itself, stays connected, keeps what is queued. */
export class ChatClient extends Client {
  constructor(options: ChatOptions) {
    super(options, node);
  }
}
