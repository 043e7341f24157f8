import type { ReactNode } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { useAsk } from '../parts/Asking.tsx';
import { Icon } from '../parts/Icon.tsx';
import { api, fileUrl } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { titleOf } from '../text/title.ts';
import { KindIcon } from './KindIcon.tsx';

interface Props {
  file: PageFile;
  note: ReactNode;
  /** The title opens this address… */
  href?: string;
  /** …or does this. */
  onOpen?: (() => void) | undefined;
  /** False where Slack has no bytes to give. */
  download?: boolean;
  className?: string;
  /** Below the card's own line: a picture, a player, a text. */
  children?: ReactNode;
}

/** What all file cards share: icon, title, a line about it, and what can be done. */
export function CardFrame(props: Props): ReactNode {
  const { file, note, href, onOpen, download = true, className = '', children } = props;
  const { me } = useDesk();
  const title = titleOf(file);
  return (
    <div className={`file ${className}`}>
      <div className="file-card" data-testid="file-card">
        <KindIcon file={file} />
        <span className="file-text">
          {href ? (
            <a className="file-name" href={href} target="_blank" rel="noreferrer" title={title}>
              {title}
            </a>
          ) : onOpen ? (
            <button type="button" className="file-name as-link" title={title} onClick={onOpen}>
              {title}
            </button>
          ) : (
            <span className="file-name" title={title}>
              {title}
            </span>
          )}
          <span className="file-note">{note}</span>
        </span>
        <span className="file-buttons">
          {download && (
            <a
              className="icon-button"
              href={fileUrl(me.id, file.id, true)}
              download={file.name ?? ''}
              aria-label={`Download ${title} from Slack`}
              title="Download from Slack"
            >
              <Icon name="download" />
            </a>
          )}
          <DeleteButton file={file} title={title} />
        </span>
      </div>
      {children}
    </div>
  );
}

function DeleteButton({ file, title }: { file: PageFile; title: string }): ReactNode {
  const { me, complain } = useDesk();
  const ask = useAsk();
  if (file.user !== me.id && me.role !== 'admin') return null;
  const remove = async () => {
    const sure = await ask({
      title: { text: 'Delete file' },
      text: {
        type: 'plain_text',
        text: `Delete ${title} from Slack? What the vault stored stays in your bucket.`,
      },
      confirm: { text: 'Delete' },
      deny: { text: 'Cancel' },
      style: 'danger',
    });
    if (sure) await api.deleteFile(me.id, file.id).catch(complain);
  };
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Delete ${title} from Slack`}
      title="Delete from Slack"
      onClick={remove}
    >
      <Icon name="trash" />
    </button>
  );
}
