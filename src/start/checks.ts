import type { Catalog } from '../catalog/db/open.ts';
import type { SlackApi } from '../slack/api.ts';
import type { SocketReceiver } from '../slack/socket-receiver.ts';
import type { Bucket } from '../storage/bucket.ts';
import { checkBucket } from '../storage/health.ts';
import { checkDatabase } from './check-database.ts';
import { slackCheck } from './check-slack.ts';
import { sayDown } from './say-down.ts';

/** How the health page asks the bot's parts. `catalog` gives the catalog as soon as it is there. */
export function healthChecks(o: {
  catalog: () => Catalog | undefined;
  /** The name of this process, and where SQLite keeps the catalog. */
  owner: string;
  dataDir: string;
  /** Why the last delivery was refused; undefined when it was not. */
  refused(): string | undefined;
  bucket: Bucket;
  slack: SlackApi;
  receiver: object | SocketReceiver;
}): { checks: Record<string, () => Promise<string>>; say: typeof sayDown } {
  const { bucket } = o;
  const catalog = () => {
    const opened = o.catalog();
    if (opened === undefined) throw Object.assign(new Error('not there yet'), { code: 'starting' });
    return opened;
  };
  return {
    say: sayDown,
    checks: {
      database: async () => checkDatabase({ ...o, catalog: catalog() }),
      bucket: async () => {
        await checkBucket(bucket);
        return `proof ${bucket.capabilities.proof}`;
      },
      slack: slackCheck(o),
    },
  };
}
