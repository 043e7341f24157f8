import type { Overrides } from '../catalog/governance/rule-model.ts';
import { NO_OVERRIDES } from '../catalog/governance/rules.ts';
import { CONFIRM_MODES } from '../catalog/model.ts';
import { TEXT_MODES } from '../text-modes.ts';

export { CONFIRM_MODES };

/** The highest values that a channel's rules may have. */
export const MOST = { types: 100, fileBytes: 1_000_000 * 1024 * 1024, days: 36_500 } as const;

/** The types that a text names, each once; undefined if the text is not a list of types. */
export function typesIn(text: string): string[] | undefined {
  const types = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((type) => type.replace(/^\./, ''))
    .filter((type) => type !== '');
  return types.every((type) => /^[a-z0-9_+-]{1,20}$/.test(type)) ? [...new Set(types)].sort() : undefined;
}

/** Whether a value from outside is valid as rules. Anyone who may change the rules may set any valid value. */
export function isOverrides(it: unknown): it is Overrides {
  if (typeof it !== 'object' || it === null) return false;
  const own = it as Record<keyof Required<Overrides>, unknown>;
  const types = own.excludeTypes;
  const whole = (value: unknown, least: number, most: number) =>
    value === null || (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most);
  return (
    Object.keys(NO_OVERRIDES).every((name) => name in own) &&
    [null, false].includes(own.capture as null) &&
    (own.confirm === null || CONFIRM_MODES.some((mode) => mode === String(own.confirm))) &&
    (types === null || (Array.isArray(types) && typesIn(types.join(',')) !== undefined)) &&
    whole(own.maxFileBytes, 1, MOST.fileBytes) &&
    whole(own.retentionDays, 0, MOST.days) &&
    [null, 'keep', 'trash'].includes(own.onSlackDelete as null) &&
    [undefined, false].includes(own.tellExcluded as undefined) &&
    [undefined, true].includes(own.bookmark as undefined) &&
    [undefined, true].includes(own.mayKeep as undefined) &&
    [undefined, 'keep', 'record'].includes(own.external as undefined) &&
    [undefined, ...TEXT_MODES].includes(own.text as undefined)
  );
}
