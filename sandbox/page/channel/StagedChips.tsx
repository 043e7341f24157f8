import type { ReactNode } from 'react';
import { KindIcon } from '../files/KindIcon.tsx';
import { FileIcon } from '../parts/FileIcon.tsx';
import { bytes, plural } from '../text/format.ts';
import { inMessages, type Staged, type StagedFiles } from './useStaged.ts';

/** More than one message takes. */
const MANY = 10;

/** The files that wait in a composer, each with its progress. */
export function StagedChips({ staged }: { staged: StagedFiles }): ReactNode {
  const { files } = staged;
  if (files.length === 0) return null;
  const removeAll = () => {
    for (const { key } of files) staged.remove(key);
  };
  const uploaded = files.filter((one) => one.uploaded).length;
  return (
    <>
      {files.length > MANY && (
        <p className="chips-note" role="status">
          {plural(files.length, 'file')}
          {uploaded < files.length && ` · ${uploaded} uploaded`} · sent as{' '}
          {plural(inMessages(files).length, 'message')}
          <button type="button" className="as-link" onClick={removeAll}>
            Remove all
          </button>
        </p>
      )}
      <ul className="chips" aria-label="Files to send">
        {files.map((one) => (
          <li key={one.key} className={`chip ${one.error ? 'failed' : ''}`} data-testid="staged-file">
            {one.uploaded ? (
              <KindIcon file={one.uploaded} />
            ) : (
              <FileIcon name={one.name} mimetype={one.type} />
            )}
            <span className="chip-text">
              <span className="chip-name" title={one.name}>
                {one.name}
              </span>
              <Progress file={one} />
            </span>
            {one.error && (
              <button type="button" className="as-link" onClick={() => staged.retry(one.key)}>
                Try again
              </button>
            )}
            <button
              type="button"
              className="chip-remove"
              aria-label={`Remove ${one.name}`}
              onClick={() => staged.remove(one.key)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Progress({ file }: { file: Staged }): ReactNode {
  if (file.error) return <span className="chip-note">{file.error}</span>;
  if (!file.source) return null;
  const size = bytes(file.size);
  if (file.uploaded) return <span className="chip-note">{size}</span>;
  const share = file.size > 0 ? file.sent / file.size : 0;
  return (
    <>
      <progress max={1} value={share} aria-label={`Uploading ${file.name}`} />
      <span className="chip-note">
        {bytes(file.sent)} of {size}
      </span>
    </>
  );
}
