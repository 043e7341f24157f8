import { statusScreen } from '../blocks/status.ts';
import { queueDepth } from '../catalog/home.ts';
import { unkeptSums } from '../catalog/stats.ts';
import { beingRetried, links, notKept, onTheWay } from '../catalog/under-way.ts';
import { openAlerts } from '../catalog/watch/alerts.ts';
import { failingReasons } from '../catalog/watch/failing.ts';
import type { Vault } from '../vault/context.ts';
import { vaultHealth } from '../vault-health.ts';
import { VERSION } from '../version.ts';
import type { Command } from './command.ts';

const ON_THE_WAY = 5;
const FAILED = 10;
const NOT_KEPT = 10;

/** `/vault status`: what waits, what failed and what is not kept, for everybody; how the vault is doing, for admins. */
export const status: Command = {
  name: 'status',
  usage: 'status',
  summary: 'Shows what is on its way, what could not be stored, and why.',
  examples: [],
  async run(vault, { userId, reply }) {
    const { catalog, rights, identity } = vault;
    const [channelIds, isAdmin] = await Promise.all([rights.visibleChannels(userId), rights.isAdmin(userId)]);
    const viewer = { teamId: identity.teamId, channelIds, userId };
    const [waiting, failures, leftOut, outside, unkept, admin] = await Promise.all([
      onTheWay(catalog, viewer, ON_THE_WAY),
      beingRetried(catalog, viewer, FAILED),
      notKept(catalog, viewer, NOT_KEPT),
      links(catalog, viewer),
      unkeptSums(catalog, { teamId: identity.teamId, channelIds, whole: false }),
      isAdmin ? adminStatus(vault) : null,
    ]);
    const files = { onTheWay: waiting, failures, notKept: leftOut, links: outside };
    const isWhole = unkept.notKept.length === 0;
    await reply(statusScreen({ now: vault.now(), ...files, isWhole, admin }));
  },
};

async function adminStatus(vault: Vault) {
  const { catalog, bucket, identity, now } = vault;
  const { teamId } = identity;
  const [queue, reasons, health, alerts] = await Promise.all([
    queueDepth(catalog),
    failingReasons(catalog, teamId, now()),
    vaultHealth(vault),
    openAlerts(catalog, teamId),
  ]);
  return {
    version: VERSION,
    bucket: bucket.name,
    proof: bucket.capabilities.proof,
    database: catalog.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    queue,
    reasons,
    ...health,
    // What fails is in the reasons above.
    alerts: alerts.map(({ alert }) => alert).filter(({ kind }) => kind !== 'failing'),
  };
}
