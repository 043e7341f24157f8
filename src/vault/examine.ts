import type { Line } from '../doctor/check.ts';
import { scrub } from '../log.ts';
import { requireAdmin } from './access.ts';
import type { Vault } from './context.ts';

/** Looks at everything that the vault needs, as `npm run doctor` does; for admins. Throws `UserError`. */
export async function examineVault(
  vault: Vault,
  { userId }: { userId: string },
): Promise<{ lines: readonly Line[] }> {
  await requireAdmin(vault, userId);
  // A sentence of the store's or the database's may hold more than Slack should see.
  return { lines: (await vault.examine()).map((line) => scrub(line) as Line) };
}
