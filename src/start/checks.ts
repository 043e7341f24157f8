import type { Catalog } from '../catalog/db/open.ts';
import type { SlackApi } from '../slack/api.ts';
import type { SocketReceiver } from '../slack/socket-receiver.ts';
import type { Bucket } from '../storage/bucket.ts';
import { checkBucket } from '../storage/health.ts';

/** How the health page asks the bot's parts. `catalog` gives the catalog as soon as it is there. */
export function healthChecks(o: {
  catalog: () => Catalog | undefined;
  bucket: Bucket;
  slack: SlackApi;
  receiver: object | SocketReceiver;
}): { checks: Record<string, () => Promise<string>> } {
  const { bucket, slack, receiver } = o;
  const catalog = () => {
    const opened = o.catalog();
    if (opened === undefined) throw Object.assign(new Error('not there yet'), { code: 'starting' });
    return opened;
  };
  return {
    checks: {
      database: async () => {
        await catalog().ping();
        return catalog().kind;
      },
      bucket: async () => {
        await checkBucket(bucket);
        return `proof ${bucket.capabilities.proof}`;
      },
      slack: async () => {
        if ('connected' in receiver)
          return receiver.connected() > 0 ? `${receiver.connected()} connections` : 'down: not connected';
        await slack.call('auth.test', {}, { patienceMs: 3_000 });
        return 'http';
      },
    },
  };
}
