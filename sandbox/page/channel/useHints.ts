import { type KeyboardEvent, useState } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { useDesk } from '../store/desk.ts';
import { type Hint, type Hints, hintsFor, isTyped } from './hints.ts';

export interface OpenHints {
  hints: Hints;
  chosen: Hint | undefined;
  /** The text changed: the list opens again, at its first line. */
  fresh(): void;
  /** Takes a key that belongs to the list; false when it does not. */
  key(event: KeyboardEvent): boolean;
}

/** The list of what can be completed, with its keys: arrows, Enter or Tab, Escape. */
export function useHints(
  channel: PageChannel,
  text: string,
  cursor: number,
  onTake: (hint: Hint) => void,
): OpenHints {
  const { workspace } = useDesk();
  const [at, setAt] = useState(0);
  const [hidden, setHidden] = useState(false);
  const hints = hidden ? { label: '', list: [] } : hintsFor(workspace, channel, text, cursor);
  const { length } = hints.list;
  const chosen = hints.list[Math.min(at, length - 1)];
  const key = (event: KeyboardEvent): boolean => {
    if (!chosen) return false;
    switch (event.key) {
      case 'ArrowDown':
        setAt((Math.min(at, length - 1) + 1) % length);
        return true;
      case 'ArrowUp':
        setAt((Math.min(at, length - 1) + length - 1) % length);
        return true;
      case 'Escape':
        setHidden(true);
        return true;
      case 'Tab':
        if (event.shiftKey) return false;
        onTake(chosen);
        return true;
      case 'Enter':
        if (event.shiftKey || isTyped(text, chosen)) return false;
        onTake(chosen);
        return true;
      default:
        return false;
    }
  };
  const fresh = () => {
    setHidden(false);
    setAt(0);
  };
  return { hints, chosen, fresh, key };
}
