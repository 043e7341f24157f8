import type { PageEvent } from './page-api.ts';

/** Whether the app is there, as far as Slack can tell. */
export interface Presence {
  readonly connected: boolean;
  set(connected: boolean): void;
}

/** Tells the pages whenever it changes. */
export function createPresence(tellAll: (event: PageEvent) => void): Presence {
  let connected = false;
  return {
    get connected() {
      return connected;
    },
    set(now) {
      if (now === connected) return;
      connected = now;
      tellAll({ type: 'bot', connected });
    },
  };
}
