/** How often a property is tried: as often as this in CI. The quick tests, for while you work, try a fifth of it. */
export const runs = (many: number): number => (process.env.QUICK === '1' ? Math.ceil(many / 5) : many);
