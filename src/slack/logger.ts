import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../log.ts';

const LONGEST_LINE = 500;

/** Slack's clients put a wrong answer into their log lines, such as a proxy's whole web page. */
function short(line: string): string {
  const words = line.replace(/<[!a-z?].*$/is, '[a web page]');
  return words.length > LONGEST_LINE ? `${words.slice(0, LONGEST_LINE)}…` : words;
}

/**
 * Lets Bolt and Slack's clients write to our log. Levels below `least` are dropped, because their debug lines hold
 * whole payloads.
 */
export function boltLogger(log: Log, least: 'info' | 'warn' | 'error'): Logger {
  const order = ['info', 'warn', 'error'] as const;
  const say =
    (level: (typeof order)[number]) =>
    (...words: unknown[]): void => {
      if (order.indexOf(level) < order.indexOf(least)) return;
      log[level](short(words.map((word) => (word instanceof Error ? word.message : String(word))).join(' ')));
    };
  return {
    debug() {},
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    setLevel() {},
    getLevel: () => (least === 'info' ? LogLevel.INFO : least === 'warn' ? LogLevel.WARN : LogLevel.ERROR),
    setName() {},
  };
}
