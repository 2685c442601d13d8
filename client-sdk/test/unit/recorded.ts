import type { Effect } from '../../src/core/turn.ts';

/** What a turn asked for, with its arguments by position. */
export interface Did {
  do: string;
  with: any[];
}

export const recorded = <P extends object>(effects: readonly Effect<P>[]): Did[] => effects.map(([name, args]) => ({ do: String(name), with: [...args] }));
