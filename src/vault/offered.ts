import type { Vault } from './context.ts';

/** Of these commands, those that this person may use: `only` says for whom the others are. */
export async function offeredTo<Offered extends { only?: string | undefined }>(
  { rights }: Pick<Vault, 'rights'>,
  userId: string,
  commands: readonly Offered[],
): Promise<Offered[]> {
  const [isAdmin, mayAudit] = await Promise.all([rights.isAdmin(userId), rights.mayAudit(userId)]);
  return commands.filter(({ only }) => only === undefined || (only === 'admins' ? isAdmin : mayAudit));
}
