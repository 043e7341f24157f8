import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { PageChannel } from '../../slack/page-api.ts';
import { asksVault } from '../path/steps.ts';
import { ApiError, api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { toSlack } from '../text/typed.ts';
import { ComposerBar } from './ComposerBar.tsx';
import { HintList } from './HintList.tsx';
import { type Hint, withHint } from './hints.ts';
import { refusalOf } from './own-command.ts';
import { StagedChips } from './StagedChips.tsx';
import { useHints } from './useHints.ts';
import { inMessages, type StagedFiles } from './useStaged.ts';

interface Props {
  channel: PageChannel;
  threadTs?: string;
  placeholder: string;
  staged: StagedFiles;
}

/** Where messages and commands are written and files wait. Enter sends, Shift+Enter begins a new line. */
export function Composer({ channel, threadTs, placeholder, staged }: Props): ReactNode {
  const { me, workspace, complain, whisper, draft, takeDraft, tick } = useDesk();
  const [text, setText] = useState('');
  const [cursor, setCursor] = useState(0);
  const [sendWhenReady, setSendWhenReady] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();

  const uploading = staged.files.some((one) => !one.uploaded && !one.error);
  const ready = staged.files.filter((one) => one.uploaded);
  const empty = text.trim() === '' && staged.files.length === 0;

  const run = async (line: string) => {
    setText('');
    try {
      await api.command(me.id, channel.id, line);
      if (asksVault(line)) tick('find');
    } catch (error) {
      const name = line.split(/\s/)[0] ?? '';
      const code = error instanceof ApiError ? error.code : 'unknown';
      const own = workspace.own_commands?.some(
        ({ command, aliases }) => command === name || aliases?.includes(name),
      );
      const words = own ? refusalOf(name, code) : `⚠️ \`${name}\` failed with the error \`${code}\`.`;
      whisper(channel.id, words, threadTs);
    }
  };
  const post = async () => {
    const request = { user: me.id, channel: channel.id, ...(threadTs ? { thread_ts: threadTs } : {}) };
    const typed = toSlack(text.trim(), workspace);
    const messages = inMessages(ready);
    setText('');
    staged.clear();
    for (const [at, files] of messages.entries()) {
      const file_ids = files.map((one) => one.uploaded?.id ?? '');
      try {
        await api.post({
          ...request,
          text: at === 0 ? typed : '',
          ...(file_ids.length > 0 ? { file_ids } : {}),
        });
      } catch (error) {
        // What did not get away stays here, to be sent again.
        if (at === 0) setText(text);
        staged.putBack(messages.slice(at).flat());
        return complain(error);
      }
    }
    if (ready.length > 0) tick('drop');
  };
  const send = () => {
    if (empty) return;
    // Whoever sends something wants to see what comes of it, wherever they had scrolled to.
    area.current?.dispatchEvent(new Event('sent', { bubbles: true }));
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

  // A first step has written a line for this person.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new draft is what counts
  useEffect(() => {
    if (draft === null || threadTs) return;
    setText(draft);
    setCursor(draft.length);
    takeDraft();
    area.current?.focus();
  }, [draft]);

  // A hint was taken: the cursor goes after its word once the new text is in the field.
  const jump = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (jump.current === null) return;
    area.current?.setSelectionRange(jump.current, jump.current);
    jump.current = null;
  });

  const take = (hint: Hint) => {
    if (hint.shortcut) {
      setText('');
      api.shortcut({ user: me.id, callback_id: hint.shortcut }).catch(complain);
    } else {
      const next = withHint(text, hint);
      setText(next.text);
      setCursor(next.cursor);
      jump.current = next.cursor;
    }
    open.fresh();
    area.current?.focus();
  };
  const open = useHints(channel, text, cursor, take);
  const { hints, chosen } = open;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (open.key(event)) {
      event.preventDefault();
      event.stopPropagation();
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
      {chosen && <HintList id={listId} hints={hints} chosen={chosen} onTake={take} />}
      <div className="composer-box">
        <textarea
          ref={area}
          rows={1}
          aria-label={placeholder}
          aria-autocomplete="list"
          aria-controls={chosen ? listId : undefined}
          aria-activedescendant={chosen ? `${listId}-${chosen.key}` : undefined}
          placeholder={placeholder}
          value={text}
          readOnly={sendWhenReady}
          onChange={(event) => {
            setText(event.target.value);
            setCursor(event.target.selectionStart);
            open.fresh();
          }}
          onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
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
        <ComposerBar
          channel={channel}
          staged={staged}
          waiting={sendWhenReady}
          onNotYet={() => setSendWhenReady(false)}
          empty={empty}
        />
      </div>
    </form>
  );
}
