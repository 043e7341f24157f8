import { type ReactNode, useState } from 'react';
import type { PageMessage } from '../../slack/page-api.ts';
import { api } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { toSlack, toTyped } from '../text/typed.ts';

export function EditBox({ message, onDone }: { message: PageMessage; onDone(): void }): ReactNode {
  const { me, workspace, complain } = useDesk();
  const [text, setText] = useState(() => toTyped(message.text, workspace));
  const save = async () => {
    try {
      await api.edit(me.id, message.channel, message.ts, toSlack(text, workspace));
      onDone();
    } catch (error) {
      complain(error);
    }
  };
  return (
    <form
      className="edit-box"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        aria-label="Edit message"
        // biome-ignore lint/a11y/noAutofocus: the person has just chosen "Edit message"
        autoFocus
        rows={Math.min(8, text.split('\n').length)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void save();
        }}
      />
      <div className="dialog-buttons">
        <button type="button" className="button small" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" className="button small primary">
          Save
        </button>
      </div>
    </form>
  );
}
