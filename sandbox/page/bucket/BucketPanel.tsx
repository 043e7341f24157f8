import type { ReactNode } from 'react';
import { Icon } from '../parts/Icon.tsx';
import { bytes, plural } from '../text/format.ts';
import { TroubleSwitches } from '../trouble/TroubleSwitches.tsx';
import { BotStatus } from './BotStatus.tsx';
import { ObjectRow } from './ObjectRow.tsx';
import { folders, tail } from './tree.ts';
import type { BucketView } from './useBucket.ts';

/** The bucket as it really is: straight from the S3 server's disk, without the bot. */
export function BucketPanel({ view, onClose }: { view: BucketView; onClose(): void }): ReactNode {
  const { bucket, reachable, lookNow } = view;
  return (
    <aside className="bucket" aria-label="Your bucket">
      <header className="channel-header">
        <h2>Your bucket</h2>
        <button type="button" className="icon-button" aria-label="Close the bucket panel" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {bucket && (
        <>
          <BotStatus bot={bucket.bot} trouble={bucket.trouble} />
          <TroubleSwitches trouble={bucket.trouble} bot={bucket.bot} onChange={lookNow} />
          <div className="bucket-total">
            <code>s3://{bucket.bucket}</code>
            <strong data-testid="bucket-total">
              {plural(bucket.objects.length, 'object')} · {bytes(bucket.totalBytes)}
            </strong>
          </div>
          <div className="bucket-list">
            {bucket.objects.length === 0 && (
              <p className="empty">Nothing stored yet. Drop a file into a channel and watch it land here.</p>
            )}
            {folders(bucket.objects).map((folder) => (
              <section key={folder.prefix} aria-label={folder.prefix}>
                <h3 title={folder.prefix}>{folder.prefix === '' ? '/' : `${folder.prefix}/`}</h3>
                <ul>
                  {folder.objects.map((object) => (
                    <ObjectRow key={object.key} object={object} name={tail(object.key, folder.prefix)} />
                  ))}
                </ul>
              </section>
            ))}
          </div>
        </>
      )}
      {!reachable && <p className="bucket-offline">The sandbox does not answer just now.</p>}
    </aside>
  );
}
