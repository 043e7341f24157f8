import type { ReactNode } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { FileIcon } from '../parts/FileIcon.tsx';
import { attachmentUrl } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { bytes, plural } from '../text/format.ts';
import { CardFrame } from './CardFrame.tsx';

/** An e-mail: who wrote it, its text, and what was attached. */
export function MailCard({ file }: { file: PageFile }): ReactNode {
  const { me } = useDesk();
  const mail = file.mail;
  const attached = mail?.attachments ?? [];
  const note = ['E-mail', attached.length > 0 && plural(attached.length, 'attachment')];
  return (
    <CardFrame file={file} note={note.filter(Boolean).join(' · ')}>
      {mail && (
        <div className="mail-text">
          <span className="file-note">From {mail.from}</span>
          {`\n${mail.plain}`}
        </div>
      )}
      {attached.length > 0 && (
        <ul className="mail-attachments" aria-label="Attachments">
          {attached.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what was attached never changes places
            <li key={at}>
              <a href={attachmentUrl(me.id, file.id, at)} target="_blank" rel="noreferrer">
                <FileIcon name={one.filename} mimetype={one.mimetype} />
                <span className="file-text">
                  <span className="file-name">{one.filename}</span>
                  <span className="file-note">{bytes(one.size)}</span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </CardFrame>
  );
}
