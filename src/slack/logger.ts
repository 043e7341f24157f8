import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../log.ts';

/**
 * Lets Bolt and Slack's clients write into our log. They never get below `least`, because their debug lines hold
 * whole payloads.
 */
export function boltLogger(log: Log, least: 'info' | 'warn' | 'error'): Logger {
  const order = ['info', 'warn', 'error'] as const;
  const say =
    (level: (typeof order)[number]) =>
    (...words: unknown[]): void => {
      if (order.indexOf(level) < order.indexOf(least)) return;
      log[level](words.map((word) => (word instanceof Error ? word.message : String(word))).join(' '));
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
