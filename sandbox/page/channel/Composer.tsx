import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { Icon } from '../parts/Icon.tsx';
import { ApiError, api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { toSlack } from '../text/typed.ts';
import { CommandHints, type Hint, hintsFor } from './CommandHints.tsx';
import { StagedChips } from './StagedChips.tsx';
import type { StagedFiles } from './useStaged.ts';

interface Props {
  channel: PageChannel;
  threadTs?: string;
  placeholder: string;
  staged: StagedFiles;
}

/** Where messages and commands are written and files wait. Enter sends, Shift+Enter begins a new line. */
export function Composer({ channel, threadTs, placeholder, staged }: Props): ReactNode {
  const { me, workspace, complain, whisper } = useDesk();
  const [text, setText] = useState('');
  const [sendWhenReady, setSendWhenReady] = useState(false);
  const [chosen, setChosen] = useState(0);
  const [hidden, setHidden] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);

  const hints = hidden ? [] : hintsFor(workspace, text);
  const hint = hints[Math.min(chosen, hints.length - 1)];
  const uploading = staged.files.some((one) => !one.uploaded && !one.error);
  const ready = staged.files.filter((one) => one.uploaded);
  const empty = text.trim() === '' && staged.files.length === 0;

  const run = async (line: string) => {
    setText('');
    try {
      await api.command(me.id, channel.id, line);
    } catch (error) {
      const name = line.split(' ')[0];
      const code = error instanceof ApiError ? error.code : 'unknown';
      whisper(channel.id, `⚠️ \`${name}\` failed with the error \`${code}\`.`, threadTs);
    }
  };
  const post = async () => {
    const request = { user: me.id, channel: channel.id, text: toSlack(text.trim(), workspace) };
    const file_ids = ready.map((one) => one.uploaded?.id ?? '');
    setText('');
    staged.clear();
    try {
      await api.post({
        ...request,
        ...(threadTs ? { thread_ts: threadTs } : {}),
        ...(file_ids.length > 0 ? { file_ids } : {}),
      });
    } catch (error) {
      setText(text);
      complain(error);
    }
  };
  const send = () => {
    if (empty) return;
    if (text.startsWith('/') && staged.files.length === 0) void run(text.trim());
    else if (uploading) setSendWhenReady(true);
    else void post();
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the end of the uploads may send
  useEffect(() => {
    if (!sendWhenReady || uploading) return;
    setSendWhenReady(false);
    if (staged.files.every((one) => one.uploaded) && !empty) void post();
  }, [sendWhenReady, uploading]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, 240)}px`;
  }, [text]);

  const take = (taken: Hint) => {
    if (taken.shortcut) {
      setText('');
      api.shortcut({ user: me.id, callback_id: taken.shortcut }).catch(complain);
    } else {
      setText(`${taken.command} `);
    }
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const listed = hints.length > 0 && hint;
    if (listed && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setChosen((chosen + (event.key === 'ArrowDown' ? 1 : hints.length - 1)) % hints.length);
    } else if (listed && (event.key === 'Tab' || (event.key === 'Enter' && text.trim() !== hint.command))) {
      event.preventDefault();
      take(hint);
    } else if (listed && event.key === 'Escape') {
      setHidden(true);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {hints.length > 0 && <CommandHints hints={hints} chosen={hint} onTake={take} />}
      <div className="composer-box">
        <textarea
          ref={area}
          rows={1}
          aria-label={placeholder}
          placeholder={placeholder}
          value={text}
          readOnly={sendWhenReady}
          onChange={(event) => {
            setText(event.target.value);
            setHidden(false);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files];
            if (pasted.length > 0) {
              event.preventDefault();
              staged.add(pasted);
            }
          }}
        />
        <StagedChips staged={staged} />
        <div className="composer-bar">
          <button type="button" className="icon-button" onClick={() => picker.current?.click()}>
            <Icon name="plus" /> Upload
          </button>
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
            {sendWhenReady ? 'Sends as soon as the uploads are done…' : ''}
          </span>
          {sendWhenReady && (
            <button type="button" className="button small" onClick={() => setSendWhenReady(false)}>
              Not yet
            </button>
          )}
          <button
            type="submit"
            className="send-button"
            aria-label="Send"
            title="Send (Enter)"
            disabled={empty || sendWhenReady}
          >
            <Icon name="send" />
          </button>
        </div>
      </div>
    </form>
  );
}
