import { NotToday } from './endings.ts';
import { wrapped } from './report/wrapped.ts';

/** Somebody at a Slack client, who is asked to do something. */
export interface People {
  /**
   * Asks for one thing, and waits for what comes of it. `step` names the thing. Throws `NotToday` when the person would
   * rather not.
   */
  please<T>(step: string, sentence: string, comes: Promise<T>): Promise<T>;
}

/** What a terminal offers: it says a line, and tells when Enter was pressed. */
export interface Terminal {
  say(line: string): void;
  /** The next line that is typed. Stops waiting with the signal. */
  read(signal: AbortSignal): Promise<string>;
}

/** The person who sits at this terminal. Enter alone leaves a step out. */
export function atTerminal(terminal: Terminal): People {
  return {
    async please(_step, sentence, comes) {
      terminal.say(['', ...wrapped(`  Please: ${sentence}`, 2), '  (Enter leaves this out.)'].join('\n'));
      const answered = new AbortController();
      const leftOut = terminal.read(answered.signal).then(() => {
        throw new NotToday('left out by the person');
      });
      leftOut.catch(() => {});
      try {
        return await Promise.race([comes, leftOut]);
      } finally {
        comes.catch(() => {});
        answered.abort();
      }
    },
  };
}
