import { expect, it } from 'vitest';
import type { Line } from '../../src/doctor/check.ts';
import type { Vault } from '../../src/vault/context.ts';
import { examineVault } from '../../src/vault/examine.ts';

const vaultOf = (isAdmin: boolean, says: string) => {
  let looks = 0;
  const examine = async (): Promise<Line[]> => {
    looks += 1;
    return [{ id: 'database', state: 'fail', says }];
  };
  const vault = { rights: { isAdmin: async () => isAdmin }, examine } as unknown as Vault;
  return { vault, looks: () => looks };
};

it('only admins may look, and nothing is looked at for others', async () => {
  const { vault, looks } = vaultOf(false, 'x');
  await expect(examineVault(vault, { userId: 'U1' })).rejects.toMatchObject({ code: 'admins_only' });
  expect(looks()).toBe(0);
});

it('shows no secret, whoever wrote it into a sentence', async () => {
  const { vault } = vaultOf(true, 'postgres://vault:hunter2@db/x refused xoxb-123-abc');
  const { lines } = await examineVault(vault, { userId: 'U1' });
  expect(JSON.stringify(lines)).not.toMatch(/hunter2|xoxb/);
});
