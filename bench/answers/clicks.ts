import { BIG_CHANNEL } from '../sample.ts';

/** What Slack sends of a control. */
export type Fields = Record<string, unknown>;

/** A click on a control, as Slack would send it. */
export function clickBody(pressed: Fields, userId: string): Fields {
  return {
    ...{ type: 'block_actions', user: { id: userId }, channel: { id: BIG_CHANNEL }, trigger_id: 't' },
    ...{ container: { is_ephemeral: true }, actions: [pressed] },
  };
}

/** A button or menu of a screen, with the id of its block, as Slack would send it. Throws when there is none. */
export function elementOf(screen: unknown, actionId: string): Fields {
  const found = search(screen, actionId);
  if (found === undefined) throw new Error(`the screen has no ${actionId}`);
  return found;
}

export function hasElement(screen: unknown, actionId: string): boolean {
  return search(screen, actionId) !== undefined;
}

function search(screen: unknown, actionId: string): Fields | undefined {
  let found: Fields | undefined;
  const look = (node: unknown, blockId: unknown): void => {
    if (found !== undefined || node === null || typeof node !== 'object') return;
    const fields = node as Fields;
    const block = fields.block_id ?? blockId;
    if (fields.action_id === actionId) found = { action_id: actionId, block_id: block, value: fields.value };
    else for (const child of Object.values(fields)) look(child, block);
  };
  look(screen, undefined);
  return found;
}

/** The files that the button *Delete several…* of a list carries. */
export function severalIn(chooser: unknown): string {
  let carried = '';
  JSON.stringify(chooser, (_, node) => {
    if (node?.action_id === 'delete_several') carried = node.value;
    return node;
  });
  return carried;
}
