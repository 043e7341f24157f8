import { type ReactNode, useId } from 'react';
import type { Block } from '../../slack/page-api.ts';
import { ActNote } from './ActNote.tsx';
import type { ElementProps } from './Element.tsx';
import { useSurface } from './Surface.tsx';
import { Text } from './Text.tsx';
import { useAct } from './useAct.ts';

/** Checkboxes and radio buttons. */
export function ChoiceElement({ blockId, element, input }: ElementProps): ReactNode {
  const { values, set } = useSurface();
  const { error, act } = useAct(blockId, element);
  const group = useId();
  const many = element.type === 'checkboxes';
  const held = values[blockId]?.[element.action_id];
  const chosen = (many ? (held?.selected_options ?? []) : [held?.selected_option].filter(Boolean)) as Block[];
  const isChosen = (option: Block) => chosen.some((one) => one.value === option.value);

  const choose = async (option: Block) => {
    const options = isChosen(option)
      ? chosen.filter((one) => one.value !== option.value)
      : element.options.filter((one: Block) => one.value === option.value || isChosen(one));
    const payload = many ? { selected_options: options } : { selected_option: option };
    if (!input?.quiet && !(await act(payload))) return;
    set(blockId, element.action_id, { type: element.type, ...payload });
  };
  return (
    <fieldset className="choices" aria-label={input?.label} aria-invalid={input?.wrong}>
      {element.options.map((option: Block) => (
        <label key={option.value} className="choice">
          <input
            type={many ? 'checkbox' : 'radio'}
            name={group}
            checked={isChosen(option)}
            onChange={() => void choose(option)}
          />
          <span>
            <Text text={option.text} />
            {option.description && (
              <span className="hint">
                <Text text={option.description} />
              </span>
            )}
          </span>
        </label>
      ))}
      <ActNote error={error} />
    </fieldset>
  );
}
