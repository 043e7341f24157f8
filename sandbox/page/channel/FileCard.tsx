import type { ReactNode } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { useAsk } from '../parts/Asking.tsx';
import { endingOf, FileIcon } from '../parts/FileIcon.tsx';
import { Icon } from '../parts/Icon.tsx';
import { api, fileUrl } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { bytes } from '../text/format.ts';

/** Larger pictures are not fetched only to be shown small. */
const PREVIEW_BYTES = 15_000_000;
const PREVIEWED = /^image\/(png|jpeg|gif|webp|svg\+xml|avif|bmp)$/;

/** A shared file: icon, name, type and size; pictures also show themselves. */
export function FileCard({ file }: { file: PageFile }): ReactNode {
  const { me, complain } = useDesk();
  const ask = useAsk();
  if (file.mode === 'tombstone') return <div className="file-card gone">This file was deleted.</div>;

  const name = file.title || file.name || 'Untitled';
  const remove = async () => {
    const sure = await ask({
      title: { text: 'Delete file' },
      text: {
        type: 'plain_text',
        text: `Delete ${name} from Slack? What the vault stored stays in your bucket.`,
      },
      confirm: { text: 'Delete' },
      deny: { text: 'Cancel' },
      style: 'danger',
    });
    if (sure) await api.deleteFile(me.id, file.id).catch(complain);
  };
  const preview = PREVIEWED.test(file.mimetype) && file.size <= PREVIEW_BYTES;
  return (
    <div className={`file ${preview ? 'picture' : ''}`}>
      <div className="file-card" data-testid="file-card">
        <FileIcon name={file.name} mimetype={file.mimetype} />
        <span className="file-text">
          <span className="file-name" title={name}>
            {name}
          </span>
          <span className="file-note">
            {endingOf(file.name, file.mimetype).toUpperCase()} · {bytes(file.size)}
          </span>
        </span>
        <span className="file-buttons">
          <a
            className="icon-button"
            href={fileUrl(me.id, file.id, true)}
            download={file.name ?? ''}
            aria-label={`Download ${name} from Slack`}
            title="Download from Slack"
          >
            <Icon name="download" />
          </a>
          {(file.user === me.id || me.role === 'admin') && (
            <button
              type="button"
              className="icon-button"
              aria-label={`Delete ${name} from Slack`}
              title="Delete from Slack"
              onClick={remove}
            >
              <Icon name="trash" />
            </button>
          )}
        </span>
      </div>
      {preview && (
        <a href={fileUrl(me.id, file.id)} target="_blank" rel="noreferrer" className="file-preview">
          <img src={fileUrl(me.id, file.id)} alt={name} loading="lazy" />
        </a>
      )}
    </div>
  );
}
