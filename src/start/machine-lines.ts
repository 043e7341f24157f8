import { examineMachine } from '../doctor/index.ts';
import type { Log } from '../log.ts';

/**
 * Writes into the log what is not well with the machine and the settings, one line each. It asks nobody: neither Slack
 * nor the bucket nor the database. Never throws.
 */
export async function logMachine(log: Log): Promise<void> {
  for (const { id, state, says, remedy = '' } of await examineMachine(process.env)) {
    if (state === 'warn' || state === 'fail')
      log.warn({ code: `check_${state}`, check: id }, `${says} ${remedy}`.trim());
  }
}
