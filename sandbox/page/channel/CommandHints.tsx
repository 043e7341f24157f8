import type { ReactNode } from 'react';
import type { Workspace } from '../../slack/page-api.ts';

/** One line of the list that opens when a message begins with `/`: a command, or a global shortcut. */
export interface Hint {
  command: string;
  description: string;
  usage: string;
  shortcut?: string;
}

export function hintsFor(workspace: Workspace, text: string): Hint[] {
  if (!text.startsWith('/') || /\s/.test(text)) return [];
  const commands = workspace.commands.map((one) => ({
    command: one.command,
    description: one.description,
    usage: one.usage_hint ?? '',
  }));
  const shortcuts = workspace.shortcuts
    .filter((one) => one.type === 'global')
    .map((one) => ({ command: one.name, description: 'Shortcut', usage: '', shortcut: one.callback_id }));
  const typed = text.slice(1).toLowerCase();
  const matches = (hint: Hint) => hint.command.toLowerCase().replace('/', '').startsWith(typed);
  return [...commands, ...shortcuts].filter(matches);
}

export function CommandHints(props: {
  hints: Hint[];
  chosen: Hint | undefined;
  onTake(hint: Hint): void;
}): ReactNode {
  return (
    <div className="hints" role="listbox" aria-label="Commands">
      {props.hints.map((hint) => (
        <button
          key={hint.command}
          type="button"
          role="option"
          aria-selected={hint === props.chosen}
          tabIndex={-1}
          onClick={() => props.onTake(hint)}
        >
          <strong>{hint.command}</strong> <span className="hint-usage">{hint.usage}</span>
          <span className="hint-text">{hint.description}</span>
        </button>
      ))}
    </div>
  );
}
