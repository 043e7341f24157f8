/** Small pieces of Block Kit for tests. */

export const plain = (text: string) => ({ type: 'plain_text' as const, text });

export const button = (action_id: string, extra = {}) => ({
  type: 'button',
  action_id,
  text: plain('Go'),
  ...extra,
});
