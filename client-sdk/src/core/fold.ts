/** What a message looks like once everything the log says about it is applied (LOG-2, MSG-4). */
import type { AttachmentRef, Entry, Item, Json, MessageType } from '../protocol.js';

/** How often each name was given, and by whom. */
export type Reactions = Readonly<Record<string, { readonly total: number; readonly senders: readonly string[] }>>;

export interface Folded {
  readonly type: MessageType;
  readonly text?: string;
  readonly data?: Json;
  readonly metadata?: Json;
  readonly attachments: readonly AttachmentRef[];
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly reactions: Reactions;
}

/** `changes` in seq order. */
export function fold(create: Entry, changes: readonly Item[]): Folded {
  const deleted = changes.some(({ entry }) => entry.action === 'message.delete');
  const edits = changes.filter(({ entry }) => entry.action === 'message.update');
  const { text, data, metadata, attachments = create.attachments } = edits.at(-1)?.entry ?? create;
  const content = deleted ? {} : { ...(text !== undefined && { text }), ...(data !== undefined && { data }), ...(metadata !== undefined && { metadata }) };
  return {
    type: create.type, ...content, attachments: deleted ? [] : attachments ?? [], edited: edits.length > 0, deleted,
    reactions: deleted ? {} : reactionsOf(changes),
  };
}

function reactionsOf(changes: readonly Item[]): Reactions {
  const given = new Map<string, Map<string, number>>();
  for (const { entry: { action, sender, data } } of changes) {
    const name = data?.['name'];
    if (typeof name === 'string' && (action === 'reaction.add' || action === 'reaction.remove')) {
      react(given, action === 'reaction.add', name, sender, data?.['kind']);
    }
  }
  return Object.fromEntries([...given].filter(([, by]) => by.size > 0)
    .map(([name, by]) => [name, { total: [...by.values()].reduce((a, b) => a + b, 0), senders: [...by.keys()] }]));
}

function react(given: Map<string, Map<string, number>>, add: boolean, name: string, sender: string, kind: unknown): void {
  const by = given.get(name) ?? new Map<string, number>();
  given.set(name, by);
  if (!add) {
    by.delete(sender);
    return;
  }
  if (kind === 'unique') {
    given.forEach((others) => others.delete(sender));
  }
  by.set(sender, kind === 'multiple' ? (by.get(sender) ?? 0) + 1 : 1);
}
