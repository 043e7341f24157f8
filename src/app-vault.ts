import type { ScanMode } from './catalog/scan/model.ts';
import { createCharts } from './charts/charts.ts';
import { COMMANDS } from './commands/index.ts';
import type { Config } from './config.ts';
import { roomToRead } from './contents/room.ts';
import { examineHere } from './doctor/here.ts';
import { createReplies } from './export/replies.ts';
import type { Metrics } from './metrics/metrics.ts';
import { createCoverage } from './slack/coverage.ts';
import { createPeople } from './slack/people.ts';
import { openScanGate } from './start/scan-gate.ts';
import type { Vault } from './vault/context.ts';
import { createRedraws } from './vault/redraws.ts';
import { createRights } from './vault/rights.ts';

type Known = Pick<
  Vault,
  'catalog' | 'bucket' | 'slack' | 'identity' | 'policy' | 'log' | 'now' | 'bucketAwaySince' | 'wake'
>;

/** Everything that events, commands and clicks work with. Throws what the database throws when it goes away. */
export async function makeVault({
  metrics,
  reading,
  othersScan,
  ...known
}: Known &
  Pick<Config, 'reading'> & { metrics: Metrics; othersScan(): readonly ScanMode[] }): Promise<Vault> {
  const { catalog, bucket, slack, identity, policy, log, now } = known;
  const { teamId } = identity;
  const people = createPeople({ api: slack, teamId });
  return {
    ...known,
    people,
    rights: createRights({ catalog, people, teamId, ...policy }),
    coverage: createCoverage({ api: slack, people }),
    charts: createCharts({ bucket, teamId, now }),
    objectLock: false,
    scan: await openScanGate(catalog, { policy, register: metrics.registry, log, now, others: othersScan }),
    room: roomToRead({ ocr: reading.ocr, log, now }),
    replies: createReplies(),
    redraws: createRedraws(),
    meters: metrics.meters,
    commands: COMMANDS,
    examine: examineHere,
  };
}
