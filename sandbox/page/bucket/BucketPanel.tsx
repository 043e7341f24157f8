import type { KeyboardEvent, ReactNode } from 'react';
import { isBookkeeping } from '../../bookkeeping.ts';
import type { BucketObject } from '../../bucket-types.ts';
import { Icon } from '../parts/Icon.tsx';
import { bytes, plural } from '../text/format.ts';
import { TroubleSwitches } from '../trouble/TroubleSwitches.tsx';
import { BotStatus } from './BotStatus.tsx';
import { ObjectRow } from './ObjectRow.tsx';
import { folders, tail } from './tree.ts';
import type { BucketView } from './useBucket.ts';

const NARROW = '(max-width: 860px)';

interface Props {
  view: BucketView;
  /** Whether the switches are shown; asked for by hand, or by what was tried. */
  trouble: { open: boolean; onOpen(open: boolean): void };
  onClose(): void;
}

/** The bucket as it really is: straight from the S3 server's disk, without the bot. */
export function BucketPanel({ view, trouble, onClose }: Props): ReactNode {
  const { bucket, reachable, lookNow } = view;
  const files = bucket?.objects.filter(({ key }) => !isBookkeeping(key)) ?? [];
  const own = bucket?.objects.filter(({ key }) => isBookkeeping(key)) ?? [];
  const onKeyDown = (event: KeyboardEvent) => {
    // Where it lies over the channel, it closes as a menu does.
    if (event.key === 'Escape' && matchMedia(NARROW).matches) onClose();
  };
  return (
    <aside className="bucket" aria-label="Your bucket" onKeyDown={onKeyDown}>
      <header className="channel-header">
        <h2>Your bucket</h2>
        <button type="button" className="icon-button" aria-label="Close the bucket panel" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {bucket && (
        <>
          <BotStatus bot={bucket.bot} trouble={bucket.trouble} />
          <TroubleSwitches trouble={bucket.trouble} bot={bucket.bot} onChange={lookNow} {...trouble} />
          <div className="bucket-total">
            <code>s3://{bucket.bucket}</code>
            <strong data-testid="bucket-total">
              {plural(files.length, 'object')} · {bytes(sizeOf(files))}
            </strong>
          </div>
          <div className="bucket-list">
            {files.length === 0 && (
              <p className="empty">Nothing stored yet. Drop a file into a channel and watch it land here.</p>
            )}
            <Folders objects={files} />
            {own.length > 0 && <OwnObjects objects={own} />}
          </div>
        </>
      )}
      {!reachable && <p className="bucket-offline">The sandbox does not answer just now.</p>}
    </aside>
  );
}

function Folders({ objects }: { objects: BucketObject[] }): ReactNode {
  return folders(objects).map((folder) => (
    <section key={folder.prefix} aria-label={folder.prefix}>
      <h3 title={folder.prefix}>{folder.prefix === '' ? '/' : `${folder.prefix}/`}</h3>
      <ul>
        {folder.objects.map((object) => (
          <ObjectRow key={object.key} object={object} name={tail(object.key, folder.prefix)} />
        ))}
      </ul>
    </section>
  ));
}

/** The bot's journal, and what else it keeps for itself: there, but not in the way. */
function OwnObjects({ objects }: { objects: BucketObject[] }): ReactNode {
  return (
    <details className="own-objects" data-testid="own-objects">
      <summary>
        RIA Vault’s own notes · {plural(objects.length, 'object')} · {bytes(sizeOf(objects))}
      </summary>
      <p>From these the bot can make its catalog again.</p>
      <Folders objects={objects} />
    </details>
  );
}

function sizeOf(objects: BucketObject[]): number {
  return objects.reduce((sum, one) => sum + one.bytes, 0);
}
