import type { FedEntry } from '../catalog/governance/audit-feed.ts';

/**
 * Parts of an entry's detail that name nothing: codes, hashes, ids, settings, what the malware scanner found, and the reason
 * that somebody gave for a hold or a release. Object keys, typed words and sentences hold names of files, so they stay in the catalog.
 */
const TOLD: ReadonlySet<string> = new Set([
  ...['code', 'reason', 'proof', 'sha256', 'was', 'why', 'what', 'kind', 'format', 'exportId', 'filter'],
  ...['holdId', 'personId', 'changes', 'before', 'surface', 'result', 'signature', 'found'],
]);

/**
 * An entry of the audit log as a line for a SIEM. It names people, files and channels by their ids alone, like every line
 * of the log: who reads the output need not be somebody who could see them in Slack. `entry` is the same whenever the
 * line is written again, also after a rebuild from the bucket.
 */
export function auditLine({ id, at, teamId, actorId, action, fileId, channelId, detail }: FedEntry): object {
  const told = Object.entries(detail).filter(
    ([name, value]) => TOLD.has(name) || typeof value === 'number' || typeof value === 'boolean',
  );
  return {
    entry: `${teamId}-${id}-${at}`,
    at: new Date(at).toISOString(),
    ...{ action, actor: actorId, team: teamId, file: fileId, channel: channelId },
    detail: Object.fromEntries(told),
  };
}
