import { createContext, useContext } from 'react';
import type { StepName } from '../../first-steps-types.ts';
import type { PageChannel, Person, Workspace } from '../../slack/page-api.ts';
import type { Model, Place } from './model.ts';

/** What every part of one person's window may need. */
export interface Desk {
  me: Person;
  workspace: Workspace;
  person(id: string): Person | undefined;
  channel(id: string): PageChannel | undefined;
  go(place: Place): void;
  openThread(thread: Model['thread']): void;
  /** Shows a refusal in a corner of the window, for a while. */
  complain(error: unknown): void;
  /** Adds a message that only this person sees and that is not in Slack, such as "/vault failed …". */
  whisper(channel: string, text: string, threadTs?: string): void;
  /** Puts a line into the composer of the channel, for the person to send. */
  write(text: string): void;
  /** What `write` put there; null once the composer has taken it. */
  draft: string | null;
  takeDraft(): void;
  /** Ticks off a first step. */
  tick(step: StepName): void;
  /** Closes a modal here and tells Slack. */
  closeView(viewId: string, clear?: boolean): void;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk needs a Desk around it');
  return desk;
}
