import { exportStarted } from '../blocks/export.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import type { Vault } from '../vault/context.ts';
import type { OrderedExport } from '../vault/exports.ts';

/** Tells the asker that an export is being made, and remembers how to answer when it is ready. */
export function sayStarted(vault: Vault, reply: (screen: Screen) => Promise<void>) {
  return async ({ exportId, requestedAt, ...job }: OrderedExport): Promise<void> => {
    await reply(exportStarted(job));
    vault.replies.keep(exportId, reply, requestedAt);
  };
}
