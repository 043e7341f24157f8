import { bucket } from './bucket.ts';
import { kills } from './kills.ts';
import type { Scenario } from './scenario.ts';

/** Every fault that the vault is held to, in the order in which they are told. */
export const SCENARIOS: Scenario[] = [...kills, ...bucket];
