import { errorCode } from '../errors.ts';
import type { Vault } from '../vault/context.ts';
import type { Mention } from './said.ts';

/** The answer to thanks: a smile on the message, and not a word. */
const SMILE = 'slightly_smiling_face';

/** Smiles at a message. Where Slack allows no reaction, nothing is missing. */
export async function thank(
  vault: Vault,
  { channelId, ts }: Pick<Mention, 'channelId' | 'ts'>,
): Promise<void> {
  try {
    await vault.slack.call('reactions.add', { channel: channelId, timestamp: ts, name: SMILE });
  } catch (error) {
    vault.log.info({ code: errorCode(error), channel: channelId }, 'cannot smile at a message');
  }
}
