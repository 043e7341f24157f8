import { type ReactNode, useRef } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { Icon } from '../parts/Icon.tsx';
import { PlusMenu } from './PlusMenu.tsx';
import type { StagedFiles } from './useStaged.ts';

interface Props {
  channel: PageChannel;
  staged: StagedFiles;
  /** The message waits for its uploads. */
  waiting: boolean;
  onNotYet(): void;
  empty: boolean;
}

/** The line under the text: what can be added, and Send. */
export function ComposerBar({ channel, staged, waiting, onNotYet, empty }: Props): ReactNode {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="composer-bar">
      <PlusMenu channel={channel} staged={staged} onUpload={() => picker.current?.click()} />
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => {
          staged.add([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <span className="composer-note" role="status">
        {waiting ? 'Sends as soon as the uploads are done…' : ''}
      </span>
      {waiting && (
        <button type="button" className="button small" onClick={onNotYet}>
          Not yet
        </button>
      )}
      <button
        type="submit"
        className="send-button"
        aria-label="Send"
        title="Send (Enter)"
        disabled={empty || waiting}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}
