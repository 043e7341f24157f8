import { SCHEMA } from '../catalog/db/migrate.ts';
import type { Catalog } from '../catalog/db/open.ts';
import type { Config } from '../config.ts';
import { type Log, noteAnswer } from '../log.ts';
import type { Metrics, Watched } from '../metrics/metrics.ts';
import type { S3RequestDone, SlackCallObserver } from '../observed.ts';
import type { SocketReceiver } from '../slack/socket-receiver.ts';
import { VERSION } from '../version.ts';

/** Tells the metrics where to read, as far as the parts are there. */
export function watchVault(
  metrics: Metrics,
  config: Config,
  o: Pick<Watched, 'ready' | 'bots'> & {
    receiver: object | SocketReceiver;
    vault(): { catalog: Catalog; identity: { teamId: string } } | undefined;
    now(): number;
  },
): void {
  const { data, sweepMinutes, policy } = config;
  const { receiver, ready, bots, now } = o;
  const isSqlite = data.databaseUrl === undefined;
  const { version: node } = process;
  metrics.watch({
    ...{ ready, bots, sweepMinutes, verifyHours: policy.verifyHours, drillDays: policy.drillDays },
    source() {
      const vault = o.vault();
      if (vault === undefined) throw new Error('the catalog is not there yet');
      return { catalog: vault.catalog, teamId: vault.identity.teamId, now };
    },
    sockets: 'connected' in receiver ? () => receiver.connected() : undefined,
    dataDir: isSqlite ? data.dataDir : undefined,
    build: { version: VERSION, schema: SCHEMA, node, catalog: isSqlite ? 'sqlite' : 'postgres' },
  });
}

/** Counts what Slack and the bucket answer. The first good answer after an outage is a line of the log. */
export function hearAnswers(
  { slackCalls, s3Requests }: Metrics,
  log: Log,
): { slack: SlackCallObserver; bucket: (done: S3RequestDone) => void } {
  return {
    slack: {
      ...slackCalls,
      done(call) {
        slackCalls.done(call);
        if (call.outcome === 'ok') noteAnswer(log, 'slack');
      },
    },
    bucket(done) {
      s3Requests(done);
      if (done.outcome === 'ok') noteAnswer(log, 'bucket');
    },
  };
}
