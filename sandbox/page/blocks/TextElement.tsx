import type { KeyboardEvent, ReactNode } from 'react';
import { ActNote } from './ActNote.tsx';
import type { ElementProps } from './Element.tsx';
import { useSurface } from './Surface.tsx';
import { plain } from './Text.tsx';
import { useAct } from './useAct.ts';

const TYPES: Record<string, string> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
  plain_text_input: 'text',
};

/** Text, e-mail, URL and number inputs. */
export function TextElement({ blockId, element, input }: ElementProps): ReactNode {
  const { values, set } = useSurface();
  const { error, act } = useAct(blockId, element);
  const held = values[blockId]?.[element.action_id];
  const triggers: string[] = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const change = (text: string) => {
    const value = text === '' ? null : text;
    set(blockId, element.action_id, { type: element.type, value });
    if (input && !input.quiet && triggers.includes('on_character_entered')) void act({ value });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !input || input.quiet || !triggers.includes('on_enter_pressed')) return;
    event.preventDefault();
    void act({ value: held?.value ?? null });
  };
  const shared = {
    id: input?.id,
    className: 'field',
    placeholder: plain(element.placeholder),
    value: String(held?.value ?? ''),
    'aria-invalid': input?.wrong,
    autoFocus: Boolean(element.focus_on_load),
    onKeyDown,
  };
  return (
    <span className="acting wide">
      {element.multiline ? (
        <textarea {...shared} rows={4} onChange={(event) => change(event.target.value)} />
      ) : (
        <input
          {...shared}
          type={TYPES[element.type] ?? 'text'}
          inputMode={element.type === 'number_input' ? 'decimal' : undefined}
          onChange={(event) => change(event.target.value)}
        />
      )}
      <ActNote error={error} />
    </span>
  );
}
